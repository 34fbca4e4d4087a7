package dev.latentgauge.examples.study.fleet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** How a fleet is drawn from the runs of a task, none twice. */
public enum Kind {
  /** Any 8. */
  EIGHT("8 runs"),
  /** Any 32. */
  THIRTY_TWO("32 runs"),
  /** 6 of the third with the lowest accuracy, and 2 of the third with the highest. */
  MOSTLY_BAD("8 runs, 6 of them of the worst third");

  private static final int OF_THE_WORST = 6;
  private static final int OF_THE_BEST = 2;

  private final String title;

  Kind(String title) {
    this.title = title;
  }

  /**
   * What it is called.
   *
   * @return words for people
   */
  String title() {
    return title;
  }

  /** How many runs there must be. */
  int fewest() {
    return this == THIRTY_TWO ? 32 : 3 * OF_THE_WORST;
  }

  /** Draws a fleet. */
  List<Member> draw(List<Member> runs, Random random) {
    return switch (this) {
      case EIGHT -> some(runs, OF_THE_WORST + OF_THE_BEST, random);
      case THIRTY_TWO -> some(runs, fewest(), random);
      case MOSTLY_BAD -> {
        List<Member> ranked =
            runs.stream().sorted(Comparator.comparingDouble(Member::accuracy)).toList();
        int third = ranked.size() / 3;
        List<Member> fleet = some(ranked.subList(0, third), OF_THE_WORST, random);
        fleet.addAll(
            some(ranked.subList(ranked.size() - third, ranked.size()), OF_THE_BEST, random));
        yield fleet;
      }
    };
  }

  private static List<Member> some(List<Member> runs, int count, Random random) {
    List<Member> shuffled = new ArrayList<>(runs);
    Collections.shuffle(shuffled, random);
    return new ArrayList<>(shuffled.subList(0, count));
  }
}
