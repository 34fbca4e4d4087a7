package dev.latentgauge.tests.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.tests.loaders.Siblings;
import dev.latentgauge.tests.unaware.SmallTraining;
import java.io.File;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The agent with a program that loads DJL twice, as a server with two applications does. */
class SiblingLoadersIT {

  @TempDir private static Path shared;
  private static SmallReference reference;
  @TempDir private Path folder;

  @BeforeAll
  static void makeReference() throws Exception {
    reference = SmallReference.of(shared, new Program(shared));
  }

  @ParameterizedTest
  @EnumSource
  void trainingsAtTheSameTimeAreRunsOfTheirOwnAndTheirClassLoadersCanBeLost(Jdk jdk)
      throws Exception {
    Path reports = folder.resolve("reports.jsonl");
    Program.Result result =
        new Program(folder)
            .on(jdk)
            // So that what Java only caches does not count.
            .with("-XX:SoftRefLRUPolicyMSPerMB=0")
            .attached(reference.settings(reports))
            .running("-cp", launcher(), Siblings.class.getName())
            .run(Program.classPath(), SmallTraining.class.getName(), "left", "right");
    assertThat(result.status()).as(result.errors()).isZero();
    assertThat(result.output())
        .contains("weights of left", "weights of right", "class loaders left: 0");
    assertThat(result.errors()).doesNotContain("Exception");
    Observations reported = Observations.in(reports);
    String second = SmallReference.RUN + "-2";
    assertThat(reported.runs()).containsExactlyInAnyOrder(SmallReference.RUN, second);
    for (String run : reported.runs()) {
      assertThat(reported.steps(run)).containsExactly(0L, 16L, 32L, 48L, 64L);
      assertThat(reported.scores(run)).hasSize(5);
      assertThat(reported.ends()).contains(run + ": completed");
    }
    assertThat(result.said())
        .filteredOn(line -> line.contains("is monitored"))
        .hasSize(2)
        .anyMatch(line -> line.contains("model left"))
        .anyMatch(line -> line.contains("model right"));
  }

  private static String launcher() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(
            entry ->
                entry.endsWith("test-classes")
                    || Path.of(entry).getFileName().toString().startsWith("asm-"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
