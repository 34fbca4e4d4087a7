package dev.latentgauge.collector.web;

import dev.latentgauge.collector.access.Shares;
import dev.latentgauge.collector.access.Visitor;
import dev.latentgauge.collector.scoring.Scoring;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Receives files and has them worked on.
 *
 * <p>Before a byte is asked for, the request must be one that can be served, and there must be a
 * place for it, which it holds until it is answered. The file is gone after that.
 */
final class UploadHandler {

  private final Vertx vertx;
  private final BodyReader reader;
  private final Path folder;
  private final Scoring scoring;
  private final Shares shares;
  private final Responder responder;

  /** What is done with a file. */
  interface Endpoint {
    /** Checks the request; throws if it cannot be served. */
    Function<Path, CompletionStage<Answer>> prepare(Call call);
  }

  /**
   * A handler.
   *
   * @param folder for what is received; must exist, and be for nothing else
   * @param shares who may have how many of the places
   */
  UploadHandler(
      Vertx vertx,
      BodyReader reader,
      Path folder,
      Scoring scoring,
      Shares shares,
      Responder responder) {
    this.vertx = vertx;
    this.reader = reader;
    this.folder = folder;
    this.scoring = scoring;
    this.shares = shares;
    this.responder = responder;
  }

  Handler<RoutingContext> to(Endpoint endpoint) {
    return context -> handle(context, endpoint);
  }

  private void handle(RoutingContext context, Endpoint endpoint) {
    Admission admission = new Admission(Call.of(context), AccessHandler.visitor(context), endpoint);
    reader
        .read(context.request(), new FileSink(vertx, folder), admission)
        .compose(
            body ->
                Future.fromCompletionStage(
                        admission.work(body.content()), vertx.getOrCreateContext())
                    .onComplete(worked -> body.release().run()))
        .onComplete(answered -> admission.leave())
        .onSuccess(answer -> responder.answer(context, answer))
        .onFailure(failure -> responder.fail(context, failure));
  }

  /** Lets a request in, or not. */
  private final class Admission implements Runnable {
    private final Call call;
    private final Visitor visitor;
    private final Endpoint endpoint;
    private Runnable share = () -> {};
    private Optional<Function<Path, CompletionStage<Answer>>> work = Optional.empty();

    Admission(Call call, Visitor visitor, Endpoint endpoint) {
      this.call = call;
      this.visitor = visitor;
      this.endpoint = endpoint;
    }

    @Override
    public void run() {
      Function<Path, CompletionStage<Answer>> prepared = endpoint.prepare(call);
      scoring.enter();
      try {
        share = shares.take(visitor);
      } catch (RuntimeException e) {
        scoring.leave();
        throw e;
      }
      work = Optional.of(prepared);
    }

    CompletionStage<Answer> work(Path file) {
      return work.orElseThrow().apply(file);
    }

    void leave() {
      if (work.isPresent()) {
        scoring.leave();
        share.run();
      }
    }
  }
}
