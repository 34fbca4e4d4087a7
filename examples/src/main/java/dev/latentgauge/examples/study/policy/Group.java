package dev.latentgauge.examples.study.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Runs that compete, drawn from those of a task, none twice, and the order in which they would
 * train: the same for all rules and whatever is watched, so that these are compared on equal terms.
 *
 * @param members indices into the runs of the task
 * @param turns by schedule
 */
record Group(List<Integer> members, Map<Schedule, List<Turn>> turns) {

  /** How many runs are in one. */
  static final int SIZE = 24;

  static Group draw(List<Integer> pool, int snapshots, Random random) {
    List<Integer> shuffled = new ArrayList<>(pool);
    Collections.shuffle(shuffled, random);
    Map<Schedule, List<Turn>> turns = new EnumMap<>(Schedule.class);
    for (Schedule schedule : Schedule.values()) {
      turns.put(schedule, schedule.turns(SIZE, snapshots, random));
    }
    return new Group(List.copyOf(shuffled.subList(0, SIZE)), turns);
  }

  /** The runs of a task in two halves; if their number is odd one of them is in none. */
  static List<List<Integer>> halves(int runs, Random random) {
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, runs).boxed().toList());
    Collections.shuffle(shuffled, random);
    int half = runs / 2;
    return List.of(
        List.copyOf(shuffled.subList(0, half)), List.copyOf(shuffled.subList(half, 2 * half)));
  }
}
