package dev.latentgauge.agent;

import dev.latentgauge.agent.report.LayerSketch;
import dev.latentgauge.agent.report.Reporter;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Keeps what it is told. */
final class RecordingReporter implements Reporter {

  final List<RunInfo> begun = Collections.synchronizedList(new ArrayList<>());
  final List<Observation> observations = Collections.synchronizedList(new ArrayList<>());
  final List<LayerSketch> sketches = Collections.synchronizedList(new ArrayList<>());
  final List<RunEnd> ended = Collections.synchronizedList(new ArrayList<>());
  final CountDownLatch closing = new CountDownLatch(1);

  @Override
  public void begin(RunInfo run) {
    begun.add(run);
  }

  @Override
  public void observed(RunInfo run, List<Observation> observations) {
    this.observations.addAll(observations);
  }

  @Override
  public void sketch(RunInfo run, LayerSketch sketch) {
    sketches.add(sketch);
  }

  @Override
  public void end(RunInfo run, RunEnd end) {
    ended.add(end);
  }

  @Override
  public void close() {
    closing.countDown();
  }

  boolean isClosed() {
    return closing.getCount() == 0;
  }

  List<Long> steps() {
    return observations.stream().map(observation -> observation.key().step()).toList();
  }
}
