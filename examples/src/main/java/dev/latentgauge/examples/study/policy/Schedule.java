package dev.latentgauge.examples.study.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** In which order the runs of a group train. */
enum Schedule {
  /** All take their steps together; who reports first at a step is drawn anew at every step. */
  AT_ONCE("at once"),
  /** One begins when the one before has ended or was stopped; who begins is drawn. */
  ONE_BY_ONE("one by one");

  private final String title;

  Schedule(String title) {
    this.title = title;
  }

  /** What it is called, for people. */
  String title() {
    return title;
  }

  /** All snapshots of all runs, in the order in which they would be taken if nobody was stopped. */
  List<Turn> turns(int runs, int snapshots, Random random) {
    List<Turn> turns = new ArrayList<>();
    if (this == ONE_BY_ONE) {
      for (int run : shuffled(runs, random)) {
        for (int snapshot = 0; snapshot < snapshots; snapshot++) {
          turns.add(new Turn(run, snapshot));
        }
      }
    } else {
      for (int snapshot = 0; snapshot < snapshots; snapshot++) {
        for (int run : shuffled(runs, random)) {
          turns.add(new Turn(run, snapshot));
        }
      }
    }
    return turns;
  }

  private static List<Integer> shuffled(int count, Random random) {
    List<Integer> places = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    Collections.shuffle(places, random);
    return places;
  }
}
