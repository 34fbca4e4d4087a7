package dev.latentgauge.examples.study.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final int RUNS = 5;
  private static final int SNAPSHOTS = 4;

  @Test
  void everySnapshotOfEveryRunIsTakenOnce() {
    for (Schedule schedule : Schedule.values()) {
      List<Turn> turns = schedule.turns(RUNS, SNAPSHOTS, new Random(1));
      assertThat(turns).hasSize(RUNS * SNAPSHOTS);
      assertThat(new HashSet<>(turns)).hasSize(RUNS * SNAPSHOTS);
    }
  }

  @Test
  void atOnceNobodyIsAheadAndOneByOneNobodyWaits() {
    List<Turn> atOnce = Schedule.AT_ONCE.turns(RUNS, SNAPSHOTS, new Random(1));
    List<Turn> oneByOne = Schedule.ONE_BY_ONE.turns(RUNS, SNAPSHOTS, new Random(1));
    for (int i = 0; i < RUNS * SNAPSHOTS; i++) {
      assertThat(atOnce.get(i).snapshot()).isEqualTo(i / RUNS);
      assertThat(oneByOne.get(i).snapshot()).isEqualTo(i % SNAPSHOTS);
    }
  }

  @Test
  void whoReportsFirstIsDrawnAtEveryStep() {
    List<Turn> turns = Schedule.AT_ONCE.turns(RUNS, SNAPSHOTS, new Random(1));
    List<Integer> first = turns.subList(0, RUNS).stream().map(Turn::run).toList();
    List<Integer> second = turns.subList(RUNS, 2 * RUNS).stream().map(Turn::run).toList();
    assertThat(second).containsExactlyInAnyOrderElementsOf(first).isNotEqualTo(first);
  }
}
