package dev.latentgauge.examples.stitching.graph;

import dev.latentgauge.examples.stitching.F1;

/** How well answers agree with the truth, class by class. */
final class Classification {

  private final long[] predicted;
  private final long[] truth;
  private final int classes;

  /**
   * Answers to be judged.
   *
   * @param predicted in [0, classes)
   * @param truth as many, in the same range
   */
  Classification(long[] predicted, long[] truth, int classes) {
    this.predicted = predicted.clone();
    this.truth = truth.clone();
    this.classes = classes;
  }

  /** The share that is right. */
  double accuracy() {
    long right = 0;
    for (int i = 0; i < truth.length; i++) {
      right += predicted[i] == truth[i] ? 1 : 0;
    }
    return (double) right / truth.length;
  }

  /** The F1 scores of the classes, each weighted by how often it is true. */
  double weightedF1() {
    return F1.of(truth, predicted, classes).weighted();
  }

  /** The accuracy to be expected of the same answers, given to other cases at random. */
  double chance() {
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += (double) count(predicted, c) * count(truth, c);
    }
    return sum / truth.length / truth.length;
  }

  /** The share of the class that is true most often. */
  double largest() {
    long most = 0;
    for (int c = 0; c < classes; c++) {
      most = Math.max(most, count(truth, c));
    }
    return (double) most / truth.length;
  }

  private static long count(long[] values, int c) {
    long count = 0;
    for (long value : values) {
      count += value == c ? 1 : 0;
    }
    return count;
  }
}
