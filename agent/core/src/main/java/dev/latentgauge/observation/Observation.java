package dev.latentgauge.observation;

import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Outcome;
import dev.latentgauge.relative.Undefined;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One measurement of one run, attempt, layer and reference at one step.
 *
 * <p>What is not known is absent; it is never zero or NaN. Immutable.
 */
public final class Observation {

  /** The most evaluators that an observation can have. */
  public static final int MOST_EVALUATIONS = 32;

  /** The most characters in the name of an evaluator. */
  public static final int LONGEST_EVALUATION_NAME = 128;

  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  private final Key key;
  private final double epoch;
  private final Instant time;
  private final String profile;
  private final Outcome outcome;
  private final OptionalDouble scoreFloor;
  private final OptionalDouble scoreCeiling;
  private final OptionalDouble gaugedScore;
  private final OptionalDouble probeSeconds;
  private final OptionalDouble overheadRatio;
  private final OptionalDouble overheadBudgetRatio;
  private final Companions companions;
  private final Optional<PredictedAccuracy> predictedAccuracy;
  private final SortedMap<String, Double> evaluations;
  private final TrainingState training;
  private final AgentState agent;
  private final Optional<String> embeddings;

  private Observation(Builder builder) {
    this.key = builder.key;
    this.epoch = builder.epoch;
    this.time = builder.time;
    this.profile = builder.profile;
    this.outcome = builder.outcome;
    this.scoreFloor = builder.scoreFloor;
    this.scoreCeiling = builder.scoreCeiling;
    this.gaugedScore = builder.gaugedScore;
    this.probeSeconds = builder.probeSeconds;
    this.overheadRatio = builder.overheadRatio;
    this.overheadBudgetRatio = builder.overheadBudgetRatio;
    this.companions = builder.companions;
    this.predictedAccuracy = builder.predictedAccuracy;
    this.evaluations = Collections.unmodifiableSortedMap(new TreeMap<>(builder.evaluations));
    this.training = builder.training;
    this.agent = builder.agent;
    this.embeddings = builder.embeddings;
  }

  /**
   * Starts an observation.
   *
   * @param key what was measured, and at which step
   * @param time when it was measured
   * @param profile the profile of the reference, as {@link dev.latentgauge.relative.Profile} writes
   *     it
   * @param outcome the score, or why there is none
   * @return a builder in which everything else is unknown
   */
  public static Builder builder(Key key, Instant time, String profile, Outcome outcome) {
    return new Builder(key, time, profile, outcome);
  }

  /**
   * What was measured, and at which step.
   *
   * @return the key by which the observation is one of a kind within its run
   */
  public Key key() {
    return key;
  }

  /**
   * Passes over the data so far.
   *
   * @return at least 0; may be a fraction
   */
  public double epoch() {
    return epoch;
  }

  /**
   * When it was measured.
   *
   * @return a time by the clock of the training machine
   */
  public Instant time() {
    return time;
  }

  /**
   * The profile under which run and reference were compared.
   *
   * @return the profile as {@link dev.latentgauge.relative.Profile} writes it
   */
  public String profile() {
    return profile;
  }

  /**
   * The score, or why there is none.
   *
   * @return what the measurement came to
   */
  public Outcome outcome() {
    return outcome;
  }

  /**
   * What an untrained model scores against the reference; known also where the score is undefined.
   *
   * @return a score, at most 1; absent if the reference does not know its floor
   */
  public OptionalDouble scoreFloor() {
    return scoreFloor;
  }

  /**
   * What a second good training scores against the reference; known also where the score is
   * undefined.
   *
   * @return a score, at most 1; absent if the reference does not know its ceiling
   */
  public OptionalDouble scoreCeiling() {
    return scoreCeiling;
  }

  /**
   * Where the score lies between {@link #scoreFloor} and {@link #scoreCeiling}.
   *
   * @return 0 at the floor, 1 at the ceiling, and beyond them outside; absent if either is unknown,
   *     or the score undefined
   */
  public OptionalDouble gaugedScore() {
    return gaugedScore;
  }

  /**
   * How long the training waited for this measurement.
   *
   * @return a duration in seconds
   */
  public OptionalDouble probeSeconds() {
    return probeSeconds;
  }

  /**
   * What share of its time the training has so far waited for measurements.
   *
   * @return a ratio from 0 to 1
   */
  public OptionalDouble overheadRatio() {
    return overheadRatio;
  }

  /**
   * What share of its time the training was allowed to wait for measurements.
   *
   * @return a ratio above 0, at most 1; absent if the measurements follow no budget
   */
  public OptionalDouble overheadBudgetRatio() {
    return overheadBudgetRatio;
  }

  /**
   * Other numbers from the same embeddings.
   *
   * @return the companions, each of which may be absent
   */
  public Companions companions() {
    return companions;
  }

  /**
   * What accuracy such a score has meant before.
   *
   * @return the prediction; absent if the reference is not calibrated
   */
  public Optional<PredictedAccuracy> predictedAccuracy() {
    return predictedAccuracy;
  }

  /**
   * What the training's own evaluators say.
   *
   * @return finite values by the names of their evaluators, unmodifiable
   */
  public SortedMap<String, Double> evaluations() {
    return evaluations;
  }

  /**
   * The state of the training loop.
   *
   * @return numbers of which each may be absent
   */
  public TrainingState training() {
    return training;
  }

  /**
   * The state of the agent that measured.
   *
   * @return its counters
   */
  public AgentState agent() {
    return agent;
  }

  /**
   * What it was computed from, if that was a file of embeddings.
   *
   * @return 64 hexadecimal digits, the SHA-256 of the file; absent if the agent measured by itself
   */
  public Optional<String> embeddings() {
    return embeddings;
  }

  /** Two observations are equal if they say the same on the wire. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Observation that && Wire.write(this).equals(Wire.write(that));
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return Wire.write(this);
  }

  /**
   * What was measured, and at which step; within a run an observation is one of its kind by it.
   *
   * @param attempt the process that trained, from 1
   * @param layer the name of the layer, see {@link Names}
   * @param reference the name of the reference, {@code @} and its fingerprint, see {@link Names}
   * @param step optimiser updates applied to the weights that were measured, from 0 to 2^53
   */
  public record Key(int attempt, String layer, String reference, long step) {
    /** The largest step, 2^53: JSON readers keep whole numbers exactly up to there. */
    public static final long LAST_STEP = 1L << 53;

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if one is not allowed
     */
    public Key {
      if (attempt < 1) {
        throw new IllegalArgumentException("attempt must be at least 1, but is " + attempt);
      }
      Names.require("layer", layer);
      Names.require("reference", reference);
      if (step < 0 || step > LAST_STEP) {
        throw new IllegalArgumentException("step must be from 0 to 2^53, but is " + step);
      }
    }
  }

  /**
   * What accuracy such a score has meant before, by the calibration of the reference. The interval
   * holds for runs that could as well have been among those of the calibration: the same data, the
   * same kind of run, the same step budget. At earlier steps of a run it promises nothing.
   *
   * @param value the prediction, from 0 to 1
   * @param low the lower end of its interval
   * @param high the upper end of its interval
   */
  public record PredictedAccuracy(double value, double low, double high) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if they are not 0 ≤ low ≤ value ≤ high ≤ 1
     */
    public PredictedAccuracy {
      if (!(0 <= low && low <= value && value <= high && high <= 1)) {
        throw new IllegalArgumentException(
            "predictedAccuracy must have 0 <= low <= value <= high <= 1, but has low "
                + low
                + ", value "
                + value
                + " and high "
                + high);
      }
    }
  }

  /**
   * The state of the training loop.
   *
   * @param stepsPerSecond optimiser updates a second since the last observation
   * @param deviceMemoryBytes memory of the device in use, in bytes
   */
  public record TrainingState(OptionalDouble stepsPerSecond, OptionalDouble deviceMemoryBytes) {

    /** Nothing is known of the loop. */
    public static final TrainingState UNKNOWN =
        new TrainingState(OptionalDouble.empty(), OptionalDouble.empty());
  }

  /**
   * The state of the agent that measured.
   *
   * @param failures measurements that failed since the attempt began
   * @param spooled reports that wait on disk for a collector
   * @param dropped reports that were given up since the attempt began
   */
  public record AgentState(long failures, long spooled, long dropped) {

    /** Nothing has gone wrong. */
    public static final AgentState CLEAN = new AgentState(0, 0, 0);
  }

  /** Collects what is known; what is never set stays absent. */
  public static final class Builder {
    private final Key key;
    private final Instant time;
    private final String profile;
    private final Outcome outcome;
    private double epoch;
    private OptionalDouble scoreFloor = OptionalDouble.empty();
    private OptionalDouble scoreCeiling = OptionalDouble.empty();
    private OptionalDouble gaugedScore = OptionalDouble.empty();
    private OptionalDouble probeSeconds = OptionalDouble.empty();
    private OptionalDouble overheadRatio = OptionalDouble.empty();
    private OptionalDouble overheadBudgetRatio = OptionalDouble.empty();
    private Companions companions = Companions.NONE;
    private Optional<PredictedAccuracy> predictedAccuracy = Optional.empty();
    private Map<String, Double> evaluations = Map.of();
    private TrainingState training = TrainingState.UNKNOWN;
    private AgentState agent = AgentState.CLEAN;
    private Optional<String> embeddings = Optional.empty();

    private Builder(Key key, Instant time, String profile, Outcome outcome) {
      this.key = key;
      this.time = time;
      this.profile = profile;
      this.outcome = outcome;
    }

    /**
     * Sets the passes over the data so far.
     *
     * @param epoch at least 0; may be a fraction
     * @return this builder
     */
    public Builder epoch(double epoch) {
      this.epoch = epoch;
      return this;
    }

    /**
     * Sets what an untrained model scores.
     *
     * @param scoreFloor a score, at most 1, if the reference knows its floor
     * @return this builder
     */
    public Builder scoreFloor(OptionalDouble scoreFloor) {
      this.scoreFloor = scoreFloor;
      return this;
    }

    /**
     * Sets what a second good training scores.
     *
     * @param scoreCeiling a score, at most 1, if the reference knows its ceiling
     * @return this builder
     */
    public Builder scoreCeiling(OptionalDouble scoreCeiling) {
      this.scoreCeiling = scoreCeiling;
      return this;
    }

    /**
     * Sets where the score lies between floor and ceiling.
     *
     * @param gaugedScore 0 at the floor, 1 at the ceiling
     * @return this builder
     */
    public Builder gaugedScore(OptionalDouble gaugedScore) {
      this.gaugedScore = gaugedScore;
      return this;
    }

    /**
     * Sets how long the training waited.
     *
     * @param probeSeconds a duration in seconds
     * @return this builder
     */
    public Builder probeSeconds(OptionalDouble probeSeconds) {
      this.probeSeconds = probeSeconds;
      return this;
    }

    /**
     * Sets the share of time spent on measurements.
     *
     * @param overheadRatio a ratio from 0 to 1
     * @return this builder
     */
    public Builder overheadRatio(OptionalDouble overheadRatio) {
      this.overheadRatio = overheadRatio;
      return this;
    }

    /**
     * Sets the share of time that measurements may take.
     *
     * @param overheadBudgetRatio a ratio above 0, at most 1
     * @return this builder
     */
    public Builder overheadBudgetRatio(OptionalDouble overheadBudgetRatio) {
      this.overheadBudgetRatio = overheadBudgetRatio;
      return this;
    }

    /**
     * Sets the companions.
     *
     * @param companions other numbers from the same embeddings
     * @return this builder
     */
    public Builder companions(Companions companions) {
      this.companions = companions;
      return this;
    }

    /**
     * Sets the predicted accuracy.
     *
     * @param predictedAccuracy the prediction, if there is one
     * @return this builder
     */
    public Builder predictedAccuracy(Optional<PredictedAccuracy> predictedAccuracy) {
      this.predictedAccuracy = predictedAccuracy;
      return this;
    }

    /**
     * Sets what the training's own evaluators say.
     *
     * @param evaluations finite values by name, at most {@value Observation#MOST_EVALUATIONS}
     * @return this builder
     */
    public Builder evaluations(Map<String, Double> evaluations) {
      this.evaluations = evaluations;
      return this;
    }

    /**
     * Sets the state of the training loop.
     *
     * @param training what is known of it
     * @return this builder
     */
    public Builder training(TrainingState training) {
      this.training = training;
      return this;
    }

    /**
     * Sets the state of the agent.
     *
     * @param agent its counters
     * @return this builder
     */
    public Builder agent(AgentState agent) {
      this.agent = agent;
      return this;
    }

    /**
     * Sets what it was computed from.
     *
     * @param embeddings the SHA-256 of a file of embeddings in 64 hexadecimal digits, if it was one
     * @return this builder
     */
    public Builder embeddings(Optional<String> embeddings) {
      this.embeddings = embeddings;
      return this;
    }

    /**
     * Makes the observation.
     *
     * @return the observation
     * @throws IllegalArgumentException if the epoch is negative or not finite, an evaluation is not
     *     finite or has a long name, there are too many of them, a text is too long, or the
     *     embeddings are not told by a SHA-256
     */
    public Observation build() {
      if (!(epoch >= 0) || Double.isInfinite(epoch)) {
        throw new IllegalArgumentException("epoch must be finite and at least 0, but is " + epoch);
      }
      if (evaluations.size() > MOST_EVALUATIONS) {
        throw new IllegalArgumentException(
            "evaluations must be at most " + MOST_EVALUATIONS + ", but are " + evaluations.size());
      }
      RunInfo.requireText("profile", profile);
      if (outcome instanceof Undefined undefined) {
        RunInfo.requireText("undefined", undefined.reason());
      }
      if (embeddings.isPresent() && !SHA_256.matcher(embeddings.get()).matches()) {
        throw new IllegalArgumentException(
            "embeddings must match "
                + SHA_256
                + ", but does not: it has "
                + embeddings.get().length()
                + " characters");
      }
      evaluations.forEach(
          (name, value) -> {
            if (name.length() > LONGEST_EVALUATION_NAME) {
              throw new IllegalArgumentException(
                  "the name of an evaluation must have at most "
                      + LONGEST_EVALUATION_NAME
                      + " characters, but has "
                      + name.length());
            }
            if (!Double.isFinite(value)) {
              throw new IllegalArgumentException(
                  "the evaluation " + name + " must be finite, but is " + value);
            }
          });
      return new Observation(this);
    }
  }
}
