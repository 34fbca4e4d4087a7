package dev.latentgauge.examples.study.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Seeded choices. {@link Random}, since its numbers are specified and so never change. */
final class Draw {

  private final Random random;

  Draw(long seed) {
    random = new Random(seed);
  }

  /** One of several values, each with the same chance. */
  <T> T from(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** Several values, all equally often but for a rest, in random order. */
  <T> List<T> inTurn(int count, List<T> values) {
    List<T> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      drawn.add(values.get(i % values.size()));
    }
    Collections.shuffle(drawn, random);
    return drawn;
  }

  /** The numbers from 0 to {@code count} - 1 in random order. */
  static int[] permutation(int count, Random random) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
