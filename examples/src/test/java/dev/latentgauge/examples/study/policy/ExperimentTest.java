package dev.latentgauge.examples.study.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.latentgauge.examples.study.measure.Measure;
import dev.latentgauge.examples.study.statistics.Case;
import dev.latentgauge.examples.study.statistics.RunCurve;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentTest {

  private static final List<String> MEASURES = List.of(Measure.DEFAULT.name());

  private static final Sampling FEW = new Sampling(50, 8);

  @TempDir private Path folder = Path.of("");

  /** Runs whose accuracies are 1 to so many per cent throughout, with the same as their score. */
  private static Case runs(int count) {
    return new Case(
        "made up", MEASURES, IntStream.rangeClosed(1, count).mapToObj(i -> run(i)).toList());
  }

  private static RunCurve run(int percent) {
    double accuracy = percent / 100.0;
    List<RunCurve.Point> points = new ArrayList<>();
    for (long step : new long[] {10, 30, 90, 270}) {
      points.add(
          new RunCurve.Point(
              step, 0, accuracy, accuracy, accuracy, Map.of(MEASURES.get(0), accuracy)));
    }
    return RunCurve.of("run-" + percent, Map.of(), MEASURES, points);
  }

  @Test
  void aScoreThatIsAccuracyKeepsTheBestForLessAndNumbersThatKnowNothingDoNot() {
    List<Finding> findings =
        Experiment.of(
            runs(48),
            List.of(
                way(Schedule.AT_ONCE, Watched.SCORE),
                way(Schedule.ONE_BY_ONE, Watched.SCORE),
                way(Schedule.AT_ONCE, Watched.NOTHING),
                way(Schedule.ONE_BY_ONE, Watched.NOTHING)),
            FEW);
    assertThat(findings).hasSize(4);
    for (Finding finding : findings) {
      assertThat(finding.value(Outcome::compute)).isLessThan(0.5);
      if (finding.cell().watched() == Watched.SCORE) {
        assertThat(finding.value(Outcome::best)).isOne();
        assertThat(finding.value(Outcome::regret)).isZero();
        assertThat(finding.estimate(Outcome::best)).get().extracting("runs").isEqualTo(48);
      } else {
        assertThat(finding.value(Outcome::best)).isBetween(0.05, 0.5);
        // The highest of 24 of the numbers to 48 is 24 x 49 / 25 on average, their mean 24.5.
        assertThat(finding.value(Outcome::regret))
            .isCloseTo((24 * 49 / 25.0 - 24.5) / 100, within(0.01));
      }
    }
  }

  @Test
  void whatATableDoesNotTellIsNotWatched() {
    List<Cell> ways =
        Stream.of(Watched.values()).map(value -> way(Schedule.AT_ONCE, value)).toList();
    assertThat(Experiment.of(runs(48), ways, FEW).stream().map(finding -> finding.cell().watched()))
        .containsExactly(Watched.SCORE, Watched.ACCURACY, Watched.NOTHING);
  }

  private static Cell way(Schedule schedule, Watched watched) {
    return new Cell(schedule, Rule.HALVING_BY_3, watched);
  }

  @Test
  void aGroupHasNoRunTwiceAndIsOfOneHalf() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      List<List<Integer>> halves = Group.halves(61, random);
      assertThat(halves.get(0)).hasSize(30).doesNotHaveDuplicates();
      assertThat(halves.get(1)).hasSize(30).doesNotContainAnyElementsOf(halves.get(0));
      List<Integer> members = Group.draw(halves.get(1), 4, random).members();
      assertThat(members).hasSize(Group.SIZE).doesNotHaveDuplicates();
      assertThat(halves.get(1)).containsAll(members);
    }
  }

  @Test
  void aReportSaysHowFarTheScoreGotAndWhereThereAreTooFewRuns() throws IOException {
    PolicyReport report = new PolicyReport("a command", FEW);
    report.add("Many", runs(48));
    report.addScore("Few", runs(47));
    report.writeTo(folder);
    assertThat(folder.resolve(PolicyReport.FILE))
        .content()
        .contains(
            "by the score on 1 of 1 (Many); by the agreement of predictions on none of 1 tasks;",
            "| Many | at once | **median: 100 (100 to 100) for ",
            "kept the best run, or one whose accuracy is within a point of it, in 100 % of the groups",
            "stopping by the score adds 0.0 to 0.0 points",
            "## Few, 47 runs\n\nToo few to draw groups from.");
    assertThat(folder.resolve("policies.svg")).content().startsWith("<?xml");
  }
}
