package dev.latentgauge.collector.web;

import dev.latentgauge.observation.Names;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;

/**
 * A request that has arrived in full.
 *
 * @param path the variable parts of the path by name, decoded
 * @param query the parameters by name, decoded; of one that is repeated the first
 * @param body the body; empty if there is none
 */
record Call(Map<String, String> path, Map<String, String> query, Buffer body) {

  private static final int LARGEST_PAGE = 1000;
  private static final int USUAL_PAGE = 100;

  /** The name of the run in the path, unchecked. */
  String run() {
    return path.getOrDefault("run", "");
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** A parameter that must be a name if it is given. */
  Optional<String> name(String parameter) {
    return parameter(parameter)
        .map(
            text -> {
              try {
                return Names.require(parameter, text);
              } catch (IllegalArgumentException e) {
                throw Problem.invalid(parameter, String.valueOf(e.getMessage()));
              }
            });
  }

  /** How much of a list is wanted at once. */
  int limit() {
    return parameter("limit").map(Call::limit).orElse(USUAL_PAGE);
  }

  private static int limit(String text) {
    if (text.matches("[0-9]{1,4}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= LARGEST_PAGE) {
        return limit;
      }
    }
    throw Problem.invalid(
        "limit",
        "limit must be a whole number from 1 to "
            + LARGEST_PAGE
            + ", but is \""
            + Problem.shortened(text)
            + "\"");
  }
}
