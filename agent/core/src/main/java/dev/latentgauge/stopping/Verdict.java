package dev.latentgauge.stopping;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What comes of a comparison.
 *
 * @param action what the run should do
 * @param rank how many runs are better, and one: 1 is the best; equal values have the same
 * @param peers how many others it was compared with, at least 0
 * @param threshold what the value must reach for the run to go on; absent if nothing was asked of
 *     it
 */
public record Verdict(Action action, int rank, int peers, OptionalDouble threshold) {

  /** What a run should do. */
  public enum Action {
    /** Go on, as there are too few others to compare it with. */
    UNDECIDED,
    /** Go on: it does as well as it must. */
    CONTINUE,
    /** Stop. */
    STOP;

    /**
     * What it is called on the wire.
     *
     * @return the name in lower case
     */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads an action.
     *
     * @param text as {@link #text} writes it
     * @return the action
     * @throws IllegalArgumentException if it is none
     */
    public static Action parse(String text) {
      return Stream.of(values())
          .filter(action -> action.text().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "action must be undecided, continue or stop, but is \"" + text + "\""));
    }
  }

  /**
   * Whether there were too few others to decide anything.
   *
   * @return true if the action is {@link Action#UNDECIDED}
   */
  public boolean isUndecided() {
    return action == Action.UNDECIDED;
  }

  static Verdict undecided(double value, double[] others) {
    return new Verdict(
        Action.UNDECIDED, rank(value, others), others.length, OptionalDouble.empty());
  }

  static Verdict against(double threshold, double value, double[] others) {
    return new Verdict(
        value < threshold ? Action.STOP : Action.CONTINUE,
        rank(value, others),
        others.length,
        OptionalDouble.of(threshold));
  }

  private static int rank(double value, double[] others) {
    int rank = 1;
    for (double other : others) {
      if (other > value) {
        rank++;
      }
    }
    return rank;
  }
}
