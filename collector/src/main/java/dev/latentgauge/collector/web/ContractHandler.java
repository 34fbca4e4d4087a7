package dev.latentgauge.collector.web;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Answers {@code openapi.yaml}, in which all addresses are described. */
final class ContractHandler implements Handler<RoutingContext> {

  private static final String RESOURCE = "openapi.yaml";

  private final Responder responder;
  private final Answer answer;

  ContractHandler(Responder responder) {
    this.responder = responder;
    Buffer document = read();
    this.answer = Answer.of(200, "application/yaml", document).tagged(sha256(document));
  }

  private static String sha256(Buffer content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes());
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
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
