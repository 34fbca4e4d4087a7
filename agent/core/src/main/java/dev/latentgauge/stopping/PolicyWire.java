package dev.latentgauge.stopping;

import com.google.gson.JsonObject;
import dev.latentgauge.observation.Fields;
import dev.latentgauge.observation.ReportedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The JSON of policies. Unlike reports they come from people, so a field that means nothing is a
 * mistake.
 */
public final class PolicyWire {

  private static final String RUNS = "runs";
  private static final String TAGS = "tags";
  private static final String WATCH = "watch";
  private static final String MODE = "mode";
  private static final String LAYER = "layer";
  private static final String REFERENCE = "reference";
  private static final String RESOURCE = "resource";
  private static final String RULE = "rule";
  private static final String GRACE_PERIOD = "gracePeriod";
  private static final String INTERVAL = "interval";
  private static final String REDUCTION_FACTOR = "reductionFactor";
  private static final String MAX_RESOURCE = "maxResource";
  private static final String MIN_PEERS = "minPeers";

  private static final List<String> OF_EVERY_RULE =
      List.of(
          RUNS,
          TAGS,
          WATCH,
          MODE,
          LAYER,
          REFERENCE,
          RESOURCE,
          RULE,
          GRACE_PERIOD,
          MAX_RESOURCE,
          MIN_PEERS);

  private static final double DEFAULT_GRACE_PERIOD = 1;
  private static final double DEFAULT_REDUCTION_FACTOR = 3;
  private static final int DEFAULT_MIN_PEERS = 4;

  private PolicyWire() {}

  /**
   * A policy as a tree, with all that was left to defaults.
   *
   * @param policy the policy
   * @return a new object, without the name, which is part of the address
   */
  public static JsonObject tree(StopPolicy policy) {
    JsonObject object = new JsonObject();
    policy.group().names().ifPresent(names -> object.addProperty(RUNS, names));
    if (!policy.group().tags().isEmpty()) {
      JsonObject tags = new JsonObject();
      policy.group().tags().forEach(tags::addProperty);
      object.add(TAGS, tags);
    }
    object.addProperty(WATCH, policy.watch().name());
    object.addProperty(MODE, text(policy.mode()));
    policy.layer().ifPresent(layer -> object.addProperty(LAYER, layer));
    policy.reference().ifPresent(reference -> object.addProperty(REFERENCE, reference));
    object.addProperty(RESOURCE, text(policy.resource()));
    object.addProperty(RULE, policy.rule().name());
    StopRule rule = policy.rule();
    object.addProperty(GRACE_PERIOD, rule.gracePeriod());
    if (rule instanceof MedianRule median) {
      object.addProperty(INTERVAL, median.interval());
    } else if (rule instanceof SuccessiveHalving halving) {
      object.addProperty(REDUCTION_FACTOR, halving.reductionFactor());
    } else if (rule instanceof Hyperband hyperband) {
      object.addProperty(REDUCTION_FACTOR, hyperband.reductionFactor());
    }
    rule.end().ifPresent(end -> object.addProperty(MAX_RESOURCE, end));
    object.addProperty(MIN_PEERS, rule.minPeers());
    return object;
  }

  /**
   * Reads a policy.
   *
   * @param name what it is called
   * @param json an object, as {@link #tree} makes it; what has a default may be missing
   * @return the policy
   * @throws dev.latentgauge.observation.WireException if it cannot be read, or says what is not
   *     allowed
   */
  public static StopPolicy read(String name, String json) {
    Fields fields = Fields.parse(json);
    StopRule rule = rule(fields);
    ReportedValue watch =
        fields
            .optionalString(WATCH)
            .map(text -> fields.checked(() -> ReportedValue.named(text)))
            .orElse(ReportedValue.SCORE);
    return fields.checked(
        () ->
            new StopPolicy(
                name,
                new RunGroup(fields.optionalString(RUNS), fields.strings(TAGS)),
                watch,
                mode(fields, watch),
                fields.optionalString(LAYER),
                fields.optionalString(REFERENCE),
                Resource.valueOf(word(fields, RESOURCE, Resource.EPOCH, Resource.values())),
                rule));
  }

  /** Of what an evaluator says nobody knows which is better. */
  private static Mode mode(Fields fields, ReportedValue watch) {
    if (!watch.isMeasured() && !fields.has(MODE)) {
      throw fields.refused(
          MODE,
          "must be max or min where an evaluator is watched, but is missing; what is measured is"
              + " called "
              + String.join(", ", ReportedValue.measured()));
    }
    return Mode.valueOf(word(fields, MODE, Mode.MAX, Mode.values()));
  }

  /** The name of a constant, which on the wire is in lower case. */
  private static String word(Fields fields, String field, Enum<?> otherwise, Enum<?>[] constants) {
    List<String> words = Stream.of(constants).map(PolicyWire::text).toList();
    String word = fields.has(field) ? fields.choice(field, words) : text(otherwise);
    return word.toUpperCase(Locale.ROOT);
  }

  static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static StopRule rule(Fields fields) {
    String name =
        fields.choice(RULE, List.of(MedianRule.NAME, SuccessiveHalving.NAME, Hyperband.NAME));
    boolean isMedian = name.equals(MedianRule.NAME);
    List<String> known = new ArrayList<>(OF_EVERY_RULE);
    known.add(isMedian ? INTERVAL : REDUCTION_FACTOR);
    fields.requireKnown(known);
    double gracePeriod = fields.optionalNumber(GRACE_PERIOD).orElse(DEFAULT_GRACE_PERIOD);
    double interval = fields.optionalNumber(INTERVAL).orElse(gracePeriod);
    double factor = fields.optionalNumber(REDUCTION_FACTOR).orElse(DEFAULT_REDUCTION_FACTOR);
    OptionalDouble most = fields.optionalNumber(MAX_RESOURCE);
    int minPeers = (int) fields.integer(MIN_PEERS, 1, StopRule.MOST_MIN_PEERS, DEFAULT_MIN_PEERS);
    if (name.equals(Hyperband.NAME)) {
      double end = fields.number(MAX_RESOURCE);
      return fields.checked(() -> new Hyperband(gracePeriod, factor, end, minPeers));
    }
    return fields.checked(
        () ->
            isMedian
                ? new MedianRule(gracePeriod, interval, most, minPeers)
                : new SuccessiveHalving(gracePeriod, factor, most, minPeers));
  }
}
