package dev.latentgauge.agent;

import dev.latentgauge.observation.Observation.PredictedAccuracy;
import dev.latentgauge.reference.Reading;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Outcome;
import dev.latentgauge.relative.Score;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What of a reading can be watched.
 *
 * @param name by which it is asked for
 * @param reader what a reading says at a step
 * @param isKnownTo whether readings against a reference can say it
 * @param otherwise what is the matter with a reference if they cannot
 */
record WatchedValue(String name, Reader reader, Predicate<Reference> isKnownTo, String otherwise) {

  /** The name of what is watched unless something else is said. */
  static final String SCORE = "score";

  private static final List<WatchedValue> ALL =
      List.of(
          always(SCORE, ofScore(Score::value)),
          new WatchedValue(
              "gauged_score",
              (reading, step) -> reading.gaugedScore(),
              reference -> reference.floor().isPresent() && reference.ceiling().isPresent(),
              "has no floor and ceiling"),
          always("similarity", ofScore(Score::similarity)),
          new WatchedValue(
              "predicted_accuracy",
              (reading, step) ->
                  reading.predictedAccuracyAt(step).stream()
                      .mapToDouble(PredictedAccuracy::value)
                      .findFirst(),
              reference -> reference.calibration().isPresent(),
              "is not calibrated"),
          new WatchedValue(
              "linear_cka",
              ofCompanion(Companions::linearCka),
              reference -> reference.embeddings().isPresent(),
              "has no embeddings"),
          always("effective_rank", ofCompanion(Companions::effectiveRank)),
          always("neighbour_overlap", ofCompanion(Companions::neighbourOverlap)));

  /** Reads a value. */
  interface Reader {
    /** The value, unless it is undefined or not meant at the step. */
    OptionalDouble read(Reading reading, long step);
  }

  private static WatchedValue always(String name, Reader reader) {
    return new WatchedValue(name, reader, reference -> true, "");
  }

  private static Reader ofScore(ToDoubleFunction<Score> number) {
    return (reading, step) -> {
      Outcome outcome = reading.measurement().outcome();
      return outcome instanceof Score score
          ? OptionalDouble.of(number.applyAsDouble(score))
          : OptionalDouble.empty();
    };
  }

  private static Reader ofCompanion(Function<Companions, OptionalDouble> number) {
    return (reading, step) -> number.apply(reading.companions());
  }

  /** Whether a name is that of something measured, rather than of an evaluator's value. */
  static boolean isMeasured(String name) {
    return named(name).isPresent();
  }

  static Optional<WatchedValue> named(String name) {
    return ALL.stream().filter(value -> value.name().equals(name)).findFirst();
  }

  static List<String> names() {
    return ALL.stream().map(WatchedValue::name).toList();
  }

  /** Why no reading against a reference can say it, if so. */
  Optional<String> unknownTo(Reference reference) {
    return isKnownTo.test(reference)
        ? Optional.empty()
        : Optional.of(name + " is watched, but the reference " + reference.id() + " " + otherwise);
  }
}
