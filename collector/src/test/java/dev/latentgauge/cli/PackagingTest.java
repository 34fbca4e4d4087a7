package dev.latentgauge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.latentgauge.cli.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.OptionSpec;

/** What operators copy agrees with the program. */
@Timeout(60)
class PackagingTest {

  private static final Path FOLDER = Path.of("packaging");
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^#([a-z][a-z-]*):(?: (.*))?$");
  private static final Pattern INSTRUCTION = Pattern.compile("(?m)^([A-Z]+) (.*)$");

  @TempDir private Path folder;

  private static String read(String name) throws IOException {
    return Files.readString(FOLDER.resolve(name));
  }

  private static Map<String, String> examples() throws IOException {
    Map<String, String> examples = new LinkedHashMap<>();
    EXAMPLE
        .matcher(read("latentgauge.yaml"))
        .results()
        .forEach(
            found ->
                assertThat(
                        examples.put(
                            found.group(1), Objects.requireNonNullElse(found.group(2), "")))
                    .as(found.group(1) + " is there once")
                    .isNull());
    return examples;
  }

  private static Stream<OptionSpec> options() {
    return Settings.inFile(
        Objects.requireNonNull(Main.commandLine().getSubcommands().get("serve"), "serve"));
  }

  private static String name(OptionSpec option) {
    return option.longestName().substring(2);
  }

  @Test
  void theExampleFileHasEachOptionWithItsDefault() throws IOException {
    Map<String, String> examples = examples();
    assertThat(options().map(PackagingTest::name))
        .as("collector/packaging/latentgauge.yaml needs a line #name: default for each option")
        .containsExactlyInAnyOrderElementsOf(examples.keySet());
    options()
        .filter(option -> option.defaultValue() != null || option.initialValue() != null)
        .filter(option -> !option.isMultiValue())
        .forEach(
            option ->
                assertThat(examples.get(name(option)))
                    .as(name(option))
                    .isEqualTo(option.defaultValueString()));
  }

  @Test
  void theExampleFileIsGoodAsItIsAndWithItsDefaultsWrittenOut() throws IOException {
    assertThat(
            CommandRun.of(
                "serve", "--config", FOLDER.resolve("latentgauge.yaml"), "--print-config"))
        .extracting(CommandRun::code, CommandRun::err)
        .containsExactly(0, "");
    List<String> lines = new ArrayList<>();
    Map<String, String> examples = examples();
    options()
        .filter(option -> option.defaultValue() != null || option.initialValue() != null)
        .filter(option -> !option.isMultiValue())
        .forEach(option -> lines.add(name(option) + ": " + examples.get(name(option))));
    Path file = Files.write(folder.resolve("all.yaml"), lines);
    assertThat(CommandRun.of("serve", "--config", file, "--print-config"))
        .extracting(CommandRun::code, CommandRun::err)
        .containsExactly(0, "");
  }

  @Test
  void theServiceIsKilledOnlyAfterTheDeadline() throws IOException {
    OptionSpec deadline =
        options().filter(each -> name(each).equals("shutdown-deadline")).findFirst().orElseThrow();
    assertThat(new DurationConverter().convert(setting("TimeoutStopSec")))
        .isGreaterThan(
            new DurationConverter()
                .convert(deadline.defaultValueString())
                .plus(Duration.ofSeconds(5)));
  }

  private static String setting(String name) throws IOException {
    List<String> values =
        Pattern.compile("(?m)^" + name + "=(.*)$")
            .matcher(read("latentgauge.service"))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(values).as(name).hasSize(1);
    return values.get(0);
  }

  @Test
  void systemdFindsNothingWrongWithTheServiceAndLittleExposed() throws Exception {
    Path unit = FOLDER.resolve("latentgauge.service");
    assertThat(run("systemd-analyze", "verify", unit.toAbsolutePath().toString())).isEmpty();
    // Fails above the threshold, which is a tenth of what is printed as exposure.
    assertThat(
            run("systemd-analyze", "security", "--offline=true", "--threshold=15", unit.toString()))
        .contains("Overall exposure level");
  }

  @Test
  void theFlagsOfTheJvmAreKnownToIt() throws Exception {
    for (List<String> command :
        List.of(entryPoint(), List.of(setting("ExecStart").split(" ", -1)))) {
      List<String> flags = command.subList(1, command.indexOf("-jar"));
      assertThat(flags).contains("-XX:+ExitOnOutOfMemoryError");
      List<String> line = new ArrayList<>(List.of(java()));
      line.addAll(flags);
      line.add("-version");
      assertThat(run(line.toArray(String[]::new))).contains("version");
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static List<String> entryPoint() throws IOException {
    return array(instructions("ENTRYPOINT").get(0));
  }

  private static List<String> array(String json) {
    return JsonParser.parseString(json).getAsJsonArray().asList().stream()
        .map(element -> element.getAsString())
        .toList();
  }

  private static List<String> instructions(String kind) throws IOException {
    String joined = read("Containerfile").replaceAll("\\\\\n\\s*", "");
    return INSTRUCTION
        .matcher(joined)
        .results()
        .filter(found -> found.group(1).equals(kind))
        .map((MatchResult found) -> found.group(2))
        .toList();
  }

  @Test
  void whatTheImageIsMadeOfExists() throws IOException {
    assertThat(instructions("COPY"))
        .hasSizeGreaterThan(5)
        .filteredOn(copy -> !copy.startsWith("--from"))
        .allSatisfy(copy -> assertThat(Path.of("..", copy.split(" ", -1)[0])).exists());
    assertThat(instructions("USER")).containsExactly("10475:10475");
    assertThat(instructions("STOPSIGNAL")).containsExactly("SIGTERM");
    assertThat(instructions("CMD")).containsExactly("[\"serve\"]");
  }

  @Test
  void theVariablesOfTheImageAndTheServiceAreOptions() throws IOException {
    List<String> variables = options().map(option -> "LATENTGAUGE_" + name(option)).toList();
    assertThat(variables).isNotEmpty();
    for (String text : List.of(read("Containerfile"), read("latentgauge.service"))) {
      assertThat(
              Pattern.compile("(LATENTGAUGE_[A-Z_]+)=")
                  .matcher(text)
                  .results()
                  .map(found -> found.group(1)))
          .isNotEmpty()
          .allMatch(
              variable ->
                  variable.equals("LATENTGAUGE_CONFIG")
                      || variables.stream()
                          .anyMatch(known -> known.replace('-', '_').equalsIgnoreCase(variable)));
    }
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
