package dev.latentgauge.collector.bus;

import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.observation.TopicFormat;
import dev.latentgauge.observation.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A report as its record says it, see {@link TopicFormat}.
 *
 * @param kind what its body is
 * @param run the name of the run, unchecked
 * @param message the record
 * @param registration what is known of the run, unchecked, if the report says so
 */
record Report(
    TopicFormat.Kind kind,
    String run,
    ConsumerRecord<byte[], byte[]> message,
    Optional<String> registration) {

  /**
   * Reads a record.
   *
   * @param most the most bytes of a body
   * @throws Rejection if it is none
   */
  static Report of(ConsumerRecord<byte[], byte[]> message, int most) {
    byte[] body = message.value();
    if (message.key() == null || body == null) {
      throw malformed(
          "a report must have the name of its run as key and JSON as value, but has no "
              + (body == null ? "value" : "key"));
    } else if (body.length > most) {
      throw new Rejection(
          Rejection.Reason.TOO_LARGE,
          Optional.empty(),
          "a report must have at most " + most + " bytes, but has " + body.length);
    }
    String version = header(message, TopicFormat.VERSION).orElse(TopicFormat.CURRENT_VERSION);
    if (!version.equals(TopicFormat.CURRENT_VERSION)) {
      throw malformed(
          "header "
              + TopicFormat.VERSION
              + " must be "
              + TopicFormat.CURRENT_VERSION
              + ", but is \""
              + shortened(version)
              + "\"");
    }
    TopicFormat.Kind kind = kind(header(message, TopicFormat.KIND).orElse(""));
    return new Report(
        kind,
        text(message.key()),
        message,
        kind == TopicFormat.Kind.REGISTRATION
            ? Optional.of(text(body))
            : header(message, TopicFormat.RUN));
  }

  /** The JSON, unchecked, in UTF-8. */
  byte[] body() {
    return message.value();
  }

  /**
   * The observations of a record, each in a record of its own that stands in the same place.
   *
   * @return at least two; none if there are fewer, or what the record has is something else
   */
  static List<ConsumerRecord<byte[], byte[]>> apart(ConsumerRecord<byte[], byte[]> message) {
    boolean isOfObservations =
        header(message, TopicFormat.KIND)
            .flatMap(TopicFormat.Kind::of)
            .filter(TopicFormat.Kind.OBSERVATIONS::equals)
            .isPresent();
    if (!isOfObservations || message.value() == null) {
      return List.of();
    }
    List<String> bodies = Wire.apart(text(message.value()));
    return bodies.size() < 2
        ? List.of()
        : bodies.stream().map(body -> with(message, body)).toList();
  }

  private static ConsumerRecord<byte[], byte[]> with(
      ConsumerRecord<byte[], byte[]> message, String body) {
    byte[] value = body.getBytes(StandardCharsets.UTF_8);
    return new ConsumerRecord<>(
        message.topic(),
        message.partition(),
        message.offset(),
        message.timestamp(),
        message.timestampType(),
        message.serializedKeySize(),
        value.length,
        message.key(),
        value,
        message.headers(),
        message.leaderEpoch());
  }

  private static TopicFormat.Kind kind(String name) {
    return TopicFormat.Kind.of(name)
        .orElseThrow(
            () ->
                malformed(
                    "header "
                        + TopicFormat.KIND
                        + " must be registration, observations or end, but is \""
                        + shortened(name)
                        + "\""));
  }

  private static Rejection malformed(String message) {
    return new Rejection(Rejection.Reason.MALFORMED, Optional.empty(), message);
  }

  private static Optional<String> header(ConsumerRecord<byte[], byte[]> message, String name) {
    @Nullable Header header = message.headers().lastHeader(name);
    return header == null || header.value() == null
        ? Optional.empty()
        : Optional.of(text(header.value()));
  }

  /** The key of a record, shortened where it is no name. */
  static String key(ConsumerRecord<byte[], byte[]> message) {
    return message.key() == null ? "" : shortened(text(message.key()));
  }

  /** What is no UTF-8 is none of the names and documents that are allowed either. */
  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String shortened(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "…";
  }
}
