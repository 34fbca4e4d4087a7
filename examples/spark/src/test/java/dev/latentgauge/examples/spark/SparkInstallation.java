package dev.latentgauge.examples.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Spark takes for an installation of itself when it starts executors: a folder without jars,
 * as these come from the class path.
 */
final class SparkInstallation {

  private SparkInstallation() {}

  /** Makes the folder that {@code SPARK_HOME} names. */
  static void make() throws IOException {
    Path home = Path.of(System.getenv("SPARK_HOME"));
    Files.createDirectories(home.resolve("jars"));
    if (!Files.exists(home.resolve("RELEASE"))) {
      Files.createFile(home.resolve("RELEASE"));
    }
  }
}
