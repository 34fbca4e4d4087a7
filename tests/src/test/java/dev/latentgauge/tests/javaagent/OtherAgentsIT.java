package dev.latentgauge.tests.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent beside those of others, which change classes as well: before them and behind them. */
class OtherAgentsIT {

  private static final Path AGENTS = Path.of("target", "agents").toAbsolutePath();

  @TempDir private static Path shared;
  private static SmallReference reference;
  private static String alone = "";
  @TempDir private Path folder;

  @BeforeAll
  static void trainAlone() throws Exception {
    reference = SmallReference.of(shared, new Program(shared));
    alone = new Program(shared).run("FIT", "1", "7").output();
  }

  @Test
  void aTrainingIsMonitoredBehindTheirs() throws Exception {
    Program program = new Program(folder).on(Jdk.JAVA_17);
    check(ours(theirs(program)));
  }

  @Test
  void aTrainingIsMonitoredBeforeTheirs() throws Exception {
    Program program = new Program(folder).on(Jdk.JAVA_25);
    check(theirs(ours(program)));
  }

  private static Program theirs(Program program) {
    return program
        .with("-javaagent:" + AGENTS.resolve("opentelemetry-javaagent.jar"))
        .with("-Dotel.traces.exporter=none")
        .with("-Dotel.metrics.exporter=none")
        .with("-Dotel.logs.exporter=none")
        .with(
            "-javaagent:"
                + AGENTS.resolve("org.jacoco.agent-runtime.jar")
                + "=destfile=jacoco.exec,includes=ai.djl.*");
  }

  private Program ours(Program program) throws Exception {
    return program.attached(reference.settings(reports()));
  }

  private void check(Program program) throws Exception {
    Program.Result result = program.run("FIT", "1", "7");
    assertThat(result.status()).as(result.errors()).isZero();
    assertThat(result.output()).contains("weights of small").isEqualTo(alone);
    assertThat(result.errors())
        .contains("VersionLogger - opentelemetry-javaagent")
        .doesNotContain("Exception", "Error", "ERROR");
    assertThat(Observations.in(reports()).scores(SmallReference.RUN)).hasSize(5);
    assertThat(folder.resolve("jacoco.exec")).isNotEmptyFile();
  }

  private Path reports() {
    return folder.resolve("reports.jsonl");
  }
}
