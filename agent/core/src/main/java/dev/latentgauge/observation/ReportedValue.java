package dev.latentgauge.observation;

import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Score;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A value that observations report, by its name: something measured, or what an evaluator of the
 * training says. Two are equal if their names are.
 */
public final class ReportedValue {

  /** What is watched unless something else is said. */
  public static final ReportedValue SCORE = new ReportedValue("score", ofScore(Score::value));

  private static final Map<String, ReportedValue> MEASURED = new LinkedHashMap<>();

  static {
    measured(SCORE);
    measured(new ReportedValue("gauged_score", Observation::gaugedScore));
    measured(new ReportedValue("similarity", ofScore(Score::similarity)));
    measured(
        new ReportedValue(
            "predicted_accuracy",
            observation ->
                observation.predictedAccuracy().stream()
                    .mapToDouble(Observation.PredictedAccuracy::value)
                    .findFirst()));
    measured(new ReportedValue("linear_cka", ofCompanion(Companions::linearCka)));
    measured(new ReportedValue("effective_rank", ofCompanion(Companions::effectiveRank)));
    measured(new ReportedValue("neighbour_overlap", ofCompanion(Companions::neighbourOverlap)));
    measured(
        new ReportedValue("prediction_agreement", ofCompanion(Companions::predictionAgreement)));
  }

  private final String name;
  private final Function<Observation, OptionalDouble> reader;

  private ReportedValue(String name, Function<Observation, OptionalDouble> reader) {
    this.name = name;
    this.reader = reader;
  }

  private static void measured(ReportedValue value) {
    MEASURED.put(value.name, value);
  }

  private static Function<Observation, OptionalDouble> ofScore(ToDoubleFunction<Score> number) {
    return observation ->
        observation.outcome() instanceof Score score
            ? OptionalDouble.of(number.applyAsDouble(score))
            : OptionalDouble.empty();
  }

  private static Function<Observation, OptionalDouble> ofCompanion(
      Function<Companions, OptionalDouble> number) {
    return observation -> number.apply(observation.companions());
  }

  /**
   * The value of a name.
   *
   * @param name one of {@link #measured()}, else the name of an evaluator, from 1 to {@value
   *     Observation#LONGEST_EVALUATION_NAME} characters
   * @return the value, which observations need not have
   * @throws IllegalArgumentException if nothing can have that name
   */
  public static ReportedValue named(String name) {
    if (name.isEmpty() || name.length() > Observation.LONGEST_EVALUATION_NAME) {
      throw new IllegalArgumentException(
          "the name of a value must have from 1 to "
              + Observation.LONGEST_EVALUATION_NAME
              + " characters, but has "
              + name.length());
    }
    ReportedValue measured = MEASURED.get(name);
    return measured != null ? measured : ofEvaluation(name);
  }

  private static ReportedValue ofEvaluation(String name) {
    return new ReportedValue(
        name,
        observation -> {
          Double value = observation.evaluations().get(name);
          return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
        });
  }

  /**
   * What is measured, rather than said by an evaluator.
   *
   * @return the names
   */
  public static List<String> measured() {
    return List.copyOf(MEASURED.keySet());
  }

  /**
   * The name of the value.
   *
   * @return as {@link #named} takes it
   */
  public String name() {
    return name;
  }

  /**
   * Whether it is measured: then larger is better.
   *
   * @return false if it is what an evaluator says
   */
  public boolean isMeasured() {
    return MEASURED.containsKey(name);
  }

  /**
   * The value in an observation.
   *
   * @param observation the observation
   * @return the value; absent if the observation does not have it
   */
  public OptionalDouble of(Observation observation) {
    return reader.apply(observation);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReportedValue that && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
