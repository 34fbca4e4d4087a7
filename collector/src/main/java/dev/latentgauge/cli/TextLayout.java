package dev.latentgauge.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A line for each event: {@code 2026-05-06T07:08:09.125+02:00 WARN Collector - what happened}.
 *
 * <p>The lines of a stack trace follow it, each behind a tab.
 */
final class TextLayout extends LayoutBase<ILoggingEvent> {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT);

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    line.append(
            TIME.format(Instant.ofEpochMilli(event.getTimeStamp()).atZone(ZoneId.systemDefault())))
        .append(' ')
        .append(event.getLevel())
        .append(' ')
        .append(event.getLoggerName().replaceFirst(".*\\.", ""))
        .append(" - ")
        .append(LogText.escaped(String.valueOf(event.getFormattedMessage())));
    if (event.getKeyValuePairs() != null) {
      event
          .getKeyValuePairs()
          .forEach(pair -> line.append(' ').append(LogText.escaped(pair.toString())));
    }
    if (event.getThrowableProxy() != null) {
      line.append(LogText.indented(ThrowableProxyUtil.asString(event.getThrowableProxy())));
    }
    return line.append('\n').toString();
  }
}
