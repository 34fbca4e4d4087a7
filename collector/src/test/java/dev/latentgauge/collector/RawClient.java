package dev.latentgauge.collector;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends bytes to a collector, which need not be HTTP. */
public final class RawClient {

  /** After so long a test fails that would hang otherwise. */
  private static final int PATIENCE_MS = 30_000;

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) [^\r\n]*\r\n");

  private final int port;

  /** A client of the collector at an address on this machine. */
  public RawClient(URI address) {
    this.port = address.getPort();
  }

  /** Sends a text, one byte a character, and answers all that comes back. */
  public String exchange(String request) throws IOException {
    return exchange(request.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends bytes, and answers all that comes back until the connection is closed. */
  public String exchange(byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MS);
      try {
        socket.getOutputStream().write(request);
      } catch (SocketException e) {
        // It may be closed before all is sent; what was answered is read all the same.
      }
      return rest(socket.getInputStream());
    }
  }

  private static String rest(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] piece = new byte[8192];
    try {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        bytes.write(piece, 0, read);
      }
    } catch (SocketException e) {
      // A connection that is cut off has been answered as far as it was.
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** The statuses of all answers in a text, but those that only say to go on. */
  public static List<Integer> statuses(String answers) {
    List<Integer> statuses = new ArrayList<>();
    Matcher each = STATUS.matcher(answers);
    while (each.find()) {
      int status = Integer.parseInt(each.group(1));
      if (status != 100) {
        statuses.add(status);
      }
    }
    return statuses;
  }
}
