package dev.latentgauge.examples.quickstart;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.examples.fashion.Plan;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.relative.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** The progress bar of one training, with the latest score, and what the monitor reported. */
final class Progress implements Reporter {

  private final ProgressBar bar;
  private final List<Observation> observations = new ArrayList<>();

  Progress(Plan plan) {
    this.bar =
        new ProgressBarBuilder()
            .setTaskName(String.format(Locale.ROOT, "%-17s", plan.name()))
            .setInitialMax(plan.steps())
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .setMaxRenderedLength(100)
            .build();
  }

  /** Moves the bar with the training. */
  TrainingListener listener() {
    return new TrainingListenerAdapter() {
      @Override
      public void onTrainingBatch(Trainer trainer, BatchData batchData) {
        bar.step();
      }
    };
  }

  @Override
  public synchronized void observed(RunInfo run, List<Observation> reported) {
    observations.addAll(reported);
    if (reported.get(reported.size() - 1).outcome() instanceof Score score) {
      bar.setExtraMessage(String.format(Locale.ROOT, "score %.3f", score.value()));
    }
  }

  /** Says that the training broke off because its loss was no number any more. */
  void diverged() {
    bar.setExtraMessage("diverged");
  }

  synchronized List<Observation> observations() {
    return List.copyOf(observations);
  }

  @Override
  public void close() {
    bar.close();
  }
}
