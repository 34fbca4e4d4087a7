package dev.latentgauge.collector.web;

import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.reference.ReferenceLibrary;
import dev.latentgauge.collector.reference.StoredReference;
import dev.latentgauge.collector.scoring.EmbeddingReport;
import dev.latentgauge.collector.scoring.Scoring;
import dev.latentgauge.collector.store.ObservationQuery;
import dev.latentgauge.collector.store.SketchReport;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.observation.RunInfo;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What can be done with runs; {@link HttpApi} says under which addresses. */
final class RunEndpoints {

  static final Parameters RUNS =
      Parameters.of("prefix", "limit", "cursor")
          .andOften("state", 100)
          .andOften("tag", RunInfo.MOST_TAGS);
  static final Parameters TRENDS = RUNS.andOften(Call.POINTS, 1);
  static final Parameters OBSERVATIONS =
      Parameters.of(
          "layer", "reference", "attempt", "fromStep", "toStep", Call.POINTS, "limit", "cursor");
  static final Parameters SCORE =
      Parameters.of("reference", "layer", "step", "epoch", "attempt", "time", "sketch", "probes");
  static final Parameters SKETCH =
      Parameters.of("layer", "probes", "step", "epoch", "attempt", "time");

  private final Ingest ingest;
  private final Store store;
  private final ReferenceLibrary references;
  private final Scoring scoring;

  RunEndpoints(Ingest ingest, Store store, ReferenceLibrary references, Scoring scoring) {
    this.ingest = ingest;
    this.store = store;
    this.references = references;
    this.scoring = scoring;
  }

  CompletionStage<Answer> list(Call call) {
    return store.runs(call.runs()).thenApply(page -> Answer.json(200, Documents.runs(page)));
  }

  CompletionStage<Answer> trends(Call call) {
    return store
        .trends(call.runs(), call.trendPoints())
        .thenApply(page -> Answer.json(200, Documents.trends(page)));
  }

  CompletionStage<Answer> get(Call call) {
    return store
        .find(call.run())
        .thenApply(found -> found.orElseThrow(() -> Problem.noRun(call.run())))
        .thenApply(run -> Answer.json(200, Documents.run(run)));
  }

  CompletionStage<Answer> put(Call call) {
    return ingest
        .register(call.run(), call.body().getBytes())
        .thenApply(run -> Answer.json(200, Documents.run(run)));
  }

  CompletionStage<Answer> delete(Call call) {
    return ingest
        .delete(call.run())
        .thenApply(
            deleted -> {
              if (!deleted) {
                throw Problem.noRun(call.run());
              }
              return Answer.empty();
            });
  }

  CompletionStage<Answer> end(Call call) {
    return ingest
        .end(call.run(), call.body().getBytes())
        .thenApply(found -> found.orElseThrow(() -> Problem.noRun(call.run())))
        .thenApply(run -> Answer.json(200, Documents.run(run)));
  }

  CompletionStage<Answer> direct(Call call) {
    return ingest
        .direct(call.run(), call.body().getBytes())
        .thenApply(found -> found.orElseThrow(() -> Problem.noRun(call.run())))
        .thenApply(run -> Answer.json(200, Documents.run(run)));
  }

  CompletionStage<Answer> observe(Call call) {
    return ingest
        .observe(call.run(), call.body().getBytes())
        .thenApply(appended -> Answer.json(200, Documents.receipt(appended)));
  }

  CompletionStage<Answer> keep(Call call) {
    SketchReport report = call.sketch();
    return ingest
        .keep(call.run(), report)
        .thenApply(kept -> Answer.json(200, Documents.kept(call.run(), report.key(), kept)));
  }

  /** Checks what is said of embeddings, before they are received. */
  Function<Path, CompletionStage<Answer>> score(Call call) {
    EmbeddingReport report = call.report();
    if (call.wantsSketch() && call.parameter("reference").isEmpty()) {
      String probes = call.probesOfSketch(Optional.empty());
      return upload ->
          scoring
              .sketch(report, probes, upload)
              .thenApply(sketched -> Answer.json(200, Documents.unscored(sketched)));
    }
    String key = call.required("reference");
    if (references.isShared() && references.find(key).isEmpty()) {
      // Another collector may have kept it a moment ago.
      return upload -> scoring.refreshed().thenCompose(done -> score(call, report).apply(upload));
    }
    return score(call, report);
  }

  private Function<Path, CompletionStage<Answer>> score(Call call, EmbeddingReport report) {
    StoredReference reference = reference(call.required("reference"));
    Optional<String> probes =
        call.wantsSketch()
            ? Optional.of(call.probesOfSketch(reference.probeSet()))
            : Optional.empty();
    return upload ->
        scoring
            .score(report, reference, probes, upload)
            .thenApply(scored -> Answer.json(200, Documents.scored(scored)));
  }

  private StoredReference reference(String key) {
    return references
        .find(key)
        .orElseThrow(
            () ->
                new Rejection(
                    Rejection.Reason.UNKNOWN_REFERENCE,
                    Optional.of("reference"),
                    "no reference is named \"" + Problem.shortened(key) + "\""));
  }

  CompletionStage<Answer> attempts(Call call) {
    return store
        .attempts(call.run())
        .thenApply(found -> found.orElseThrow(() -> Problem.noRun(call.run())))
        .thenApply(attempts -> Answer.json(200, Documents.attempts(attempts)));
  }

  /** Some observations of all that are wanted. */
  CompletionStage<Answer> thinned(Call call) {
    return store
        .thinned(call.run(), call.observations(), call.historyPoints())
        .thenApply(found -> found.orElseThrow(() -> Problem.noRun(call.run())))
        .thenApply(chosen -> Answer.json(200, Documents.observations(chosen)));
  }

  /** A page of observations. */
  CompletionStage<Answer> observations(Call call) {
    ObservationQuery query =
        new ObservationQuery(
            call.run(), call.observations(), Cursor.observation(call), call.limit());
    return store
        .observations(query)
        .thenApply(found -> found.orElseThrow(() -> Problem.noRun(call.run())))
        .thenApply(page -> Answer.json(200, Documents.observations(page)));
  }
}
