package dev.latentgauge.tests.live;

import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Observation.PredictedAccuracy;
import dev.latentgauge.observation.Observation.TrainingState;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Outcome;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * What a training would have reported that never was; the same every time.
 *
 * @param info what it says of itself, of its last attempt
 * @param fate how it ends
 * @param references what each of its layers is measured against
 * @param length how many observations of each layer its history has, all attempts together
 * @param curve how its score develops
 * @param hasGaps whether it has undefined observations now and then
 * @param seed of the noise
 */
public record SyntheticRun(
    RunInfo info,
    Fate fate,
    List<PostedReference> references,
    int length,
    Curve curve,
    boolean hasGaps,
    long seed) {

  /** Steps between two observations. */
  public static final int STEPS = 25;

  private static final double STEPS_PER_EPOCH = 600;
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final double CHANCE = 0.55;
  private static final int LOST_AT_THE_END = 3;

  /** How runs end. */
  public enum Fate {
    /** It goes on. */
    LIVE,
    /** It comes to its end. */
    COMPLETED,
    /** It is stopped. */
    STOPPED,
    /** It breaks, its last measurements undefined. */
    FAILED
  }

  /** Its name. */
  public String name() {
    return info.name();
  }

  /**
   * The observations of each layer.
   *
   * @param from the number of the first, from 0
   * @param to the number after the last
   * @param end when the last of its history was made
   */
  List<Observation> observations(long from, long to, Instant end) {
    return LongStream.range(from, to)
        .boxed()
        .flatMap(
            index ->
                references.stream()
                    .map(
                        reference ->
                            observation(
                                index,
                                reference,
                                end.minus(INTERVAL.multipliedBy(length - 1 - index)))))
        .toList();
  }

  /** The next observation of each layer, beyond the history or not, made now. */
  List<Observation> observations(long index, Instant now) {
    return references.stream().map(reference -> observation(index, reference, now)).toList();
  }

  /**
   * The number of the attempt that makes an observation: each has an equal share of the history.
   */
  int attempt(long index) {
    long share = (length - 1L) / info.attempt() + 1;
    return (int) Math.min(1 + index / share, info.attempt());
  }

  private Observation observation(long index, PostedReference reference, Instant time) {
    SplittableRandom random =
        new SplittableRandom(seed ^ (index * 0x9E3779B97F4A7C15L) ^ reference.layer().hashCode());
    long step = index * STEPS;
    double epoch = step / STEPS_PER_EPOCH;
    double progress = curve.at((double) index) + curve.noise() * random.nextGaussian();
    double score = reference.floor() + progress * (reference.ceiling() - reference.floor());
    boolean isUndefined = isUndefined(index);
    Observation.Builder builder =
        Observation.builder(
                new Observation.Key(attempt(index), reference.layer(), reference.id(), step),
                time,
                reference.profile(),
                isUndefined ? new Undefined(Undefined.NON_FINITE) : outcome(score, random))
            .epoch(rounded(epoch))
            .scoreFloor(OptionalDouble.of(reference.floor()))
            .scoreCeiling(OptionalDouble.of(reference.ceiling()))
            .probeSeconds(OptionalDouble.of(rounded(0.012 + 0.003 * random.nextDouble())))
            .overheadRatio(OptionalDouble.of(rounded(0.006 + 0.002 * random.nextDouble())))
            .overheadBudgetRatio(OptionalDouble.of(0.01))
            .evaluations(evaluations(index, random))
            .training(
                new TrainingState(
                    OptionalDouble.of(rounded(180 + 15 * random.nextGaussian())),
                    OptionalDouble.of(1 << 30)));
    return isUndefined ? builder.build() : scored(builder, progress, random).build();
  }

  private boolean isUndefined(long index) {
    return (hasGaps && index % 17 == 13)
        || (fate == Fate.FAILED && index >= length - LOST_AT_THE_END);
  }

  private static Outcome outcome(double score, SplittableRandom random) {
    return new Score(
        rounded(CHANCE + (1 - CHANCE) * score),
        CHANCE,
        rounded(score),
        rounded(0.008 + 0.004 * random.nextDouble()),
        512,
        128);
  }

  private static Observation.Builder scored(
      Observation.Builder builder, double progress, SplittableRandom random) {
    double accuracy = ratio(0.1 + 0.82 * progress);
    return builder
        .gaugedScore(OptionalDouble.of(rounded(progress)))
        .predictedAccuracy(
            Optional.of(
                new PredictedAccuracy(accuracy, ratio(accuracy - 0.04), ratio(accuracy + 0.03))))
        .companions(
            new Companions(
                OptionalDouble.of(ratio(0.3 + 0.6 * progress + 0.02 * random.nextGaussian())),
                OptionalDouble.of(rounded(6 + 20 * Math.max(0, progress))),
                OptionalDouble.of(ratio(0.1 + 0.5 * progress)),
                OptionalDouble.of(ratio(0.1 + 0.85 * progress))));
  }

  private Map<String, Double> evaluations(long index, SplittableRandom random) {
    double learned = curve.at((double) index);
    return Map.of(
        "train_loss", rounded(0.15 + 2.15 * Math.exp(-3 * learned) + 0.02 * random.nextDouble()),
        "validate_Accuracy", ratio(0.1 + 0.8 * learned + 0.01 * random.nextGaussian()));
  }

  private static double ratio(double number) {
    return rounded(Math.min(Math.max(number, 0), 1));
  }

  /** As many digits as mean something. */
  private static double rounded(double number) {
    return Math.rint(number * 1e6) / 1e6;
  }
}
