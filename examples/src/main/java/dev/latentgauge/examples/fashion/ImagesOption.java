package dev.latentgauge.examples.fashion;

import dev.latentgauge.examples.data.DataException;
import dev.latentgauge.examples.data.FashionMnist;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of a command that says where Fashion-MNIST is, to be mixed in. */
public final class ImagesOption {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder with the four .gz files of Fashion-MNIST; found or downloaded if not given.")
  private @Nullable Path folder;

  /**
   * The images.
   *
   * @return the images in the folder, or found or downloaded if none was given
   * @throws DataException if there are none, saying where they were looked for
   */
  public FashionMnist images() throws DataException {
    return folder == null ? FashionMnist.find() : FashionMnist.load(folder);
  }
}
