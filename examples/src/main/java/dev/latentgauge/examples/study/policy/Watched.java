package dev.latentgauge.examples.study.policy;

import dev.latentgauge.examples.study.measure.Measure;
import dev.latentgauge.examples.study.statistics.Case;
import dev.latentgauge.examples.study.statistics.RunCurve;
import java.util.Random;

/** What a policy looks at while runs train. Of each, larger is better. */
public enum Watched {
  /** The score under the default profile: no labels. */
  SCORE("score"),
  /** The share of probes that run and reference give the same class: no labels, but a head. */
  AGREEMENT("agreement of predictions"),
  /** The share of right answers on one half of the test set. */
  ACCURACY("accuracy on half A"),
  /** The training loss, negative: the labels that are trained on. */
  LOSS("training loss"),
  /** Control: numbers that know nothing. */
  NOTHING("random numbers");

  private final String title;

  Watched(String title) {
    this.title = title;
  }

  /** What it is called, for people. */
  String title() {
    return title;
  }

  /** Whether a table tells it. */
  boolean isIn(Case table) {
    return switch (this) {
      case SCORE -> table.measures().contains(Measure.DEFAULT.name());
      case AGREEMENT -> table.measures().contains(Measure.AGREEMENT.name());
      case LOSS -> table.measures().contains(Measure.TRAINING_LOSS.name());
      case ACCURACY, NOTHING -> true;
    };
  }

  /** What a run showed of it at each snapshot; not a number where that is undefined. */
  double[] of(RunCurve run, Random random) {
    return switch (this) {
      case SCORE -> run.values(Measure.DEFAULT.name());
      case AGREEMENT -> run.values(Measure.AGREEMENT.name());
      case LOSS -> run.values(Measure.TRAINING_LOSS.name());
      case ACCURACY -> run.accuraciesA();
      case NOTHING -> random.doubles(run.size()).toArray();
    };
  }
}
