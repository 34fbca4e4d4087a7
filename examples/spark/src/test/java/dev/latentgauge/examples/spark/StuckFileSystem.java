package dev.latentgauge.examples.spark;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The files of this machine, under {@code stuck:}, where a new table cannot be moved. */
public final class StuckFileSystem extends RawLocalFileSystem {

  @Override
  public String getScheme() {
    return "stuck";
  }

  @Override
  public URI getUri() {
    return URI.create("stuck:///");
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    return !from.getName().startsWith(".table-new-") && super.rename(from, to);
  }
}
