package dev.latentgauge.tests.javaagent;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** A jar of a package of the test's own classes. */
final class PlainJar {

  private static final Path CLASSES = Path.of("target", "test-classes");

  private PlainJar() {}

  /**
   * Writes one.
   *
   * @param file the jar
   * @param of the package
   * @param more further entries, by name
   */
  static void write(Path file, String of, Map<String, byte[]> more) throws IOException {
    String folder = of.replace('.', '/');
    try (OutputStream to = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(to);
        Stream<Path> all = Files.list(CLASSES.resolve(folder))) {
      for (Path each : all.sorted().toList()) {
        put(jar, folder + "/" + each.getFileName(), Files.readAllBytes(each));
      }
      for (Map.Entry<String, byte[]> each : more.entrySet()) {
        put(jar, each.getKey(), each.getValue());
      }
    }
  }

  private static void put(JarOutputStream jar, String name, byte[] bytes) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(bytes);
    jar.closeEntry();
  }
}
