package dev.latentgauge.examples.stitching.graph;

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
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      long both = 0;
      for (int i = 0; i < truth.length; i++) {
        both += predicted[i] == c && truth[i] == c ? 1 : 0;
      }
      long answers = count(predicted, c);
      long cases = count(truth, c);
      if (cases > 0) {
        sum += cases * (2.0 * both / (answers + cases));
      }
    }
    return sum / truth.length;
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
