package dev.latentgauge.agent.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.observation.RunInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files of settings, right and wrong. */
class SettingsFileTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("HOST", "metrics.example", "EMPTY", "");

  @TempDir private Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void prepare() throws IOException {
    file = folder.resolve("monitor.yaml");
    makeReference("a.safetensors");
    makeReference("b.safetensors");
    Files.writeString(folder.resolve("monitor.txt"), "no reference");
  }

  private void makeReference(String name) throws IOException {
    Files.write(folder.resolve(name), new byte[] {2, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
  }

  private Settings read(String text) throws IOException {
    Mistakes mistakes = new Mistakes(file);
    Settings settings = read(text, mistakes);
    assertThat(mistakes.sentences()).isEmpty();
    return settings;
  }

  private Settings read(String text, Mistakes mistakes) {
    return SettingsFile.read(file, text, ENVIRONMENT, mistakes);
  }

  private List<String> mistakes(String text) throws IOException {
    Mistakes mistakes = new Mistakes(Path.of("m.yaml"));
    read(text, mistakes);
    return mistakes.sentences();
  }

  @Test
  void aReferenceIsEnough() throws IOException {
    Settings settings = read("reference: a.safetensors");
    assertThat(settings.references()).containsExactly(folder.resolve("a.safetensors"));
    assertThat(settings.layers()).isEmpty();
    assertThat(settings.model()).isEmpty();
    assertThat(settings.isRunNamed()).isFalse();
    assertThat(settings.cadence()).hasToString("at most 1 % of the time");
    assertThat(settings.stopping()).isEmpty();
    assertThat(settings.obeysDirectives()).isFalse();
    assertThat(settings.sketches()).isFalse();
    assertThat(settings.reports()).hasToString("standard error");
    assertThat(settings.isStrict()).isFalse();
    assertThat(settings.isDryRun()).isFalse();
    assertThat(settings.creation()).isEmpty();
  }

  @Test
  void everythingCanBeSaid() throws IOException {
    Settings settings =
        read(
            """
            reference: [a.safetensors, b.safetensors]
            layers:
              - encoder
              - blocks.*.attention
            model: student-*
            run: lr-0.01
            attempt: 2
            dataset: questions
            tags:
              lr: 0.01
              night: no
            cadence: 2 epochs
            early-stopping:
              watch: validate_loss
              mode: min
              patience: 3
              min-delta: 0.5
              start-from: 100
              start-from-epoch: 1.5
              baseline: 2
              stopping-threshold: 0.1
              divergence-threshold: 9
              check-finite: false
              restore-best: true
              significant: false
            obey-directives: true
            sketches: true
            collector: http://127.0.0.1:9475
            spool: there
            json-lines: run.jsonl
            log: true
            strict: true
            """);
    assertThat(settings.references())
        .containsExactly(folder.resolve("a.safetensors"), folder.resolve("b.safetensors"));
    assertThat(settings.layers()).containsExactly("encoder", "blocks.*.attention");
    assertThat(settings.model()).contains("student-*");
    assertThat(settings.run())
        .isEqualTo(
            RunInfo.named("lr-0.01")
                .withAttempt(2)
                .withDataset("questions")
                .tag("lr", "0.01")
                .tag("night", "no"));
    assertThat(settings.cadence()).hasToString("every 2 epochs");
    assertThat(settings.stopping()).isPresent();
    assertThat(settings.obeysDirectives()).isTrue();
    assertThat(settings.sketches()).isTrue();
    assertThat(settings.reports())
        .hasToString("http://127.0.0.1:9475 and run.jsonl and standard error");
    assertThat(settings.reports().spool()).contains(Path.of("there"));
    assertThat(settings.isStrict()).isTrue();
  }

  @Test
  void aReferenceCanBeAskedFor() throws IOException {
    assertThat(read("create-reference: {file: new.safetensors, layer: encoder}").creation())
        .contains(new ReferencePlan(Path.of("new.safetensors"), "new", "encoder", 128, 512));
    assertThat(
            read("create-reference:\n  {file: best one.st, name: best, layer: encoder, anchors: 16,"
                    + " probes: 32}")
                .creation())
        .contains(new ReferencePlan(Path.of("best one.st"), "best", "encoder", 16, 32));
    assertThat(read("create-reference: {file: best one.st, layer: encoder}").creation())
        .map(ReferencePlan::name)
        .contains("reference");
  }

  @Test
  void variablesOfTheEnvironmentAreReplaced() throws IOException {
    Settings settings =
        read(
            "{reference: a.safetensors, collector: 'https://${HOST}:${PORT:-9475}', run: '${EMPTY:-r}1'}");
    assertThat(settings.reports()).hasToString("https://metrics.example:9475");
    assertThat(settings.run().name()).isEqualTo("r1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | reference must name the file of a reference, or create-reference one that is to be"
            + " made, but neither is there (m.yaml)",
        "reference: | reference must be a file or a list of files, but is empty (line 1 of m.yaml)",
        "reference: [a.safetensors, [b]] | reference must be a file or a list of files, but is a list"
            + " (line 1 of m.yaml)",
        "{reference: a.safetensors, create-reference: {file: n, layer: l}} | reference and"
            + " create-reference must not both be there, but are (m.yaml)",
        "create-reference: {file: n} | create-reference.layer must be there, but is not (line 1 of"
            + " m.yaml)",
        "create-reference: | create-reference must be a mapping, but is empty (line 1 of m.yaml)",
        "reference: [] | reference must be a file or a list of files, but is an empty list (line 1 of"
            + " m.yaml)",
        "{reference: a.safetensors, layers: [a, b c]} | layers: a path must match"
            + " [A-Za-z0-9._*@-]{1,128}, but is \"b c\" (line 1 of m.yaml)",
        "reference: monitor.txt | reference: it must be a safetensors file, but FOLDER/monitor.txt is"
            + " none (line 1 of m.yaml)",
        "{reference: a.safetensors, model: ''} | model: it must not be empty (line 1 of m.yaml)",
        "{reference: a.safetensors, spool: there} | spool is for a collector, but there is no collector"
            + " (line 1 of m.yaml)",
        "create-reference: x | create-reference must be a mapping, but is a value (line 1 of m.yaml)",
        "create-reference: {file: n, layer: l, probes: 2} | create-reference.probes must be a whole"
            + " number from 3 to 1048576, but is \"2\" (line 1 of m.yaml)",
        "create-reference: {file: pom.xml/n.st, layer: l} | create-reference.file: it must be in a folder"
            + " that can be written, but CWD/pom.xml is none (line 1 of m.yaml)",
        "{reference: a.safetensors, json-lines: src} | json-lines: it must be a file that can be"
            + " written, but src is none (line 1 of m.yaml)",
        "{reference: a.safetensors, cadence: often} | cadence: a cadence must be like"
            + " \"1 %\", \"100 batches\", \"2 epochs\", \"30 s\" or \"10 per decade\", but is"
            + " \"often\" (line 1 of m.yaml)",
        "{reference: a.safetensors, cadence: [1 %]} | cadence must be like 1 %, 100 batches, 1 epoch"
            + " or 30 s, but is a list (line 1 of m.yaml)",
        "{reference: a.safetensors, run: a b} | run: the name of a run must match"
            + " [A-Za-z0-9._*@-]{1,128}, but is \"a b\" (line 1 of m.yaml)",
        "{reference: a.safetensors, attempt: 0} | attempt: attempt must be at least"
            + " 1, but is 0 (line 1 of m.yaml)",
        "{reference: a.safetensors, strict: yes} | strict must be true or false, but is \"yes\" (line"
            + " 1 of m.yaml)",
        "{reference: a.safetensors, tags: {lr: [1]}} | tags.lr must be a text, but is a list (line 1"
            + " of m.yaml)",
        "{reference: a.safetensors, early-stopping: {mode: up}} | early-stopping.mode must be max or"
            + " min, but is \"up\" (line 1 of m.yaml)",
        "{reference: a.safetensors, early-stopping: {patience: many}} | early-stopping.patience must"
            + " be a whole number, but is \"many\" (line 1 of m.yaml)",
        "{reference: a.safetensors, early-stopping: {paitence: 3}} | early-stopping.paitence is no"
            + " setting; did you mean patience? (line 1 of m.yaml)",
        "{reference: a.safetensors, run: '${NO_SUCH}'} | run names the variable NO_SUCH, which"
            + " must be set in the environment, but is not (line 1 of m.yaml)",
        "{reference: a.safetensors, [1]: 2} | the name of a setting must be a word, but is not (line"
            + " 1 of m.yaml)",
        "just words | the file must hold lines like reference: cnn-v1.safetensors, but does not (line"
            + " 1 of m.yaml)",
        "'a: 1\n---\nb: 2' | the file must be YAML, but found another document (line 2 of m.yaml)",
        "'{' | the file must be YAML, but expected the node content, but found '<stream end>' (line 1"
            + " of m.yaml)",
      })
  void aMistakeNamesWhatItIsAndWhatIsAllowed(String text, String mistake) throws IOException {
    assertThat(mistakes(text))
        .containsExactly(
            mistake
                .replace("CWD", Path.of("").toAbsolutePath().toString())
                .replace("FOLDER", folder.toString()));
  }

  @Test
  void mistakesAreSaidInTheOrderOfTheFile() throws IOException {
    assertThat(
            mistakes(
                """
                dry-run: maybe
                run: one
                collector: ftp://somewhere
                early-stopping:
                  patience: -1
                run: two
                tag: lr
                reference: b.st
                """))
        .satisfiesExactly(
            mistake -> assertThat(mistake).startsWith("dry-run ").endsWith("(line 1 of m.yaml)"),
            mistake ->
                assertThat(mistake)
                    .isEqualTo(
                        "run must be there once, but is on line 2 as well (line 6 of m.yaml)"),
            mistake ->
                assertThat(mistake)
                    .isEqualTo("tag is no setting; did you mean tags? (line 7 of m.yaml)"),
            mistake -> assertThat(mistake).contains("b.st does not exist (line 8 of m.yaml)"),
            mistake -> assertThat(mistake).contains("patience").endsWith("(m.yaml)"),
            mistake -> assertThat(mistake).contains("ftp://somewhere").endsWith("(m.yaml)"));
  }

  @Test
  void strictnessIsKnownInSpiteOfMistakes() throws IOException {
    assertThat(read("strict: true\nwhat: ever", new Mistakes(file)).isStrict()).isTrue();
    assertThat(read("strict: true # at once\n{", new Mistakes(file)).isStrict()).isTrue();
    assertThat(read("#strict: true\n{", new Mistakes(file)).isStrict()).isFalse();
  }

  @Test
  void aFileThatCannotBeReadIsSaid() throws IOException {
    Mistakes mistakes = new Mistakes(file);
    SettingsFile.text(folder.resolve("none.yaml"), mistakes);
    SettingsFile.text(folder, mistakes);
    Path latin = Files.writeString(folder.resolve("latin"), "run: é", StandardCharsets.ISO_8859_1);
    SettingsFile.text(latin, mistakes);
    Path large = Files.writeString(folder.resolve("large"), "#".repeat((1 << 20) + 1));
    SettingsFile.text(large, mistakes);
    SettingsFile.text(Path.of("/dev/zero"), mistakes);
    read("\u0000", mistakes);
    assertThat(mistakes.sentences())
        .satisfiesExactly(
            mistake ->
                assertThat(mistake).contains("there must be a file " + folder.resolve("none.yaml")),
            mistake -> assertThat(mistake).startsWith("the file must be readable"),
            mistake -> assertThat(mistake).startsWith("the file must be UTF-8"),
            mistake -> assertThat(mistake).startsWith("the file must have at most 1048576 bytes"),
            mistake -> assertThat(mistake).startsWith("the file must have at most 1048576 bytes"),
            mistake ->
                assertThat(mistake).startsWith("the file must be YAML, but has a character"));
  }

  @Test
  void theFileWithAllSettingsHasThemAll() throws IOException {
    String all = Files.readString(Path.of("monitor.yaml"));
    assertThat(mistakes(all.replace("cnn-v1", "a"))).isEmpty();
    assertThat(mistakes(all.replace("cnn-v1", "a").replaceAll("(?m)^#(?=[a-z]|  [a-z])", "")))
        .allMatch(
            mistake ->
                mistake.matches(
                    "reference and create-reference .*|.*(collector.pem|latentgauge.token) does not exist.*"));
    for (String mapping :
        List.of("%s: 1", "early-stopping: {%s: 1}", "create-reference: {%s: 1}")) {
      assertThat(known(mapping.formatted("xxxxxxxxxxxx")))
          .isNotEmpty()
          .allMatch(setting -> all.contains(setting + ":"), "described in monitor.yaml");
    }
  }

  private List<String> known(String unknown) throws IOException {
    return mistakes(unknown).stream()
        .filter(mistake -> mistake.contains("there are "))
        .map(mistake -> mistake.replaceFirst(".*there are (.*) \\(line.*", "$1"))
        .flatMap(list -> Stream.of(list.split(", ")))
        .toList();
  }

  @Test
  void theFilesOfTheReadmeHaveNoMistakes() throws IOException {
    makeReference("cnn-v1.safetensors");
    List<String> files =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("..", "..", "README.md")))
            .results()
            .map(found -> found.group(1))
            .filter(text -> text.contains("reference:"))
            .toList();
    assertThat(files).hasSize(2);
    for (String text : files) {
      assertThat(mistakes(text)).isEmpty();
    }
  }
}
