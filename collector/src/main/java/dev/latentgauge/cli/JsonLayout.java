package dev.latentgauge.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/**
 * An object for each event, on a line: {@code time} in UTC, {@code level}, {@code logger}, {@code
 * message}, {@code exception} with its stack trace if there is one, and the event's own keys; one
 * that is called like a member above gets an underscore behind it.
 */
final class JsonLayout extends LayoutBase<ILoggingEvent> {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  @Override
  public String doLayout(ILoggingEvent event) {
    JsonObject line = new JsonObject();
    line.addProperty("time", TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
    line.addProperty("level", event.getLevel().toString());
    line.addProperty("logger", event.getLoggerName());
    line.addProperty("message", event.getFormattedMessage());
    if (event.getThrowableProxy() != null) {
      line.addProperty("exception", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    if (event.getKeyValuePairs() != null) {
      event.getKeyValuePairs().forEach(pair -> add(line, pair));
    }
    return escaped(line.toString()) + "\n";
  }

  private static void add(JsonObject line, KeyValuePair pair) {
    String key = pair.key;
    while (line.has(key) || key.equals("exception")) {
      key += "_";
    }
    if (pair.value instanceof Number number) {
      line.addProperty(key, number);
    } else if (pair.value instanceof Boolean truth) {
      line.addProperty(key, truth);
    } else {
      line.addProperty(key, String.valueOf(pair.value));
    }
  }

  /** What JSON allows in texts and terminals do not like; all of them are inside texts here. */
  private static String escaped(String json) {
    StringBuilder safe = new StringBuilder(json.length());
    json.chars()
        .forEach(
            character -> {
              if (LogText.isHarmful(character) && !Character.isSurrogate((char) character)) {
                safe.append("\\u").append(String.format("%04x", character));
              } else {
                safe.append((char) character);
              }
            });
    return safe.toString();
  }
}
