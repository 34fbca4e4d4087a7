package dev.latentgauge.examples.study.policy;

/** What a policy can see of a run: its steps, and what it watches at each. Immutable. */
final class Trajectory {

  private final String name;
  private final long[] steps;
  private final double[] values;

  /**
   * Keeps the arrays; nobody may change them.
   *
   * @param name the name of the run
   * @param steps at which it was measured, rising, at least one
   * @param values larger is better; not a number where undefined
   */
  Trajectory(String name, long[] steps, double[] values) {
    this.name = name;
    this.steps = steps;
    this.values = values;
  }

  /** The same run under another name. */
  Trajectory named(String other) {
    return new Trajectory(other, steps, values);
  }

  String name() {
    return name;
  }

  int size() {
    return steps.length;
  }

  long step(int snapshot) {
    return steps[snapshot];
  }

  double value(int snapshot) {
    return values[snapshot];
  }

  /** The steps of the whole training. */
  long budget() {
    return steps[steps.length - 1];
  }

  /** What is watched at the end of the training. */
  double lastValue() {
    return values[values.length - 1];
  }
}
