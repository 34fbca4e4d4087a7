package dev.latentgauge.collector.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.latentgauge.collector.health.Health;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;

/** Answers whether all is well: 200 if it is, else 503, with what each check has found. */
final class HealthHandler implements Handler<RoutingContext> {

  private final Vertx vertx;
  private final String word;
  private final Health health;
  private final Responder responder;

  /**
   * A handler.
   *
   * @param word what it is called to be well
   */
  HealthHandler(Vertx vertx, String word, Health health, Responder responder) {
    this.vertx = vertx;
    this.word = word;
    this.health = health;
    this.responder = responder;
  }

  @Override
  public void handle(RoutingContext context) {
    Future.fromCompletionStage(health.report(), vertx.getOrCreateContext())
        .onSuccess(report -> responder.answer(context, answer(report)))
        .onFailure(failure -> responder.fail(context, failure));
  }

  private Answer answer(Health.Report report) {
    JsonArray checks = new JsonArray();
    report.outcomes().forEach(outcome -> checks.add(document(outcome)));
    JsonObject document = new JsonObject();
    document.addProperty(word, report.isGood());
    document.add("checks", checks);
    return Answer.json(report.isGood() ? 200 : 503, document);
  }

  private static JsonObject document(Health.Outcome outcome) {
    JsonObject document = new JsonObject();
    document.addProperty("name", outcome.check());
    document.addProperty("state", outcome.state().name().toLowerCase(Locale.ROOT));
    outcome.reason().ifPresent(reason -> document.addProperty("reason", reason));
    return document;
  }
}
