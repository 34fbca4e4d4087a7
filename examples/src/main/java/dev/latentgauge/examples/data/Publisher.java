package dev.latentgauge.examples.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Downloads files, and keeps only what turns out to be the right one.
 *
 * <p>A file comes into being under a temporary name and is moved to its own once it is whole and
 * checked, so several processes may download into one folder at the same time. Addresses are tried
 * in turn, each of them twice. Progress is shown on standard error.
 *
 * @param addresses folders on the web that have the same files, best first; each ends in a slash
 * @param patience how long to wait for a connection, and then for each further byte
 */
record Publisher(List<URI> addresses, Duration patience) {

  /** Nobody, from whom nothing can be downloaded. */
  static final Publisher NOBODY = new Publisher(List.of(), Duration.ZERO);

  private static final int ROUNDS = 2;

  // Gzip of incompressible content adds a header and five bytes a block of 32 kB or more.
  private static final double LARGEST_OVERHEAD = 1.01;

  Publisher {
    addresses = List.copyOf(addresses);
  }

  /**
   * Downloads one file, replacing what is there.
   *
   * @param file the file to download
   * @param folder where it goes; made if it does not exist
   * @return what is in it
   * @throws DataException if the folder cannot be written, or no address has the right file
   */
  List<Content> download(DataFile file, Path folder) throws DataException {
    Path partial = createPartial(file, folder);
    try {
      return download(file, partial, folder.resolve(file.name()));
    } finally {
      discard(partial);
    }
  }

  private List<Content> download(DataFile file, Path partial, Path target) throws DataException {
    Set<String> failures = new LinkedHashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (URI folder : addresses) {
        URI address = folder.resolve(file.name());
        try {
          transfer(file, address, partial);
          List<Content> content = file.read(partial, address);
          Files.move(
              partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
          return content;
        } catch (SocketTimeoutException e) {
          failures.add(address + " sent nothing for " + patience.toMillis() + " ms");
        } catch (DataException e) {
          failures.add(e.getMessage());
        } catch (IOException e) {
          failures.add(address + " failed: " + e);
        }
      }
    }
    throw new DataException(
        file.name() + " could not be downloaded (" + String.join("; ", failures) + ")");
  }

  private void transfer(DataFile file, URI address, Path target) throws IOException {
    // Not java.net.http.HttpClient: it has no time limit for a body that stalls.
    URLConnection connection = address.toURL().openConnection();
    connection.setConnectTimeout((int) patience.toMillis());
    connection.setReadTimeout((int) patience.toMillis());
    if (connection instanceof HttpURLConnection http
        && http.getResponseCode() != HttpURLConnection.HTTP_OK) {
      throw new IOException("HTTP status " + http.getResponseCode());
    }
    try (InputStream body = connection.getInputStream();
        InputStream in = ProgressBar.wrap(body, progress(file, connection));
        OutputStream out = Files.newOutputStream(target)) {
      copy(in, out, (long) (LARGEST_OVERHEAD * file.largest()) + 1024);
    }
    long announced = connection.getContentLengthLong();
    if (announced >= 0 && announced != Files.size(target)) {
      throw new IOException(
          "the connection ended after %,d of %,d bytes".formatted(Files.size(target), announced));
    }
  }

  private static ProgressBarBuilder progress(DataFile file, URLConnection connection) {
    return new ProgressBarBuilder()
        .setTaskName(file.name())
        .setInitialMax(connection.getContentLengthLong())
        .setUnit("MiB", 1 << 20)
        .setStyle(ProgressBarStyle.ASCII);
  }

  private static void copy(InputStream in, OutputStream out, long limit) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long copied = 0;
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      copied += length;
      if (copied > limit) {
        throw new IOException("the file must have at most " + limit + " bytes, but has more");
      }
      out.write(buffer, 0, length);
    }
  }

  private static Path createPartial(DataFile file, Path folder) throws DataException {
    try {
      Files.createDirectories(folder);
      return Files.createTempFile(folder, file.name(), ".partial");
    } catch (IOException e) {
      throw new DataException(
          "%s could not be downloaded, because %s cannot be written: %s"
              .formatted(file.name(), folder.toAbsolutePath(), e),
          e);
    }
  }

  private static void discard(Path partial) throws DataException {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      throw new DataException(partial + " is left over and cannot be deleted: " + e, e);
    }
  }
}
