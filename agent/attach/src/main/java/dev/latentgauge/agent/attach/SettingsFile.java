package dev.latentgauge.agent.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.latentgauge.agent.Cadence;
import dev.latentgauge.observation.Names;
import dev.latentgauge.observation.RunInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a file of settings. Needs neither DJL nor a logger, so that it can be read before the
 * program is there.
 *
 * <p>Files to read are relative to the folder of the settings, files to write to the working
 * directory of the program.
 */
final class SettingsFile {

  private static final int MOST_BYTES = 1 << 20;
  private static final Pattern STRICT =
      Pattern.compile("^strict:\\s*true\\s*(#.*)?$", Pattern.MULTILINE);

  /** Safetensors are eight bytes, and then JSON. */
  private static final int HEADER_STARTS = 8;

  private static final String FILE = "must be the name of a file";
  private static final String UNNAMED = "unnamed";
  private static final double DEFAULT_BUDGET = 0.01;

  private final Path file;
  private final Mapping lines;
  private final Mistakes mistakes;

  private SettingsFile(Path file, Mapping lines, Mistakes mistakes) {
    this.file = file;
    this.lines = lines;
    this.mistakes = mistakes;
  }

  /**
   * Reads what a file says.
   *
   * @param file its name, to which files to read are relative
   * @param text YAML
   * @param environment variables that it may name
   * @param mistakes is told all that is wrong
   * @return the settings; if there are mistakes, good for {@link Settings#isStrict} alone
   */
  static Settings read(Path file, String text, Map<String, String> environment, Mistakes mistakes) {
    Optional<Mapping> lines = Mapping.read(text, environment, mistakes);
    return lines
        .map(mapping -> new SettingsFile(file, mapping, mistakes))
        .orElseGet(() -> new SettingsFile(file, readAnyhow(file, text), new Mistakes(file)))
        .settings();
  }

  /** Of what is no YAML the one line by which the program ends. */
  private static Mapping readAnyhow(Path file, String text) {
    String line = STRICT.matcher(text).find() ? "strict: true" : "";
    return Mapping.read(line, Map.of(), new Mistakes(file)).orElseThrow();
  }

  /**
   * The text of a file, which may be a pipe.
   *
   * @param file UTF-8
   * @param mistakes is told if it cannot be read
   * @return the text; empty if it cannot be read
   */
  static String text(Path file, Mistakes mistakes) {
    try (InputStream bytes = Files.newInputStream(file)) {
      byte[] read = bytes.readNBytes(MOST_BYTES + 1);
      if (read.length <= MOST_BYTES) {
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(read)).toString();
      }
      mistakes.add("the file must have at most " + MOST_BYTES + " bytes, but has more");
    } catch (NoSuchFileException e) {
      mistakes.add("there must be a file " + file.toAbsolutePath() + ", but there is none");
    } catch (CharacterCodingException e) {
      mistakes.add("the file must be UTF-8, but is not");
    } catch (IOException e) {
      mistakes.add("the file must be readable, but is not: " + e);
    }
    return "";
  }

  private Settings settings() {
    boolean isDryRun = lines.truth("dry-run").orElse(false);
    List<Path> references =
        lines.values("reference", "must be a file or a list of files", this::reference);
    Optional<ReferencePlan> creation =
        lines.mapping("create-reference").flatMap(ReferencePlan::read);
    boolean hasReference = lines.has("reference");
    boolean createsReference = lines.has("create-reference");
    if (!hasReference && !createsReference && !isDryRun) {
      mistakes.add(
          "reference must name the file of a reference, or create-reference one that is to be made,"
              + " but neither is there");
    } else if (hasReference && createsReference) {
      mistakes.add("reference and create-reference must not both be there, but are");
    }
    Settings settings =
        new Settings(
            references,
            lines.values("layers", "must be paths of layers", SettingsFile::path),
            lines.value("model", "must be a pattern of names", SettingsFile::notEmpty),
            run(),
            lines.has("run"),
            lines
                .value("cadence", "must be like 1 %, 100 batches, 1 epoch or 30 s", Cadence::parse)
                .orElse(Cadence.budget(DEFAULT_BUDGET)),
            lines
                .mapping("early-stopping")
                .flatMap(mapping -> StoppingSettings.read(mapping, mistakes)),
            lines.truth("obey-directives").orElse(false),
            lines.truth("sketches").orElse(false),
            reports(),
            lines.truth("strict").orElse(false),
            creation,
            isDryRun);
    lines.requireNoOthers();
    return settings;
  }

  private RunInfo run() {
    RunInfo run =
        lines
            .value("run", "must be the name of the run", RunInfo::named)
            .orElse(RunInfo.named(UNNAMED));
    int attempt =
        lines
            .value(
                "attempt",
                "must be a whole number",
                text -> run.withAttempt(Integer.parseInt(text)).attempt())
            .orElse(run.attempt());
    RunInfo counted = run.withAttempt(attempt);
    RunInfo described =
        lines.value("dataset", "must be a text", counted::withDataset).orElse(counted);
    return lines.mapping("tags").map(tags -> tagged(described, tags)).orElse(described);
  }

  private static RunInfo tagged(RunInfo run, Mapping tags) {
    RunInfo tagged = run;
    for (String key : tags.keys()) {
      RunInfo before = tagged;
      tagged = tags.value(key, "must be a text", text -> before.tag(key, text)).orElse(before);
    }
    return tagged;
  }

  private ReportSettings reports() {
    ReportSettings reports =
        new ReportSettings(
            lines.value("collector", "must be like http://127.0.0.1:9475", URI::create),
            lines.value("spool", "must be the name of a folder", OutputFile::requireFolder),
            lines.value("token-file", FILE, this::readable),
            lines.value("trust", FILE, this::readable),
            lines.truth("allow-token-over-http").orElse(false),
            lines.value("json-lines", FILE, OutputFile::requireWritable),
            lines.truth("log").orElse(false));
    for (String setting : List.of("spool", "token-file", "trust", "allow-token-over-http")) {
      lines.requireWith(setting, "collector");
    }
    reports.mistakes().forEach(mistakes::add);
    return reports;
  }

  private static String path(String text) {
    return text.contains("*") ? text : Names.require("a path", text);
  }

  private static String notEmpty(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("it must not be empty");
    }
    return text;
  }

  private Path input(String text) {
    return file.toAbsolutePath().resolveSibling(text);
  }

  /** What is no reference at all is said before the program has run for an hour. */
  private Path reference(String text) {
    Path input = readable(text);
    try (InputStream bytes = Files.newInputStream(input)) {
      byte[] start = bytes.readNBytes(HEADER_STARTS + 1);
      if (start.length <= HEADER_STARTS || start[HEADER_STARTS] != '{') {
        throw new IllegalArgumentException(
            "it must be a safetensors file, but " + input + " is none");
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("it must be a file that can be read, but: " + e, e);
    }
    return input;
  }

  private Path readable(String text) {
    Path input = input(text);
    if (!Files.isRegularFile(input) || !Files.isReadable(input)) {
      throw new IllegalArgumentException(
          "it must be a file that can be read, but "
              + input
              + (Files.exists(input) ? " is none" : " does not exist"));
    }
    return input;
  }
}
