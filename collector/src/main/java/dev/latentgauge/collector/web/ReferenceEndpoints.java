package dev.latentgauge.collector.web;

import dev.latentgauge.collector.reference.ReferenceLibrary;
import dev.latentgauge.collector.reference.ReferenceMaker;
import dev.latentgauge.collector.reference.StoredReference;
import dev.latentgauge.collector.scoring.Scoring;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What can be done with references; {@link HttpApi} says under which addresses. */
final class ReferenceEndpoints {

  static final Parameters PUT = Parameters.of("profile", "model", "layer");

  private static final String ACCEPT = "Accept";

  private final ReferenceLibrary library;
  private final Scoring scoring;
  private final Responder responder;

  ReferenceEndpoints(ReferenceLibrary library, Scoring scoring, Responder responder) {
    this.library = library;
    this.scoring = scoring;
    this.responder = responder;
  }

  CompletionStage<Answer> list(Call call) {
    return CompletableFuture.completedFuture(
        Answer.json(200, Documents.references(library.page(Cursor.reference(call), call.limit()))));
  }

  /** The file, or what is said of it to those who accept JSON. */
  void get(RoutingContext context) {
    Optional<StoredReference> found = library.find(context.pathParam("reference"));
    if (found.isEmpty()) {
      responder.fail(context, Problem.noReference(context.pathParam("reference")));
    } else if (acceptsJson(context)) {
      responder.answer(context, Answer.json(200, found.get().tree()).varying(ACCEPT));
    } else {
      send(context, found.get());
    }
  }

  private static boolean acceptsJson(RoutingContext context) {
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    return accept != null && accept.contains(BodyReader.JSON);
  }

  private void send(RoutingContext context, StoredReference reference) {
    Answer file =
        Answer.of(200, BodyReader.FILE, "")
            .tagged(reference.sha256())
            .varying(ACCEPT)
            .with(
                "content-disposition",
                "attachment; filename=\"" + reference.file().getFileName() + "\"")
            .with("x-latentgauge-reference", reference.id());
    if (file.isKnown(context.request())) {
      responder.answer(context, file.unchanged());
      return;
    }
    HttpServerResponse response = context.response();
    file.headers().forEach(response::putHeader);
    Responder.addStandardHeaders(response);
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.end();
      return;
    }
    response
        .sendFile(reference.file().toString())
        .onFailure(
            failure -> {
              if (!response.headWritten()) {
                responder.fail(context, Problem.noReference(reference.name()));
              }
            });
  }

  /** Checks what is wished, before the body is received. */
  Function<Path, CompletionStage<Answer>> put(Call call) {
    ReferenceMaker.Wish wish =
        new ReferenceMaker.Wish(
            call.reference(), call.profile(), call.parameter("model"), call.name("layer"));
    return upload ->
        scoring
            .keep(wish, upload)
            .thenApply(kept -> Answer.json(kept.created() ? 201 : 200, kept.reference().tree()));
  }

  CompletionStage<Answer> delete(Call call) {
    try {
      if (!library.delete(call.reference())) {
        throw Problem.noReference(call.reference());
      }
      return CompletableFuture.completedFuture(Answer.empty());
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
