package dev.latentgauge.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Settings of a command with options of all kinds. */
@SuppressWarnings("UnusedVariable") // what picocli sets
class SettingsTest {

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private final StringWriter err = new StringWriter();
  private final Brew brew = new Brew();
  private final CommandLine program = new CommandLine(new Program()).addSubcommand(brew);
  private final Settings settings =
      new Settings(() -> new CommandLine(new Program()).addSubcommand(new Brew()), environment);

  enum Colour {
    RED,
    GREEN;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  @Command(name = "program")
  static final class Program {}

  @Command(name = "brew", mixinStandardHelpOptions = true)
  static final class Brew implements Runnable, Checked {
    @Mixin private final SettingsOptions settings = new SettingsOptions();

    @Option(names = {"-c", "--cups"})
    private int cups = 1;

    @Option(names = "--strong")
    private boolean strong;

    @Option(names = "--lid", negatable = true, defaultValue = "true", fallbackValue = "true")
    private boolean lid;

    @Option(names = "--colour")
    private Colour colour = Colour.RED;

    @Option(names = "--guest")
    private @Nullable List<String> guests;

    @Option(names = "--spoons", split = "\\+")
    private @Nullable List<Integer> spoons;

    @Option(names = "--milk-from")
    private @Nullable Path milk;

    @Option(names = "--pot-password")
    private @Nullable String password;

    @Option(names = "--pot-pin-secret")
    private int pin;

    @Override
    public void run() {}

    @Override
    public List<String> mistakes() {
      List<String> mistakes = new ArrayList<>();
      if (cups < 0) {
        mistakes.add("cups must be at least 0, but is " + cups);
      }
      if (milk != null && milk.toString().equals("horse")) {
        mistakes.add("milkFrom must be an animal that gives some, but is " + milk);
      }
      return mistakes;
    }
  }

  private Brew brew(String... flags) {
    assertThat(execute(flags)).as(err.toString()).isZero();
    return brew;
  }

  private int execute(String... flags) {
    List<String> line = new ArrayList<>(List.of("brew"));
    line.addAll(List.of(flags));
    settings.applyTo(program, "brew");
    program.setErr(new PrintWriter(err));
    program.setParameterExceptionHandler(
        (failure, arguments) -> {
          if (failure instanceof InvalidSettingsException invalid) {
            invalid.mistakes().forEach(mistake -> err.append(mistake).append('\n'));
          } else {
            err.append("other: ").append(failure.getMessage());
          }
          return 2;
        });
    return program.execute(line.toArray(String[]::new));
  }

  private List<String> mistakes(String... flags) {
    assertThat(execute(flags)).isEqualTo(2);
    return err.toString().lines().toList();
  }

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("brew.yaml"), text).toString();
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, false, 1", "true, false, false, 2", "false, true, false, 3",
    "false, false, true, 4", "true, true, false, 3", "true, false, true, 4",
    "false, true, true, 4", "true, true, true, 4"
  })
  void aFlagCountsBeforeAVariableThatBeforeTheFileThatBeforeTheDefault(
      boolean inFile, boolean inEnvironment, boolean asFlag, int cups) throws IOException {
    List<String> flags = new ArrayList<>();
    if (inFile) {
      flags.addAll(List.of("--config", file("cups: 2\n")));
    }
    if (inEnvironment) {
      environment.put("LATENTGAUGE_CUPS", "3");
    }
    if (asFlag) {
      flags.addAll(List.of("--cups", "4"));
    }
    assertThat(brew(flags.toArray(String[]::new)).cups).isEqualTo(cups);
  }

  @Test
  void optionsOfAllKindsCanBeInTheFile() throws IOException {
    Brew brew =
        brew(
            "--config",
            file(
                """
                # for the office
                cups: 3
                strong: true
                lid: false
                colour: green
                guest: [Ada, 'Grace, and Jean', "no", -x, "@home"]
                spoons: [1, 2+3]
                milk-from: "a cow # brown"
                pot-password: 's3cret: "&'
                """));
    assertThat(brew.cups).isEqualTo(3);
    assertThat(brew.strong).isTrue();
    assertThat(brew.lid).isFalse();
    assertThat(brew.colour).isEqualTo(Colour.GREEN);
    assertThat(brew.guests).containsExactly("Ada", "Grace, and Jean", "no", "-x", "@home");
    assertThat(brew.spoons).containsExactly(1, 2, 3);
    assertThat(brew.milk).hasToString("a cow # brown");
    assertThat(brew.password).isEqualTo("s3cret: \"&");
  }

  @Test
  void optionsOfAllKindsCanBeInTheEnvironment() {
    environment.putAll(
        Map.of(
            "LATENTGAUGE_STRONG", "true",
            "LATENTGAUGE_LID", "false",
            "LATENTGAUGE_COLOUR", "green",
            "LATENTGAUGE_GUEST", "Ada,Grace",
            "LATENTGAUGE_SPOONS", "1+2",
            "LATENTGAUGE_MILK_FROM", "a,b=c d",
            "LATENTGAUGE_CUPS", ""));
    Brew brew = brew();
    assertThat(brew.strong).isTrue();
    assertThat(brew.lid).isFalse();
    assertThat(brew.colour).isEqualTo(Colour.GREEN);
    assertThat(brew.guests).containsExactly("Ada", "Grace");
    assertThat(brew.spoons).containsExactly(1, 2);
    assertThat(brew.milk).hasToString("a,b=c d");
    assertThat(brew.cups).as("an empty variable is none").isEqualTo(1);
  }

  @Test
  void theStrongestListReplacesTheOthers() throws IOException {
    environment.put("LATENTGAUGE_GUEST", "Grace");
    assertThat(brew("--config", file("guest: [Ada]\n"), "--guest", "Jean", "--guest", "Kay").guests)
        .containsExactly("Jean", "Kay");
  }

  @Test
  void aFlagCanTakeBackWhatTheFileSwitchesOn() throws IOException {
    String file = file("strong: true\nlid: false\n");
    assertThat(brew("--config", file, "--strong=false").strong).isFalse();
    assertThat(brew("--config", file, "--lid").lid).isTrue();
  }

  @Test
  void theFileCanBeNamedByAVariable() throws IOException {
    environment.put("LATENTGAUGE_CONFIG", file("cups: 5\n"));
    assertThat(brew().cups).isEqualTo(5);
    assertThat(brew("--config", other()).cups).as("the flag counts before it").isEqualTo(6);
  }

  private String other() throws IOException {
    return Files.writeString(folder.resolve("other.yaml"), "cups: 6\n").toString();
  }

  @Test
  void everythingThatIsWrongIsSaidTogetherWithWhereItStands() throws IOException {
    environment.put("LATENTGAUGE_STRONG", "very");
    environment.put("LATENTGAUGE_MILK_FROM", "horse");
    String file =
        file(
            """
            cups: -1
            cupz: 4
            colour: blue
            strong: true
            strong: false
            lid: [true, false]
            spoons: {a: 1}
            guest:
            config: other.yaml
            """);
    assertThat(mistakes("--config", file, "--sugar", "--spoons=x"))
        .containsExactlyInAnyOrder(
            "strong must be true or false, but is 'very' (LATENTGAUGE_STRONG)",
            "milkFrom must be an animal that gives some, but is horse (LATENTGAUGE_MILK_FROM)",
            "cups must be at least 0, but is -1 (line 1 of " + file + ")",
            "\"cupz\" must be an option of the file, but is none; did you mean cups? (line 2 of "
                + file
                + ")",
            "colour must be red or green, but is 'blue' (line 3 of " + file + ")",
            "strong must be given once, but is on line 4 as well (line 5 of " + file + ")",
            "lid must be one value, but is a list (line 6 of " + file + ")",
            "spoons must be a value or a list of values, but goes deeper (line 7 of " + file + ")",
            "guest must have a value, but has none; \"\" is an empty one (line 8 of " + file + ")",
            "\"config\" must be an option of the file, but is none (line 9 of " + file + ")",
            "--sugar must be an option, but is none",
            "spoons must be a whole number, but is 'x' (--spoons)");
  }

  @Test
  void aMistakeThatAStrongerValueHidesIsOneAllTheSame() throws IOException {
    environment.put("LATENTGAUGE_CUPS", "many");
    assertThat(mistakes("--config", file("cups: few\n"), "--cups", "2"))
        .containsExactlyInAnyOrder(
            "cups must be a whole number, but is 'many' (LATENTGAUGE_CUPS)",
            "cups must be a whole number, but is 'few' (line 1 of "
                + folder.resolve("brew.yaml")
                + ")");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- a\\n- b | the file must hold lines like port: 9475, but does not",
        "just words | the file must hold lines like port: 9475, but does not",
        "cups: 1\\n\\tlid: false | the file must be YAML, but",
        "cups: 'one | the file must be YAML, but",
        "cups: 1\\n---\\ncups: 2 | the file must be YAML, but",
        "cups: !!java.io.File x | the file must be YAML, but",
        "[a]: b | the name of an option must be a word, but is not",
        "cups: \\7 | the file must be YAML, but has a character that is none",
      })
  void aFileThatIsNoneIsSaidToBe(String text, String mistake) throws IOException {
    assertThat(mistakes("--config", file(text.translateEscapes())))
        .singleElement()
        .asString()
        .startsWith(mistake);
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    Path missing = folder.resolve("missing.yaml");
    Path latin = Files.write(folder.resolve("latin.yaml"), new byte[] {'#', (byte) 0xe4, '\n'});
    Path large = Files.writeString(folder.resolve("large.yaml"), "#".repeat((1 << 20) + 1));
    assertThat(mistakes("--config", missing.toString()))
        .containsExactly(
            "config must be a file that can be read, but " + missing + " does not exist");
    assertThat(mistakes("--config", latin.toString())).last().asString().contains("is not UTF-8");
    assertThat(mistakes("--config", large.toString())).last().asString().contains("1048576 bytes");
    assertThat(mistakes("--config", folder.toString()))
        .last()
        .asString()
        .startsWith("config must be a file that can be read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# nothing\n", "{}\n"})
  void aFileMayBeEmpty(String text) throws IOException {
    assertThat(brew("--config", file(text)).cups).isEqualTo(1);
  }

  @Test
  void aJsonFileIsAsGood() throws IOException {
    assertThat(brew("--config", file("{\"cups\": 3, \"guest\": [\"Ada\"]}")).cups).isEqualTo(3);
  }

  @Test
  void helpIsGivenWhateverIsWrong() {
    environment.put("LATENTGAUGE_CUPS", "many");
    StringWriter out = new StringWriter();
    program.setOut(new PrintWriter(out));
    assertThat(execute("--help")).isZero();
    assertThat(out.toString())
        .contains("Variable: LATENTGAUGE_CUPS", "LATENTGAUGE_POT_PASSWORD", "LATENTGAUGE_CONFIG")
        .doesNotContain("LATENTGAUGE_HELP", "LATENTGAUGE_PRINT_CONFIG");
  }

  @Test
  void aSecretIsNeitherPrintedNorQuoted() throws IOException {
    environment.put("LATENTGAUGE_POT_PASSWORD", "hunter2");
    environment.put(
        "LATENTGAUGE_MILK_FROM", "postgresql://u:p@ss@h:1/d?password=x&sslpassword=y&a=b");
    brew();
    assertThat(settings.asFile() + settings.summary())
        .contains("pot-password: '***'", "pot-password=***")
        .contains("postgresql://u:***@h:1/d?password=***&sslpassword=***&a=b")
        .doesNotContain("hunter2", "p@ss");
    environment.put("LATENTGAUGE_POT_PIN_SECRET", "12 34");
    assertThat(mistakes())
        .containsExactly(
            "pot-pin-secret has a value that cannot be used (LATENTGAUGE_POT_PIN_SECRET)");
  }

  @Test
  void whatIsPrintedIsAFileThatSaysTheSame() throws IOException {
    environment.put("LATENTGAUGE_GUEST", "Ada,no: 'one' #,null,~,[x],\"q\",");
    brew("--lid=false", "--cups", "3");
    String printed = settings.asFile();
    assertThat(printed)
        .containsPattern("(?m)^cups: 3 +# --cups$")
        .containsPattern("(?m)^colour: red +# default$")
        .containsPattern("(?m)^# milk-from: +# default$");
    environment.clear();
    Brew again = brew("--config", file(printed));
    assertThat(again.guests).containsExactly("Ada", "no: 'one' #", "null", "~", "[x]", "\"q\"", "");
    assertThat(again.lid).isFalse();
    assertThat(again.cups).isEqualTo(3);
    assertThat(again.milk).isNull();
  }

  @Test
  void theSummaryTellsWhatIsNotTheDefault() throws IOException {
    environment.put("LATENTGAUGE_COLOUR", "green");
    String file = file("guest: [Ada, Grace]\n");
    brew("--config", file, "-c", "2");
    assertThat(settings.summary())
        .isEqualTo(
            "cups=2 (--cups), colour=green (LATENTGAUGE_COLOUR), guest=Ada,Grace (line 1 of "
                + file
                + ")");
  }

  @Test
  void aVariableThatIsAlmostOneIsWarnedOfAndTheAgentsAreNot() {
    environment.putAll(
        Map.of(
            "LATENTGAUGE_CUP", "3",
            "LATENTGAUGE_TOKEN", "x",
            "LATENTGAUGE_COLLECTOR", "http://h",
            "LATENTGAUGE_SERVICE_HOST", "10.0.0.1",
            "OTHER_CUPS", "3"));
    brew();
    assertThat(settings.warnings())
        .containsExactly(
            "LATENTGAUGE_CUP is no variable of brew, and ignored; did you mean LATENTGAUGE_CUPS?");
  }

  @Command(name = "brew")
  static final class Ported {
    @Option(names = "--port")
    private int port = 1;
  }

  @Test
  void whatKubernetesSaysOfAServiceIsNoPort() {
    Variables variables = new Variables(Map.of("LATENTGAUGE_PORT", "tcp://10.0.171.239:9475"));
    List<CommandLine.Model.OptionSpec> options =
        new CommandLine(new Ported()).getCommandSpec().options();
    assertThat(variables.of(options.get(0))).isEmpty();
    assertThat(variables.warnings("serve", options))
        .singleElement()
        .asString()
        .startsWith("LATENTGAUGE_PORT=tcp://10.0.171.239:9475 is taken for what Kubernetes says");
  }
}
