package dev.latentgauge.examples.stitching;

/**
 * How well classes are told apart: the harmonic mean of precision and recall of each class, in [0,
 * 1], averaged over classes. A class that is neither there nor predicted does not count; one that
 * is there, or predicted, and never rightly, counts as 0.
 *
 * @param macro each class counts the same
 * @param weighted each class counts as often as it is there; as in the paper
 */
public record F1(double macro, double weighted) {

  /**
   * Compares predictions with the truth.
   *
   * @param truth n classes, in [0, classes); n at least 1
   * @param predicted n classes
   * @param classes how many there are
   * @return both means
   */
  public static F1 of(long[] truth, long[] predicted, int classes) {
    int[] there = new int[classes];
    int[] said = new int[classes];
    int[] right = new int[classes];
    for (int i = 0; i < truth.length; i++) {
      there[(int) truth[i]]++;
      said[(int) predicted[i]]++;
      if (truth[i] == predicted[i]) {
        right[(int) truth[i]]++;
      }
    }
    double sum = 0;
    double weightedSum = 0;
    int counted = 0;
    for (int c = 0; c < classes; c++) {
      if (there[c] + said[c] > 0) {
        double f1 = 2.0 * right[c] / (there[c] + said[c]);
        sum += f1;
        weightedSum += f1 * there[c];
        counted++;
      }
    }
    return new F1(sum / counted, weightedSum / truth.length);
  }

  /**
   * What guesses are worth that know nothing of the question and name each class as often as it is
   * among the training questions: in expectation over many questions.
   *
   * @param truth classes of the questions
   * @param training classes of the training questions
   * @param classes how many there are
   * @return both means
   */
  public static F1 ofGuesses(long[] truth, long[] training, int classes) {
    double[] there = shares(truth, classes);
    double[] said = shares(training, classes);
    double macro = 0;
    double weighted = 0;
    for (int c = 0; c < classes; c++) {
      double f1 = 2 * there[c] * said[c] / (there[c] + said[c]);
      macro += f1 / classes;
      weighted += f1 * there[c];
    }
    return new F1(macro, weighted);
  }

  private static double[] shares(long[] labels, int classes) {
    double[] shares = new double[classes];
    for (long label : labels) {
      shares[(int) label] += 1.0 / labels.length;
    }
    return shares;
  }
}
