package dev.latentgauge.tests.live;

/**
 * The progress of a training that never was, between the floor (0) and the ceiling (1) of its
 * reference: it rises, levels off, and may fall again.
 *
 * @param end where it levels off
 * @param rise after how many observations it has come to 63 % of that
 * @param noise the standard deviation of an observation around it
 * @param collapse from which observation on it falls; beyond the last where it does not
 */
record Curve(double end, double rise, double noise, double collapse) {

  /** The progress at an observation, counted from 0, without noise. */
  double at(double index) {
    double risen = end * -Math.expm1(-index / rise);
    return index <= collapse ? risen : risen * Math.exp((collapse - index) / rise);
  }
}
