package dev.latentgauge.collector.web;

import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.run.RunState;
import dev.latentgauge.collector.scoring.ComparisonWish;
import dev.latentgauge.collector.scoring.EmbeddingReport;
import dev.latentgauge.collector.store.ObservationFilter;
import dev.latentgauge.collector.store.RunQuery;
import dev.latentgauge.collector.store.SketchKey;
import dev.latentgauge.collector.store.SketchReport;
import dev.latentgauge.observation.Names;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.reference.SketchFile;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.Sketch;
import dev.latentgauge.stopping.Verdict;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request that has arrived in full.
 *
 * @param path the variable parts of the path by name, decoded
 * @param query the parameters by name, decoded, in the order in which they were given
 * @param body the body; empty if there is none
 */
record Call(Map<String, String> path, Map<String, List<String>> query, Buffer body) {

  /** The parameters of a list. */
  static final Parameters PAGE = Parameters.of("limit", "cursor");

  /** The parameter that asks for some observations of all. */
  static final String POINTS = "points";

  private static final String ACTION = "action";
  private static final String PROBES = "probes";
  private static final String RUNS = "runs";
  private static final String SKETCH = "sketch";
  private static final int LARGEST_PAGE = 1000;
  private static final int USUAL_PAGE = 100;
  private static final int FEWEST_HISTORY_POINTS = 4;
  private static final int MOST_HISTORY_POINTS = 5000;
  private static final int FEWEST_TREND_POINTS = 2;
  private static final int MOST_TREND_POINTS = 100;
  private static final int USUAL_TREND_POINTS = 40;

  /** A request without a body, or one that is yet to come. */
  static Call of(RoutingContext context) {
    return of(context, Buffer.buffer());
  }

  static Call of(RoutingContext context, Buffer body) {
    Map<String, List<String>> query = new HashMap<>();
    context
        .queryParams()
        .forEach((name, value) -> query.computeIfAbsent(name, key -> new ArrayList<>()).add(value));
    return new Call(context.pathParams(), query, body);
  }

  /** The name of the run in the path, unchecked. */
  String run() {
    return path.getOrDefault("run", "");
  }

  /** The name of the reference in the path. */
  String reference() {
    return requireName("the name of a reference", path.getOrDefault("reference", ""));
  }

  /** The name of the policy in the path. */
  String policy() {
    return requireName("the name of a policy", path.getOrDefault("policy", ""));
  }

  /** What decisions must have come to, if it matters. */
  Optional<Verdict.Action> action() {
    return parameter(ACTION).map(text -> parsed(ACTION, text, Verdict.Action::parse));
  }

  Optional<String> parameter(String name) {
    return parameters(name).stream().findFirst();
  }

  private List<String> parameters(String name) {
    return query.getOrDefault(name, List.of());
  }

  /** A parameter that must be given. */
  String required(String name) {
    return parameter(name)
        .orElseThrow(() -> refusal(name, name + " must be given as a parameter of the address"));
  }

  /** A parameter that must be a name if it is given. */
  Optional<String> name(String parameter) {
    return parameter(parameter).map(text -> requireName(parameter, text));
  }

  /** A parameter that is names, each time that it is given. */
  List<String> names(String parameter) {
    return parameters(parameter).stream().map(text -> requireName(parameter, text)).toList();
  }

  /** The parameter that is the beginning of names; empty if it is not given. */
  String prefix() {
    String prefix = parameter("prefix").orElse("");
    if (parameter("prefix").isPresent() && !Names.PATTERN.matcher(prefix).matches()) {
      throw refusal(
          "prefix",
          "prefix must match " + Names.PATTERN + ", but is \"" + Problem.shortened(prefix) + "\"");
    }
    return prefix;
  }

  private static String requireName(String what, String text) {
    return parsed(what, text, name -> Names.require(what, name));
  }

  /** Which runs are wanted. */
  RunQuery runs() {
    Set<RunState> states =
        parameters("state").stream()
            .map(text -> parsed("state", text, RunState::parse))
            .collect(Collectors.toSet());
    return new RunQuery(states, prefix(), tags(), Cursor.run(this), limit());
  }

  private SortedMap<String, String> tags() {
    SortedMap<String, String> tags = new TreeMap<>();
    for (String text : parameters("tag")) {
      String[] parts = text.split(":", 2);
      if (parts.length < 2) {
        throw mustBe("tag", "NAME:VALUE", text);
      }
      @Nullable String before = tags.put(parts[0], parts[1]);
      if (before != null && !before.equals(parts[1])) {
        throw mustBe("tag", "given with one value for each name", text);
      }
    }
    return tags;
  }

  /** Which observations are wanted. */
  ObservationFilter observations() {
    return ObservationFilter.ALL
        .of(name("layer"), name("reference"))
        .of(attempt())
        .between(step("fromStep"), step("toStep"));
  }

  private OptionalInt attempt() {
    return parameter("attempt")
        .map(text -> OptionalInt.of((int) whole("attempt", text, 1, Integer.MAX_VALUE)))
        .orElseGet(OptionalInt::empty);
  }

  private OptionalLong step(String name) {
    return parameter(name)
        .map(text -> OptionalLong.of(whole(name, text, 0, Observation.Key.LAST_STEP)))
        .orElseGet(OptionalLong::empty);
  }

  /** How many observations of each series are wanted, where not all are, by pages. */
  int historyPoints() {
    for (String name : PAGE.names()) {
      if (parameter(name).isPresent()) {
        throw refusal(name, name + " must not be given with points, but is");
      }
    }
    return (int) whole(POINTS, required(POINTS), FEWEST_HISTORY_POINTS, MOST_HISTORY_POINTS);
  }

  /** How many observations of each series are wanted, to see how runs fare. */
  int trendPoints() {
    return parameter(POINTS)
        .map(text -> (int) whole(POINTS, text, FEWEST_TREND_POINTS, MOST_TREND_POINTS))
        .orElse(USUAL_TREND_POINTS);
  }

  /** How runs are to be compared with a reference, if it is said. */
  Optional<Profile> profile() {
    return parameter("profile").map(text -> parsed("profile", text, Profile::parse));
  }

  /** What is said of embeddings, as far as the address says it. */
  EmbeddingReport report() {
    return new EmbeddingReport(
        requireName("the name of a run", run()),
        attempt().orElse(1),
        requireName("layer", required("layer")),
        whole("step", required("step"), 0, Observation.Key.LAST_STEP),
        parameter("epoch").map(Call::epoch).orElseGet(OptionalDouble::empty),
        parameter("time").map(Call::time));
  }

  /** The sketch that is sent, of the run, layer and probes that the address names. */
  SketchReport sketch() {
    EmbeddingReport said = report();
    SketchKey key = new SketchKey(said.layer(), requireName(PROBES, required(PROBES)));
    try {
      Sketch sketch = SketchFile.parse(body.getBytes());
      return new SketchReport(key, said.attempt(), said.step(), said.epoch(), said.time(), sketch);
    } catch (IllegalArgumentException e) {
      throw new Rejection(
          Rejection.Reason.MALFORMED,
          Optional.empty(),
          "the body is not a sketch: " + e.getMessage());
    }
  }

  /** Checks what an address says of a sketch, before it is received. */
  void requireSketch() {
    report();
    requireName(PROBES, required(PROBES));
  }

  /** Whether a sketch of embeddings is to be kept. */
  boolean wantsSketch() {
    String text = parameter(SKETCH).orElse("false");
    if (!text.equals("true") && !text.equals("false")) {
      throw mustBe(SKETCH, "true or false", text);
    }
    if (text.equals("false") && parameter(PROBES).isPresent()) {
      throw refusal(PROBES, PROBES + " must be given with sketch=true alone");
    }
    return text.equals("true");
  }

  /**
   * Of which anchors and probes a sketch of embeddings is.
   *
   * @param known those of the reference, if there is one and it tells
   */
  String probesOfSketch(Optional<String> known) {
    return name(PROBES)
        .or(() -> known.filter(text -> Names.PATTERN.matcher(text).matches()))
        .orElseThrow(
            () ->
                refusal(
                    PROBES,
                    PROBES
                        + " must be given with sketch=true, unless there is a reference that tells"
                        + " its own by a name"));
  }

  /** Which runs are to be compared, and how. */
  ComparisonWish comparison(int fewest, int most) {
    List<String> runs =
        parameter(RUNS).map(text -> List.of(text.split(",", -1))).orElseGet(List::of);
    for (String run : runs) {
      if (!Names.PATTERN.matcher(run).matches()) {
        throw mustBe(RUNS, "names of runs with commas between them", run);
      }
    }
    boolean areFitting = runs.size() >= fewest && runs.size() <= most;
    if (parameter(RUNS).isPresent() && !areFitting) {
      throw refusal(
          RUNS,
          RUNS
              + " must name "
              + (fewest == most ? "" + fewest : "from " + fewest + " to " + most)
              + " runs, but names "
              + runs.size());
    }
    if (new HashSet<>(runs).size() < runs.size()) {
      throw refusal(RUNS, RUNS + " must name each run once");
    }
    return new ComparisonWish(
        runs, name("layer"), name(PROBES), profile().orElseGet(Profile::defaultProfile));
  }

  private static OptionalDouble epoch(String text) {
    try {
      double epoch = Double.parseDouble(text);
      if (epoch >= 0 && epoch < Double.POSITIVE_INFINITY) {
        return OptionalDouble.of(epoch);
      }
    } catch (NumberFormatException e) {
      // It is refused below.
    }
    throw mustBe("epoch", "a number of at least 0", text);
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw mustBe("time", "a time such as 2026-05-06T07:08:09.125Z", text);
    }
  }

  static <T> T parsed(String what, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw refusal(what, String.valueOf(e.getMessage()));
    }
  }

  /** How much of a list is wanted at once. */
  int limit() {
    return parameter("limit").map(Call::limit).orElse(USUAL_PAGE);
  }

  private static int limit(String text) {
    return (int) whole("limit", text, 1, LARGEST_PAGE);
  }

  private static long whole(String name, String text, long least, long most) {
    if (text.matches("[0-9]{1,18}")) {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw mustBe(name, "a whole number from " + least + " to " + most, text);
  }

  private static Rejection mustBe(String name, String allowed, String text) {
    return refusal(
        name, name + " must be " + allowed + ", but is \"" + Problem.shortened(text) + "\"");
  }

  /** Refuses a request for one of its parameters. */
  static Rejection refusal(String parameter, String detail) {
    return new Rejection(Rejection.Reason.MALFORMED, Optional.of(parameter), detail);
  }
}
