package dev.latentgauge.agent.report;

import com.google.gson.JsonObject;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Appends reports to a file, one JSON object a line, for people without a collector.
 *
 * <p>Every line has the name of its {@code run} and an {@code event}: {@code begin} with what is
 * known of the run, {@code observation} with the fields of the wire, or {@code end} with state and
 * reason. Several runs may write to one file, from one process or many: lines are appended whole.
 */
public final class JsonLinesReporter implements Reporter {

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
    Files.write(
        file,
        lines.getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
