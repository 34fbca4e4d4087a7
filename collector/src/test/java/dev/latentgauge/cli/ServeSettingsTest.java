package dev.latentgauge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.cli.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Every option of {@code serve} as a flag, a variable and a line of a file. */
class ServeSettingsTest {

  /**
   * Values other than the default, for options whose values have a form of their own or that need
   * others beside them: first the value, then more flags.
   */
  private static final Map<String, List<String>> SAMPLES =
      Map.of(
          "--host", List.of("localhost"),
          "--data", List.of("elsewhere"),
          "--metrics", List.of("latentgauge_score"),
          "--tls-certificate", List.of("chain.pem", "--tls-key=key.pem"),
          "--tls-key", List.of("key.pem", "--tls-certificate=chain.pem"),
          "--history-size", List.of("3GB"),
          "--kafka-bootstrap-servers", List.of("broker-1:9092"),
          "--database-url", List.of("postgresql://me@db:5433/gauge?sslmode=require"));

  @TempDir private Path folder;

  private static Stream<OptionSpec> options() {
    CommandLine serve =
        Objects.requireNonNull(Main.commandLine().getSubcommands().get("serve"), "serve");
    return Settings.inFile(serve);
  }

  private static Stream<String> names() {
    return options().map(OptionSpec::longestName);
  }

  private static OptionSpec option(String name) {
    return options().filter(each -> each.longestName().equals(name)).findFirst().orElseThrow();
  }

  private static List<String> sample(OptionSpec option) {
    return SAMPLES.getOrDefault(option.longestName(), List.of(sampleOf(option)));
  }

  private static String sampleOf(OptionSpec option) {
    Class<?> type = option.auxiliaryTypes()[0];
    String usual = String.valueOf(option.defaultValueString());
    if (type == int.class || type == long.class) {
      return Long.toString(Long.parseLong(usual) + 1);
    } else if (type == boolean.class) {
      return Boolean.toString(!Boolean.parseBoolean(usual));
    } else if (type == Duration.class) {
      return "7s";
    } else if (type.isEnum()) {
      return Stream.of(type.getEnumConstants())
          .map(Object::toString)
          .filter(constant -> !constant.equals(usual))
          .findFirst()
          .orElseThrow();
    }
    return "sample";
  }

  @Test
  void onlyWhatIsAboutTheCommandItselfIsAFlagAlone() {
    CommandLine serve =
        Objects.requireNonNull(Main.commandLine().getSubcommands().get("serve"), "serve");
    List<String> settable = names().toList();
    assertThat(serve.getCommandSpec().options())
        .extracting(OptionSpec::longestName)
        .filteredOn(name -> !settable.contains(name))
        .containsExactlyInAnyOrder("--help", "--version", "--config", "--print-config");
  }

  private record Ran(int code, String out, String err) {}

  private static Ran printConfig(Map<String, String> environment, List<String> flags) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> line = new ArrayList<>(List.of("serve", "--print-config"));
    line.addAll(flags);
    int code =
        Main.commandLine(environment)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(line.toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  @ParameterizedTest
  @MethodSource("names")
  void isTheSameByFlagVariableAndFile(String name) throws IOException {
    List<String> sample = sample(option(name));
    List<String> others = sample.subList(1, sample.size());
    String key = name.substring(2);
    String variable = "LATENTGAUGE_" + key.replace('-', '_').toUpperCase(Locale.ROOT);
    Path file = folder.resolve("serve.yaml");
    Files.writeString(file, key + ": '" + sample.get(0) + "'\n");

    assertPrints(key, sample.get(0), name, Map.of(), with(others, name + "=" + sample.get(0)));
    assertPrints(key, sample.get(0), variable, Map.of(variable, sample.get(0)), others);
    assertPrints(
        key, sample.get(0), "line 1 of " + file, Map.of(), with(others, "--config=" + file));
  }

  private static List<String> with(List<String> flags, String another) {
    List<String> all = new ArrayList<>(flags);
    all.add(another);
    return all;
  }

  private static void assertPrints(
      String key,
      String value,
      String origin,
      Map<String, String> environment,
      List<String> flags) {
    Ran ran = printConfig(environment, flags);
    assertThat(ran.code).as(ran.err).isZero();
    assertThat(ran.out.lines().filter(line -> line.startsWith(key + ": ")))
        .singleElement()
        .asString()
        .matches(key + ": \\[?'?(\\Q" + value + "\\E|\\*\\*\\*)'?]? +# \\Q" + origin + "\\E");
  }

  @Test
  void whatIsPrintedIsAFileThatGivesTheSame() throws IOException {
    Ran first = printConfig(Map.of("LATENTGAUGE_LINGER", "90"), List.of("--port", "0"));
    Path file = Files.writeString(folder.resolve("serve.yaml"), first.out);
    Ran second = printConfig(Map.of(), List.of("--config", file.toString()));
    assertThat(second.code).as(second.err).isZero();
    assertThat(withoutOrigins(second.out)).isEqualTo(withoutOrigins(first.out));
    assertThat(first.out).contains("linger: 90", "# LATENTGAUGE_LINGER", "# --port", "# default");
  }

  private static String withoutOrigins(String config) {
    return config.replaceAll("(?m) +# .*$", "");
  }

  @Test
  void allMistakesAreSaidAtOnceAndNothingIsStarted() throws IOException {
    Path file = Files.writeString(folder.resolve("serve.yaml"), "port: 70000\nprot: 1\n");
    Ran ran =
        printConfig(
            Map.of("LATENTGAUGE_LINGER", "-5", "LATENTGAUGE_HOST", " "),
            List.of("--config", file.toString(), "--lingr=4"));
    assertThat(ran.code).isEqualTo(2);
    assertThat(ran.out).isEmpty();
    assertThat(ran.err.lines())
        .startsWith("latentgauge: 5 things are wrong with the options:")
        .contains(
            "  port must be from 0 to 65535, but is 70000 (line 1 of " + file + ")",
            "  \"prot\" must be an option of the file, but is none; did you mean port? (line 2 of "
                + file
                + ")",
            "  linger must be at least 0 s, but is -5 s (LATENTGAUGE_LINGER)",
            "  host must be a name or an address, but is blank (LATENTGAUGE_HOST)",
            "  --lingr must be an option, but is none; did you mean --linger?",
            "Try 'latentgauge serve --help'.");
  }

  @Test
  void aMistakeInOnePartOfTheOptionsHidesNoneInAnother() {
    Ran ran =
        printConfig(
            Map.of("LATENTGAUGE_REQUESTS_PER_SECOND", "0", "LATENTGAUGE_METRICS", "nothing"),
            List.of(
                "--bytes-per-second=-1",
                "--connections=0",
                "--tls-key=key.pem",
                "--history-size=0KB",
                "--database-url=postgresql://db/gauge",
                "--database-password-file=missing",
                "--port=70000"));
    assertThat(ran.code).isEqualTo(2);
    assertThat(ran.err.lines())
        .startsWith("latentgauge: 8 things are wrong with the options:")
        .contains(
            "  requestsPerSecond must be at least 1, but is 0 (LATENTGAUGE_REQUESTS_PER_SECOND)",
            "  bytesPerSecond must be at least 1, but is -1 (--bytes-per-second)",
            "  connections must be at least 1, but is 0 (--connections)",
            "  --tls-certificate and --tls-key must be given together, but one is missing",
            "  historySize must be above 0, but is 0 (--history-size)",
            "  port must be from 0 to 65535, but is 70000 (--port)")
        .anyMatch(line -> line.startsWith("  metrics must be names"))
        .anyMatch(line -> line.startsWith("  databasePasswordFile cannot be read: "));
  }

  @Test
  void helpTellsTheVariables() {
    CommandRun help = CommandRun.of("serve", "--help");
    assertThat(help.code()).isZero();
    names()
        .forEach(
            name ->
                assertThat(help.out())
                    .contains(
                        "Variable: LATENTGAUGE_"
                            + name.substring(2).replace('-', '_').toUpperCase(Locale.ROOT)));
  }
}
