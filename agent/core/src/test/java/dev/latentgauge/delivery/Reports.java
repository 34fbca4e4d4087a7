package dev.latentgauge.delivery;

import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.relative.Score;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

/** What the tests report. */
final class Reports {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final RunInfo RUN = RunInfo.named("run-1").tag("lr", "0.1").withStartedAt(START);
  static final RunEnd END = new RunEnd(RunEnd.State.COMPLETED, "").ofAttempt(1);
  static final Label LABEL = new Label(URI.create("http://127.0.0.1:9/"), RUN);

  private Reports() {}

  static Observation observation(long step) {
    return Observation.builder(
            new Observation.Key(1, "encoder", "good@1", step),
            START,
            "soft",
            new Score(0.75, 0.5, 0.5, 0.125, 64, 24))
        .build();
  }

  static List<Observation> observations(long from, long to) {
    return LongStream.range(from, to).mapToObj(Reports::observation).toList();
  }

  static List<Long> steps(List<Spool.Entry> entries) {
    return entries.stream().map(entry -> Wire.readObservation(entry.json()).key().step()).toList();
  }

  static List<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }
}
