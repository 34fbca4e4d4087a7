package dev.latentgauge.agent.report;

import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Observation.PredictedAccuracy;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Score;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Shows the latest observation of each run, layer and reference as meters of any registry it is
 * bound to.
 *
 * <p>A number that is not known is a meter that does not exist, not one that is zero or NaN. One
 * reporter can serve several runs and registries. Thread-safe.
 */
public final class MicrometerReporter implements Reporter, MeterBinder {

  private static final Map<String, Function<Observation, OptionalDouble>> MEASURED =
      Map.ofEntries(
          Map.entry(AgentMeters.SIMILARITY, ofScore(Score::similarity)),
          Map.entry(AgentMeters.SIMILARITY_CHANCE, ofScore(Score::chance)),
          Map.entry(AgentMeters.SCORE, ofScore(Score::value)),
          Map.entry(AgentMeters.SCORE_STANDARD_ERROR, ofScore(Score::standardError)),
          Map.entry(AgentMeters.SCORE_FLOOR, Observation::scoreFloor),
          Map.entry(AgentMeters.SCORE_CEILING, Observation::scoreCeiling),
          Map.entry(AgentMeters.GAUGED_SCORE, Observation::gaugedScore),
          Map.entry(AgentMeters.PREDICTED_ACCURACY, ofPrediction(PredictedAccuracy::value)),
          Map.entry(AgentMeters.PREDICTED_ACCURACY_LOW, ofPrediction(PredictedAccuracy::low)),
          Map.entry(AgentMeters.PREDICTED_ACCURACY_HIGH, ofPrediction(PredictedAccuracy::high)),
          Map.entry(AgentMeters.LINEAR_CKA, ofCompanion(Companions::linearCka)),
          Map.entry(AgentMeters.EFFECTIVE_RANK, ofCompanion(Companions::effectiveRank)),
          Map.entry(AgentMeters.NEIGHBOUR_OVERLAP, ofCompanion(Companions::neighbourOverlap)),
          Map.entry(AgentMeters.PREDICTION_AGREEMENT, ofCompanion(Companions::predictionAgreement)),
          Map.entry(AgentMeters.PROBE_DURATION, Observation::probeSeconds));

  private static final Map<String, Function<Observation, OptionalDouble>> OF_RUN =
      Map.of(
          AgentMeters.EPOCH, observation -> OptionalDouble.of(observation.epoch()),
          AgentMeters.STEP, observation -> OptionalDouble.of((double) observation.key().step()),
          AgentMeters.OVERHEAD, Observation::overheadRatio,
          AgentMeters.OVERHEAD_BUDGET, Observation::overheadBudgetRatio,
          AgentMeters.STEPS_PER_SECOND, observation -> observation.training().stepsPerSecond(),
          AgentMeters.DEVICE_MEMORY, observation -> observation.training().deviceMemoryBytes(),
          AgentMeters.AGENT_SPOOLED_REPORTS,
              observation -> OptionalDouble.of((double) observation.agent().spooled()));

  private static final Map<String, String> UNITS =
      Map.of(AgentMeters.PROBE_DURATION, "seconds", AgentMeters.DEVICE_MEMORY, "bytes");

  private final Map<Series, Observation> latest = new LinkedHashMap<>();
  private final Map<String, Observation> latestOfRun = new LinkedHashMap<>();
  private final List<Binding> bindings = new ArrayList<>();

  private MicrometerReporter() {}

  /**
   * A reporter to meter registries, none yet.
   *
   * @return a new reporter, to be bound by {@link #bindTo}
   */
  public static MicrometerReporter create() {
    return new MicrometerReporter();
  }

  /** One line of measurements. */
  private record Series(String run, String layer, String reference) {
    Tags tags() {
      return Tags.of(
          AgentMeters.RUN, run, AgentMeters.LAYER, layer, AgentMeters.REFERENCE, reference);
    }
  }

  @Override
  public synchronized void bindTo(MeterRegistry registry) {
    Binding binding = new Binding(registry);
    bindings.add(binding);
    latestOfRun.keySet().forEach(binding::count);
    binding.show();
  }

  @Override
  public synchronized void observed(RunInfo run, List<Observation> observations) {
    for (Observation observation : observations) {
      Observation.Key key = observation.key();
      latest.put(new Series(run.name(), key.layer(), key.reference()), observation);
      if (latestOfRun.put(run.name(), observation) == null) {
        bindings.forEach(binding -> binding.count(run.name()));
      }
    }
    bindings.forEach(Binding::show);
  }

  private synchronized double ofAgent(String run, Function<Observation.AgentState, Long> number) {
    Observation observation = latestOfRun.get(run);
    return observation == null ? 0 : number.apply(observation.agent());
  }

  private static Function<Observation, OptionalDouble> ofScore(Function<Score, Double> number) {
    return observation ->
        observation.outcome() instanceof Score score
            ? OptionalDouble.of(number.apply(score))
            : OptionalDouble.empty();
  }

  private static Function<Observation, OptionalDouble> ofPrediction(
      ToDoubleFunction<PredictedAccuracy> number) {
    return observation -> observation.predictedAccuracy().stream().mapToDouble(number).findFirst();
  }

  private static Function<Observation, OptionalDouble> ofCompanion(
      Function<Companions, OptionalDouble> number) {
    return observation -> number.apply(observation.companions());
  }

  private static <K> List<MultiGauge.Row<?>> rows(
      Map<K, Observation> observations,
      Function<K, Tags> tags,
      Function<Observation, OptionalDouble> number) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    observations.forEach(
        (key, observation) ->
            number
                .apply(observation)
                .ifPresent(value -> rows.add(MultiGauge.Row.of(tags.apply(key), value))));
    return rows;
  }

  /** The meters in one registry. */
  private final class Binding {
    private final MeterRegistry registry;
    private final Map<String, MultiGauge> gauges = new LinkedHashMap<>();

    Binding(MeterRegistry registry) {
      this.registry = registry;
    }

    void count(String run) {
      Tags tags = Tags.of(AgentMeters.RUN, run);
      FunctionCounter.builder(
              AgentMeters.AGENT_FAILURES,
              MicrometerReporter.this,
              reporter -> reporter.ofAgent(run, Observation.AgentState::failures))
          .description("Measurements that failed")
          .tags(tags)
          .register(registry);
      FunctionCounter.builder(
              AgentMeters.AGENT_DROPPED_REPORTS,
              MicrometerReporter.this,
              reporter -> reporter.ofAgent(run, Observation.AgentState::dropped))
          .description("Reports that were given up")
          .tags(tags)
          .register(registry);
    }

    void show() {
      MEASURED.forEach((name, number) -> show(name, rows(latest, Series::tags, number)));
      OF_RUN.forEach(
          (name, number) ->
              show(name, rows(latestOfRun, run -> Tags.of(AgentMeters.RUN, run), number)));
      List<MultiGauge.Row<?>> evaluations = new ArrayList<>();
      latestOfRun.forEach(
          (run, observation) ->
              observation
                  .evaluations()
                  .forEach(
                      (evaluator, value) ->
                          evaluations.add(
                              MultiGauge.Row.of(
                                  Tags.of(AgentMeters.RUN, run, AgentMeters.EVALUATOR, evaluator),
                                  value))));
      show(AgentMeters.EVALUATION, evaluations);
    }

    private void show(String name, List<MultiGauge.Row<?>> rows) {
      gauges.computeIfAbsent(name, this::gauge).register(rows, true);
    }

    private MultiGauge gauge(String name) {
      return MultiGauge.builder(name).baseUnit(UNITS.get(name)).register(registry);
    }
  }
}
