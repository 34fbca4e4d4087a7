package dev.latentgauge.tests.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.tests.aware.OwnMonitor;
import dev.latentgauge.tests.unaware.SmallTraining;
import java.io.File;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The agent with programs that are started by {@code java -jar}, all in one jar. */
class ExecutableJarIT {

  @TempDir private static Path shared;
  private static Path jar = Path.of("");
  private static SmallReference reference;
  @TempDir private Path folder;

  @BeforeAll
  static void makeReference() throws Exception {
    jar = shared.resolve("app.jar");
    new ExecutableJar(jar).make(SmallTraining.class);
    reference = SmallReference.of(shared, new Program(shared).running("-jar", jar.toString()));
  }

  @ParameterizedTest
  @EnumSource
  void itsTrainingIsMonitoredAndItsWeightsAreNotTouched(Jdk jdk) throws Exception {
    Path reports = folder.resolve("reports.jsonl");
    Program.Result alone = program(jdk, jar).run("FIT", "1", "7");
    Program.Result monitored =
        program(jdk, jar).attached(reference.settings(reports)).run("FIT", "1", "7");
    assertThat(alone.status()).as(alone.errors()).isZero();
    assertThat(monitored.status()).as(monitored.errors()).isZero();
    assertThat(monitored.output()).contains("weights of small").isEqualTo(alone.output());
    assertThat(Observations.in(reports).scores(SmallReference.RUN)).hasSize(5);
    assertThat(Observations.in(reports).ends()).contains(SmallReference.RUN + ": completed");
    assertThat(monitored.said()).hasSize(2);
    assertThat(others(monitored)).isEqualTo(others(alone));
  }

  @Test
  void aMonitorOfTheProgramsOwnGoesOnAsIfItWereAlone() throws Exception {
    Path aware = folder.resolve("aware.jar");
    new ExecutableJar(aware)
        .make(
            OwnMonitor.class,
            ours("latentgauge-core-"),
            ours("latentgauge-agent-"),
            ours("h2-mvstore-"));
    Path alone = folder.resolve("alone.jsonl");
    Path beside = folder.resolve("beside.jsonl");
    Path reports = folder.resolve("reports.jsonl");
    Program.Result unattached =
        program(Jdk.JAVA_17, aware)
            .run(reference.file().toString(), alone.toString(), SmallReference.CADENCE);
    Program.Result attached =
        program(Jdk.JAVA_17, aware)
            .attached(reference.settings(reports) + "layers: " + OwnMonitor.LAYER + "\n")
            .run(reference.file().toString(), beside.toString(), SmallReference.CADENCE);
    assertThat(unattached.status()).as(unattached.errors()).isZero();
    assertThat(attached.status()).as(attached.errors()).isZero();
    assertThat(attached.output()).contains("weights: ").isEqualTo(unattached.output());
    assertThat(others(attached)).isEqualTo(others(unattached));
    assertThat(Observations.in(beside).scores(OwnMonitor.RUN))
        .isNotEmpty()
        .isEqualTo(Observations.in(alone).scores(OwnMonitor.RUN))
        .isEqualTo(Observations.in(reports).scores(SmallReference.RUN));
  }

  private Program program(Jdk jdk, Path executable) {
    return new Program(folder).on(jdk).running("-jar", executable.toString());
  }

  /** What the program itself says. */
  private static String others(Program.Result result) {
    return result
        .errors()
        .lines()
        .filter(line -> !line.startsWith("latentgauge: "))
        .collect(Collectors.joining("\n"));
  }

  private static Path ours(String name) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(entry -> entry.getFileName().toString().startsWith(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the class path has no " + name));
  }
}
