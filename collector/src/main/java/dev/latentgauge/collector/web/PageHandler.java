package dev.latentgauge.collector.web;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;

/**
 * Answers the live page and its files, by exactly the addresses that were listed when it was made:
 * paths are neither decoded nor made shorter, so that there is no way round.
 */
final class PageHandler implements Handler<RoutingContext> {

  private final Responder responder;
  private final Map<String, Asset> assets = new HashMap<>();

  PageHandler(Responder responder) {
    this.responder = responder;
    PageFiles.read().forEach((name, content) -> assets.put(path(name), Asset.of(name, content)));
  }

  /** The page itself is at one address, as what it refers to is found from there alone. */
  private static String path(String name) {
    return name.equals(PageFiles.INDEX) ? "/" : "/ui/" + name;
  }

  @Override
  public void handle(RoutingContext context) {
    String path = context.request().path();
    Asset asset = assets.get(path);
    if (asset == null) {
      responder.fail(context, Problem.noPath(path));
    } else {
      responder.answer(context, asset.answer(context.request()));
    }
  }
}
