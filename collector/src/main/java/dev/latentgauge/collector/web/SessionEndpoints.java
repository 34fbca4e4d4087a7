package dev.latentgauge.collector.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.latentgauge.collector.access.Doorkeeper;
import dev.latentgauge.collector.access.Knock;
import dev.latentgauge.collector.access.Secret;
import dev.latentgauge.collector.ingest.Rejection;
import io.vertx.ext.web.RoutingContext;

/**
 * Signing in, for browsers: a page shows the token once and has a cookie from then on, which no
 * script can read and no other site can use.
 */
final class SessionEndpoints {

  private final Doorkeeper doorkeeper;
  private final Responder responder;
  private final String version;

  /**
   * The endpoints.
   *
   * @param version what pages are told that they talk to
   */
  SessionEndpoints(Doorkeeper doorkeeper, Responder responder, String version) {
    this.doorkeeper = doorkeeper;
    this.responder = responder;
    this.version = version;
  }

  /** Who is signed in, and to what. */
  void get(RoutingContext context) {
    JsonObject document = new JsonObject();
    document.addProperty("version", version);
    document.addProperty("tokensRequired", doorkeeper.needsTokens());
    doorkeeper
        .whoIs(knock(context))
        .ifPresent(
            signedIn -> {
              document.addProperty("name", signedIn.name());
              JsonArray scopes = new JsonArray();
              signedIn.scopes().forEach(scopes::add);
              document.add("scopes", scopes);
            });
    responder.answer(context, Answer.json(200, document));
  }

  void post(RoutingContext context) {
    try {
      Secret secret = doorkeeper.signIn(knock(context));
      responder.answer(
          context,
          Answer.empty()
              .with(
                  "set-cookie",
                  cookie(secret.reveal()) + "; Max-Age=" + doorkeeper.sessionLife().toSeconds()));
    } catch (Rejection e) {
      AccessHandler.addChallenge(context, e);
      responder.fail(context, e);
    }
  }

  void delete(RoutingContext context) {
    doorkeeper.signOut(knock(context));
    responder.answer(context, Answer.empty().with("set-cookie", cookie("") + "; Max-Age=0"));
  }

  private Knock knock(RoutingContext context) {
    return AccessHandler.knock(context, doorkeeper);
  }

  private String cookie(String value) {
    return AccessHandler.cookie(doorkeeper)
        + "="
        + value
        + "; Path=/; HttpOnly; SameSite=Strict"
        + (doorkeeper.isSecure() ? "; Secure" : "");
  }
}
