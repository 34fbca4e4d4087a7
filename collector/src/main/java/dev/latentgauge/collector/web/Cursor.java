package dev.latentgauge.collector.web;

import dev.latentgauge.observation.Names;
import dev.latentgauge.observation.Observation;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where the next page of a list begins: after the last thing on this one.
 *
 * <p>It stays good while things are added and deleted. Clients should not look inside.
 */
final class Cursor {

  private static final String PARAMETER = "cursor";
  private static final String SEPARATOR = "/";

  private Cursor() {}

  static String after(String name) {
    return encoded(name);
  }

  static String after(Observation.Key key) {
    return encoded(
        String.join(
            SEPARATOR,
            Integer.toString(key.attempt()),
            Long.toString(key.step()),
            key.layer(),
            key.reference()));
  }

  static Optional<String> run(Call call) {
    return decoded(call, text -> Names.require("the name of a run", text));
  }

  static Optional<String> reference(Call call) {
    return decoded(call, text -> Names.require("the name of a reference", text));
  }

  static Optional<Observation.Key> observation(Call call) {
    return decoded(call, Cursor::key);
  }

  private static Observation.Key key(String text) {
    String[] parts = text.split(SEPARATOR, -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("a key has 4 parts, but this has " + parts.length);
    }
    return new Observation.Key(
        Integer.parseInt(parts[0]), parts[2], parts[3], Long.parseLong(parts[1]));
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static <T> Optional<T> decoded(Call call, Function<String, T> parser) {
    return call.parameter(PARAMETER)
        .map(
            text -> {
              try {
                return parser.apply(
                    new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
              } catch (IllegalArgumentException e) {
                throw Call.refusal(
                    PARAMETER,
                    "cursor must be the \"next\" of an earlier page of this list, but is \""
                        + Problem.shortened(text)
                        + "\"");
              }
            });
  }
}
