package dev.latentgauge.examples.study.statistics;

/** A number that describes a sample, as a function of how often each of its members was drawn. */
@FunctionalInterface
interface SampleStatistic {

  /**
   * The number.
   *
   * @param counts how often each member was drawn; all 1 is the sample itself
   * @return finite, or NaN where it is undefined
   */
  double of(int[] counts);
}
