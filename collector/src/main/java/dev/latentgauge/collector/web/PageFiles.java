package dev.latentgauge.collector.web;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The files of the live page, which lie in a folder of the class path: in a jar, or on the disk.
 *
 * <p>They are listed and read once. So nothing that a request names is ever looked for.
 */
final class PageFiles {

  /** The one that must be there. */
  static final String INDEX = "index.html";

  private PageFiles() {}

  /** The files by their names below the folder, such as {@code lib/uplot/uPlot.esm.js}. */
  static SortedMap<String, Buffer> read() {
    URL index = PageFiles.class.getResource("ui/" + INDEX);
    if (index == null) {
      throw new IllegalStateException("ui/" + INDEX + " must lie beside " + PageFiles.class);
    }
    return beside(index);
  }

  /** The files in the folder of one of them, and below. */
  static SortedMap<String, Buffer> beside(URL index) {
    try {
      URLConnection connection = index.openConnection();
      connection.setUseCaches(false);
      return connection instanceof JarURLConnection jar
          ? inJar(jar)
          : onDisk(Path.of(URI.create(index.toString())).resolveSibling(""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SortedMap<String, Buffer> inJar(JarURLConnection connection) throws IOException {
    String index = connection.getEntryName();
    String folder = index.substring(0, index.lastIndexOf('/') + 1);
    SortedMap<String, Buffer> files = new TreeMap<>();
    try (JarFile jar = connection.getJarFile()) {
      for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
        JarEntry entry = entries.nextElement();
        if (entry.getName().startsWith(folder) && !entry.isDirectory()) {
          files.put(entry.getName().substring(folder.length()), content(jar, entry));
        }
      }
    }
    return files;
  }

  private static Buffer content(JarFile jar, JarEntry entry) throws IOException {
    try (InputStream content = jar.getInputStream(entry)) {
      return Buffer.buffer(content.readAllBytes());
    }
  }

  private static SortedMap<String, Buffer> onDisk(Path folder) throws IOException {
    SortedMap<String, Buffer> files = new TreeMap<>();
    try (Stream<Path> found = Files.walk(folder)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        files.put(name, Buffer.buffer(Files.readAllBytes(file)));
      }
    }
    return files;
  }
}
