package dev.latentgauge.examples.study;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** What people see of a long phase: how far it is, and how long it will still take. */
final class Progress {

  private Progress() {}

  /** A bar over a number of runs. */
  static ProgressBar bar(String name, int runs) {
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setInitialMax(runs)
        .setUnit(" runs", 1)
        .setStyle(ProgressBarStyle.ASCII)
        .build();
  }
}
