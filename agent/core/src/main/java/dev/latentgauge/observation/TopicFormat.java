package dev.latentgauge.observation;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How reports travel through a topic of Kafka: the name of the run is the key, which keeps the
 * reports of a run in their order, the JSON of {@link Wire} is the value, and headers say the rest.
 */
public final class TopicFormat {

  /** The topic for reports unless another is named. */
  public static final String DEFAULT_TOPIC = "latentgauge";

  /** The header that says what a value is, see {@link Kind}. */
  public static final String KIND = "latentgauge-kind";

  /** The header with the version of the wire. */
  public static final String VERSION = "latentgauge-version";

  /** The version of the wire, as in the addresses of HTTP. */
  public static final String CURRENT_VERSION = "1";

  /**
   * The header with the registration of the run that a report is of. Without, as over HTTP, nobody
   * can tell the reports of two trainings that have the same name and attempt.
   */
  public static final String RUN = "latentgauge-run";

  /** The header of a refused report that says why in one word. */
  public static final String REASON = "latentgauge-reason";

  /** The header of a refused report that says why in a sentence. */
  public static final String DETAIL = "latentgauge-detail";

  /** The header of a refused report that says where it was: {@code topic-partition@offset}. */
  public static final String ORIGIN = "latentgauge-origin";

  private static final Pattern SERVER =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):\\d{1,5}");

  /** Kafka allows 249 characters, of which the longest suffix below takes eleven. */
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,238}");

  private TopicFormat() {}

  /**
   * Checks the addresses of brokers.
   *
   * @param what what they are called, for the message
   * @param servers brokers to ask for the others, as {@code host:port}, separated by commas
   * @return {@code servers}
   * @throws IllegalArgumentException if they are not so
   */
  public static String requireServers(String what, String servers) {
    if (!Arrays.stream(servers.split(",", -1)).allMatch(SERVER.asMatchPredicate())) {
      throw new IllegalArgumentException(
          what + " must be like broker-1:9092,broker-2:9092, but is \"" + servers + "\"");
    }
    return servers;
  }

  /**
   * Checks the name of a topic for reports.
   *
   * @param what what it is called, for the message
   * @param topic the name
   * @return {@code topic}
   * @throws IllegalArgumentException if Kafka does not allow it, or those that are made of it
   */
  public static String requireTopic(String what, String topic) {
    if (!TOPIC.matcher(topic).matches() || topic.equals(".") || topic.equals("..")) {
      throw new IllegalArgumentException(
          what + " must match " + TOPIC + ", but is \"" + topic + "\"");
    }
    return topic;
  }

  /** What the value of a record is. */
  public enum Kind {
    /** What is known of a run. */
    REGISTRATION,
    /** Observations of a run. */
    OBSERVATIONS,
    /** How a run ended. */
    END;

    /**
     * The kind in the header.
     *
     * @return the name in lower case
     */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The kind that a header says.
     *
     * @param text its value
     * @return the kind; empty if there is no such
     */
    public static Optional<Kind> of(String text) {
      return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
    }
  }

  /**
   * The topic for reports that are refused for good.
   *
   * @param topic the topic for reports
   * @return its name
   */
  public static String refused(String topic) {
    return topic + ".refused";
  }

  /**
   * The topic for what runs are told, see {@link TopicAnswer}.
   *
   * @param topic the topic for reports
   * @return its name
   */
  public static String directives(String topic) {
    return topic + ".directives";
  }
}
