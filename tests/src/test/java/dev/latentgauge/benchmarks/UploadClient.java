package dev.latentgauge.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/**
 * Sends files by HTTP/1.1 on one connection, each when the last was answered, from where they lie
 * in memory: it takes no more of the processor than the socket does.
 */
final class UploadClient implements AutoCloseable {

  private static final String LENGTH = "content-length:";

  private final String host;
  private final SocketChannel channel;
  private final InputStream answers;

  UploadClient(URI server) throws IOException {
    host = server.getAuthority();
    channel = SocketChannel.open(new InetSocketAddress(server.getHost(), server.getPort()));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    answers = new BufferedInputStream(Channels.newInputStream(channel));
  }

  /**
   * Sends a file.
   *
   * @return the body of the answer
   * @throws IOException if it is refused
   */
  String send(String method, String path, ByteBuffer file) throws IOException {
    String head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nContent-Type: application/octet-stream\r\nContent-Length: "
            + file.remaining()
            + "\r\n\r\n";
    ByteBuffer body = file.duplicate();
    ByteBuffer[] request = {ByteBuffer.wrap(head.getBytes(US_ASCII)), body};
    while (body.hasRemaining()) {
      channel.write(request);
    }
    return answer();
  }

  private String answer() throws IOException {
    String status = line();
    int length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
        length = Integer.parseInt(header.substring(LENGTH.length()).strip());
      }
    }
    String body = new String(answers.readNBytes(length), UTF_8);
    if (!status.startsWith("HTTP/1.1 2")) {
      throw new IOException(host + " answers " + status + " " + body);
    }
    return body;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = answers.read(); next != '\n'; next = answers.read()) {
      if (next < 0) {
        throw new EOFException(host + " closes the connection before it answers");
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
