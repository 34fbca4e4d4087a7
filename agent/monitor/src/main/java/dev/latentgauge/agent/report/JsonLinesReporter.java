package dev.latentgauge.agent.report;

import com.google.gson.JsonObject;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends reports to a file, one JSON object a line, for people without a collector.
 *
 * <p>Every line has the name of its {@code run} and an {@code event}: {@code begin} with what is
 * known of the run, {@code observation} with the fields of the wire, or {@code end} with state and
 * reason. Several runs may write to one file, from one process or many (the latter where the file
 * system has locks): the lines of a report are appended whole or, if the disk is full, not at all.
 */
public final class JsonLinesReporter implements Reporter {

  private static final Logger LOG = LoggerFactory.getLogger(JsonLinesReporter.class);

  /** By file; a process writes to so few that they may stay. */
  private static final Map<Path, Object> LOCKS = new ConcurrentHashMap<>();

  private final Path file;

  private JsonLinesReporter(Path file) {
    this.file = file;
  }

  /**
   * A reporter to a file.
   *
   * @param file the file, made with its folder if it does not exist
   * @return a new reporter
   */
  public static JsonLinesReporter to(Path file) {
    return new JsonLinesReporter(file);
  }

  @Override
  public void begin(RunInfo run) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    append(line(run, "begin", Wire.tree(run)));
  }

  @Override
  public void observed(RunInfo run, List<Observation> observations) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Observation observation : observations) {
      lines.append(line(run, "observation", Wire.tree(observation)));
    }
    append(lines.toString());
  }

  @Override
  public void end(RunInfo run, RunEnd end) throws IOException {
    append(line(run, "end", Wire.tree(end)));
  }

  private static String line(RunInfo run, String event, JsonObject content) {
    JsonObject line = new JsonObject();
    line.addProperty("run", run.name());
    line.addProperty("event", event);
    content.asMap().forEach(line::add);
    return line + "\n";
  }

  private void append(String lines) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      // The lock on the file is held by the process as a whole: it does not keep threads apart.
      synchronized (LOCKS.computeIfAbsent(file.toRealPath(), path -> new Object())) {
        append(bytes, channel);
      }
    }
  }

  private static void append(ByteBuffer bytes, FileChannel channel) throws IOException {
    try (FileLock lock = lock(channel)) {
      long length = channel.size();
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      } catch (IOException e) {
        // Without the lock, what is behind the old end may be another's.
        if (lock != null) {
          shorten(channel, length, e);
        }
        throw e;
      }
    }
  }

  /** Keeps other processes out; null where that cannot be done. */
  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.lock();
    } catch (ClosedChannelException | FileLockInterruptionException e) {
      throw e;
    } catch (IOException | OverlappingFileLockException e) {
      LOG.debug("a file of reports cannot be locked", e);
      return null;
    }
  }

  /** Takes back a part of a report, so that it can be written again. */
  private static void shorten(FileChannel channel, long length, IOException cause) {
    try {
      channel.truncate(length);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
