package dev.latentgauge.collector.web;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Answers {@code openapi.yaml}, in which all addresses are described. */
final class ContractHandler implements Handler<RoutingContext> {

  private static final String RESOURCE = "openapi.yaml";

  private final Responder responder;
  private final Answer answer;

  ContractHandler(Responder responder) {
    this.responder = responder;
    this.answer = Answer.of(200, "application/yaml", read()).tagged();
  }

  private static Buffer read() {
    try (InputStream resource = ContractHandler.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException(
            RESOURCE + " must lie beside " + ContractHandler.class.getName());
      }
      return Buffer.buffer(resource.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void handle(RoutingContext context) {
    responder.answer(context, answer);
  }
}
