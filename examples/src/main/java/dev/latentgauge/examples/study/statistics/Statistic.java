package dev.latentgauge.examples.study.statistics;

import java.util.List;

/** A question to a measure, answered by one number over the runs of a case. */
public sealed interface Statistic {

  /**
   * Pearson's correlation of measure and accuracy over the observations of one run, summarised over
   * all runs in which it is defined: at least 3 observations (6 with the trend removed) of a
   * measure and an accuracy that both vary.
   *
   * @param trend whether the trend over steps counts
   * @param summary what becomes of the correlations of the runs
   */
  record Within(Trend trend, Summary summary) implements Statistic {}

  /**
   * The correlation of measure and accuracy over runs, each at its last observation, where the
   * measure is defined there.
   *
   * @param coefficient the kind of correlation
   * @param subset which runs
   */
  record Across(Coefficient coefficient, Subset subset) implements Statistic {}

  /**
   * The accuracy that is lost by stopping a run where the measure has its (first) peak, against the
   * best accuracy of that run, summarised over all runs in which the measure is ever defined; 0 is
   * the best. Of {@link Analysis#STEP} it is what is lost by never stopping.
   *
   * @param summary what becomes of the losses of the runs
   */
  record Regret(Summary summary) implements Statistic {}

  /**
   * What the study asks of every measure.
   *
   * @return within runs mean, minimum and share below zero, with the trend and without; across runs
   *     both correlations, for every subset; mean regret and its 90th percentile
   */
  static List<Statistic> all() {
    return List.of(
        new Within(Trend.KEPT, Summary.MEAN),
        new Within(Trend.KEPT, Summary.MINIMUM),
        new Within(Trend.KEPT, Summary.SHARE_BELOW_ZERO),
        new Within(Trend.REMOVED, Summary.MEAN),
        new Within(Trend.REMOVED, Summary.MINIMUM),
        new Within(Trend.REMOVED, Summary.SHARE_BELOW_ZERO),
        new Across(Coefficient.PEARSON, Subset.ALL),
        new Across(Coefficient.PEARSON, Subset.ABOVE_HALF_OF_BEST),
        new Across(Coefficient.PEARSON, Subset.BEST_THIRD),
        new Across(Coefficient.SPEARMAN, Subset.ALL),
        new Across(Coefficient.SPEARMAN, Subset.ABOVE_HALF_OF_BEST),
        new Across(Coefficient.SPEARMAN, Subset.BEST_THIRD),
        new Regret(Summary.MEAN),
        new Regret(Summary.PERCENTILE_90));
  }
}
