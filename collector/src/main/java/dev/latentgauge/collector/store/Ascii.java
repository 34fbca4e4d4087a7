package dev.latentgauge.collector.store;

import com.google.gson.JsonElement;

/**
 * Text as the databases keep it: ASCII, with everything else as the escapes of JSON.
 *
 * <p>So each text comes back as it went in: PostgreSQL has no NUL, and neither database the half of
 * a surrogate pair, which JSON may well contain. And a character is a byte.
 */
final class Ascii {

  private Ascii() {}

  /** A document that any reader of JSON understands as it would {@code element}. */
  static String json(JsonElement element) {
    return json(element.toString());
  }

  /** A document that any reader of JSON understands as it would {@code json}. */
  static String json(String json) {
    int plain = 0;
    while (plain < json.length() && json.charAt(plain) < 0x7f) {
      plain++;
    }
    if (plain == json.length()) {
      return json;
    }
    StringBuilder text = new StringBuilder(json.length() + 64).append(json, 0, plain);
    for (int i = plain; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c < 0x7f) {
        text.append(c);
      } else {
        text.append(String.format("\\u%04x", (int) c));
      }
    }
    return text.toString();
  }
}
