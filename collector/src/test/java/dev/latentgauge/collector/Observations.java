package dev.latentgauge.collector;

import dev.latentgauge.observation.Observation;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/** Observations for tests. */
public final class Observations {

  /** The reference of all of them. */
  public static final String REFERENCE = "good@0123456789ab";

  /** The time of all of them. */
  public static final Instant TIME = Instant.parse("2026-05-06T07:08:09.125Z");

  private Observations() {}

  /** The key of an observation. */
  public static Observation.Key key(int attempt, String layer, long step) {
    return new Observation.Key(attempt, layer, REFERENCE, step);
  }

  /** An observation of the first attempt at the layer "encoder". */
  public static Observation scored(long step, double score) {
    return scored(1, "encoder", step, score);
  }

  /** An observation with a score. */
  public static Observation scored(int attempt, String layer, long step, double score) {
    return scoredAnd(attempt, layer, step, score).build();
  }

  /** An observation with a score, to which more can be added. */
  public static Observation.Builder scoredAnd(int attempt, String layer, long step, double score) {
    return Observation.builder(
        key(attempt, layer, step),
        TIME,
        "soft",
        new Score((1 + score) / 2, 0.5, score, 0.0625, 512, 128));
  }

  /** An observation of some 5 kB, most of it the values of evaluators with long names. */
  public static Observation large(String layer, long step, String letter) {
    SortedMap<String, Double> evaluations = new TreeMap<>();
    for (int i = 100; i < 132; i++) {
      evaluations.put("evaluator-" + i + letter.repeat(108), 1.0 / i);
    }
    return scoredAnd(1, layer, step, 0.5).evaluations(evaluations).build();
  }

  /** An observation without a score. */
  public static Observation undefined(int attempt, String layer, long step) {
    return Observation.builder(
            key(attempt, layer, step), TIME, "soft", new Undefined("non-finite embeddings"))
        .build();
  }
}
