package dev.latentgauge.examples.study.policy;

/**
 * How many groups are drawn.
 *
 * @param splits how often the runs of a task are split into halves
 * @param groups how many groups are drawn from each half
 */
record Sampling(int splits, int groups) {

  /** What the report is made of. */
  static final Sampling OF_REPORT = new Sampling(100, 80);
}
