package dev.latentgauge.collector.web;

import dev.latentgauge.collector.access.Doorkeeper;
import dev.latentgauge.collector.access.Knock;
import dev.latentgauge.collector.access.Visitor;
import dev.latentgauge.collector.event.EventReaders;
import dev.latentgauge.collector.ingest.Rejection;
import io.vertx.core.Handler;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Asks the {@link Doorkeeper} about every request; comes before all addresses. */
final class AccessHandler implements Handler<RoutingContext> {

  private static final String VISITOR = AccessHandler.class.getName();

  private final Doorkeeper doorkeeper;
  private final Responder responder;

  AccessHandler(Doorkeeper doorkeeper, Responder responder) {
    this.doorkeeper = doorkeeper;
    this.responder = responder;
  }

  /** Who was let in; for what comes after this handler. */
  static Visitor visitor(RoutingContext context) {
    Visitor visitor = context.get(VISITOR);
    if (visitor == null) {
      throw new IllegalStateException("whoever comes here was let in before");
    }
    return visitor;
  }

  /** Who reads events: one who was let in, for as long as that holds. */
  static EventReaders.Guest guest(RoutingContext context, Doorkeeper doorkeeper) {
    Knock knock = knock(context, doorkeeper);
    return new EventReaders.Guest(visitor(context).client(), () -> doorkeeper.admitsStill(knock));
  }

  @Override
  public void handle(RoutingContext context) {
    Visitor visitor;
    try {
      visitor = doorkeeper.admit(knock(context, doorkeeper));
    } catch (Rejection e) {
      refuse(context, e);
      return;
    } catch (IllegalArgumentException e) {
      responder.fail(context, Problem.notHttp());
      return;
    }
    context.put(VISITOR, visitor);
    context.addEndHandler(ended -> doorkeeper.charge(visitor, context.request().bytesRead()));
    context.next();
  }

  /** How the cookie is called; under https in a way that no other host can set it. */
  static String cookie(Doorkeeper doorkeeper) {
    return doorkeeper.isSecure() ? "__Host-latentgauge" : "latentgauge";
  }

  static Knock knock(RoutingContext context, Doorkeeper doorkeeper) {
    HttpServerRequest request = context.request();
    return new Knock(
        request.method().name(),
        context.normalizedPath(),
        header(request, HttpHeaders.HOST),
        header(request, HttpHeaders.AUTHORIZATION),
        Optional.ofNullable(request.getCookie(cookie(doorkeeper))).map(Cookie::getValue),
        header(request, HttpHeaders.ORIGIN),
        header(request, "sec-fetch-site"),
        String.valueOf(request.remoteAddress().hostAddress()),
        lastHeader(request, "x-forwarded-for"));
  }

  private static Optional<String> header(HttpServerRequest request, CharSequence name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  /** A proxy may add a header of its own after the client's. */
  private static Optional<String> lastHeader(HttpServerRequest request, String name) {
    return request.headers().getAll(name).stream().reduce((first, second) -> second);
  }

  private void refuse(RoutingContext context, Rejection rejection) {
    addChallenge(context, rejection);
    responder.fail(context, rejection);
  }

  /** Says what is asked for, to who was refused for want of it. */
  static void addChallenge(RoutingContext context, Rejection rejection) {
    if (rejection.reason() == Rejection.Reason.UNAUTHENTICATED) {
      boolean isGiven = context.request().headers().contains(HttpHeaders.AUTHORIZATION);
      context
          .response()
          .putHeader(
              "www-authenticate",
              "Bearer realm=\"latentgauge\"" + (isGiven ? ", error=\"invalid_token\"" : ""));
    } else if (rejection.reason() == Rejection.Reason.FORBIDDEN) {
      context
          .response()
          .putHeader(
              "www-authenticate", "Bearer realm=\"latentgauge\", error=\"insufficient_scope\"");
    }
  }
}
