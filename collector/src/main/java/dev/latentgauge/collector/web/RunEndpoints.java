package dev.latentgauge.collector.web;

import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.store.ObservationQuery;
import dev.latentgauge.collector.store.Store;
import java.util.concurrent.CompletionStage;

/** What can be done with runs; {@link HttpApi} says under which addresses. */
final class RunEndpoints {

  private final Ingest ingest;
  private final Store store;

  RunEndpoints(Ingest ingest, Store store) {
    this.ingest = ingest;
    this.store = store;
  }

  CompletionStage<Answer> list(Call call) {
    return store
        .runs(Cursor.run(call), call.limit())
        .thenApply(page -> Answer.json(200, Documents.runs(page)));
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

  CompletionStage<Answer> observe(Call call) {
    return ingest
        .observe(call.run(), call.body().getBytes())
        .thenApply(appended -> Answer.json(200, Documents.receipt(appended)));
  }

  CompletionStage<Answer> observations(Call call) {
    ObservationQuery query =
        new ObservationQuery(
            call.run(),
            call.name("layer"),
            call.name("reference"),
            Cursor.observation(call),
            call.limit());
    return store
        .observations(query)
        .thenApply(found -> found.orElseThrow(() -> Problem.noRun(call.run())))
        .thenApply(page -> Answer.json(200, Documents.observations(page)));
  }
}
