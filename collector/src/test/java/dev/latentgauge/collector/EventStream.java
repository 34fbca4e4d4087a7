package dev.latentgauge.collector;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads events as a browser's {@code EventSource} does, over a plain socket. */
final class EventStream implements AutoCloseable {

  private static final int PATIENCE_MS = 20_000;

  private final Socket socket;
  private final BufferedReader in;
  private String lastId = "";
  private Map<String, String> first = Map.of();

  private EventStream(Socket socket, String path, String... headers) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MS);
    StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    for (int i = 0; i < headers.length; i += 2) {
      request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
    }
    socket
        .getOutputStream()
        .write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Connects, and waits for the first lines, after which nothing is missed. */
  static EventStream open(URI collector, String path, String... headers) throws IOException {
    EventStream stream = send(collector, path, headers);
    stream.readHead();
    return stream;
  }

  /** Connects, and reads nothing. */
  static EventStream send(URI collector, String path, String... headers) throws IOException {
    return new EventStream(new Socket(collector.getHost(), collector.getPort()), path, headers);
  }

  /** An event; the id is that of the last one if it has none. */
  record Event(String type, String id, String data) {}

  private void readHead() throws IOException {
    List<String> head = new ArrayList<>();
    for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
      head.add(line.toLowerCase(Locale.ROOT));
    }
    if (!head.get(0).equals("http/1.1 200 ok")
        || !head.contains("content-type: text/event-stream")
        || !head.contains("cache-control: no-store")
        || !head.contains("transfer-encoding: chunked")) {
      throw new IOException(String.join("\n", head));
    }
    while (lastId.isEmpty()) {
      first = fields();
    }
  }

  /** The next event that is no heartbeat; fails if the stream ends before. */
  Event next() throws IOException {
    while (true) {
      Map<String, String> fields = first.isEmpty() ? fields() : first;
      first = Map.of();
      if (fields.containsKey("data") && !isBeat(fields)) {
        return new Event(fields.getOrDefault("event", "message"), lastId, fields.get("data"));
      }
    }
  }

  /** The time that the next heartbeat tells. */
  Instant awaitBeat() throws IOException {
    while (true) {
      Map<String, String> fields = fields();
      if (isBeat(fields)) {
        JsonObject data = JsonParser.parseString(fields.get("data")).getAsJsonObject();
        return Instant.parse(data.get("time").getAsString());
      }
    }
  }

  private static boolean isBeat(Map<String, String> fields) {
    return "beat".equals(fields.get("event"));
  }

  /** The fields up to the next empty line, past the lengths of the chunks. */
  private Map<String, String> fields() throws IOException {
    Map<String, String> fields = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      String[] parts = line.split(": ", 2);
      fields.put(parts[0], parts[1]);
    }
    lastId = fields.getOrDefault("id", lastId);
    return fields;
  }

  private final StringBuilder rest = new StringBuilder();

  /** A line of the body; chunks are whole lines here. */
  private String line() throws IOException {
    while (rest.indexOf("\n") < 0) {
      String size = in.readLine();
      if (size == null || size.equals("0")) {
        throw new IOException("the stream has ended");
      }
      char[] chunk = new char[Integer.parseInt(size, 16)];
      for (int read = 0; read < chunk.length; ) {
        int more = in.read(chunk, read, chunk.length - read);
        if (more < 0) {
          throw new IOException("the stream broke off");
        }
        read += more;
      }
      in.readLine();
      rest.append(chunk);
    }
    String line = rest.substring(0, rest.indexOf("\n"));
    rest.delete(0, line.length() + 1);
    return line;
  }

  /** The id to go on after. */
  String lastId() {
    return lastId;
  }

  /** Reads to the end; fails if it comes as an error. */
  void readToTheEnd() throws IOException {
    while (in.readLine() != null) {
      // It is thrown away.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
