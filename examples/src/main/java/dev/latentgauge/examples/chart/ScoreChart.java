package dev.latentgauge.examples.chart;

import java.util.List;

/**
 * The picture of several runs: their scores and their true accuracies while they trained, and how
 * the final ones go together.
 *
 * <p>Runs are numbered by their final accuracy, so that the numbers at the ends of the score lines
 * tell at a glance how well the score orders the runs. Legible for up to about ten runs.
 *
 * @param title above everything; may be empty
 * @param subtitle below the title; may be empty
 * @param runs in any order, which decides their colours and nothing else
 */
public record ScoreChart(String title, String subtitle, List<RunCurve> runs) {

  /** Keeps the runs. */
  public ScoreChart {
    runs = List.copyOf(runs);
  }

  /**
   * The chart as a picture, 1,120 pixels wide.
   *
   * @return to be written as SVG or PNG
   */
  public Picture picture() {
    Figure figure = new Figure(this);
    return new Picture(title, subtitle, Figure.WIDTH, figure.height(), figure::draw);
  }
}
