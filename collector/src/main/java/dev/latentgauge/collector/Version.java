package dev.latentgauge.collector;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of Latentgauge that runs. */
public final class Version {

  private static final String RESOURCE = "version.properties";

  private Version() {}

  /**
   * The version, as the build wrote it down.
   *
   * @return a version such as {@code 0.1.0}
   */
  public static String current() {
    try (InputStream resource = Version.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException(RESOURCE + " must lie beside " + Version.class.getName());
      }
      Properties properties = new Properties();
      properties.load(resource);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
