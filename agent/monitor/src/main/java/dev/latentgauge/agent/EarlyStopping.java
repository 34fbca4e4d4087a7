package dev.latentgauge.agent;

import dev.latentgauge.stopping.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * When a training should end before its time.
 *
 * <p>One value is watched: the score of a run (unless said otherwise), what goes with it, or what
 * an evaluator of DJL says. Every time there is a new one, it is checked. A check is an improvement
 * if the value is better than that of the last improvement, by more than {@link Builder#minDelta}
 * and, for scores, significantly so: both are compared on the same probes, and their paired error
 * is far smaller than the errors of the two scores. After {@link Builder#patience} checks in a row
 * without an improvement the training is stopped. The best check, whose weights can be put back, is
 * the one with the best value, by however little. Thresholds stop it at once.
 *
 * <p>Scores and companions are checked whenever the training is measured, but for the baseline
 * before it; the values of evaluators at the end of every epoch. A measurement that fails is no
 * check. One that comes to nothing, as where units have died, is a check without an improvement,
 * once there has been a value. Immutable.
 */
public final class EarlyStopping {

  private static final double SMALLEST_LEVEL = 1e-4;
  private static final double LARGEST_LEVEL = 0.5;

  final String watched;
  final Optional<String> layer;
  final Optional<String> reference;
  final Mode mode;
  final double minDelta;
  final OptionalDouble level;
  final int patience;
  final long startFromStep;
  final double startFromEpoch;
  final OptionalDouble baseline;
  final OptionalDouble stoppingThreshold;
  final OptionalDouble divergenceThreshold;
  final boolean checksFinite;
  final boolean restoresBest;
  final boolean strict;
  final Optional<Trial> trial;

  private EarlyStopping(Builder builder, Mode mode) {
    this.watched = builder.watched;
    this.layer = builder.layer;
    this.reference = builder.reference;
    this.mode = mode;
    this.minDelta = builder.minDelta;
    this.level = builder.level();
    this.patience = builder.patience;
    this.startFromStep = builder.startFromStep;
    this.startFromEpoch = builder.startFromEpoch;
    this.baseline = builder.baseline;
    this.stoppingThreshold = builder.stoppingThreshold;
    this.divergenceThreshold = builder.divergenceThreshold;
    this.checksFinite = builder.checkFinite;
    this.restoresBest = builder.restoreBest;
    this.strict = builder.strict;
    this.trial = builder.trial;
  }

  /**
   * Starts with the defaults: the score, compared at the level .05, a patience of 8 checks, a stop
   * where it is not finite, and weights left as they are.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Whether a value is at least as good as a threshold. */
  boolean reaches(double value, double threshold) {
    return mode.gain(value, threshold) >= 0;
  }

  @Override
  public String toString() {
    return "early stopping by " + watched;
  }

  /** Collects the settings. */
  public static final class Builder {

    private String watched = WatchedValue.SCORE;
    private Optional<String> layer = Optional.empty();
    private Optional<String> reference = Optional.empty();
    private Optional<Mode> mode = Optional.empty();
    private double minDelta;
    private OptionalDouble significant = OptionalDouble.empty();
    private boolean minDeltaAlone;
    private int patience = 8;
    private long startFromStep;
    private double startFromEpoch;
    private OptionalDouble baseline = OptionalDouble.empty();
    private OptionalDouble stoppingThreshold = OptionalDouble.empty();
    private OptionalDouble divergenceThreshold = OptionalDouble.empty();
    private boolean checkFinite = true;
    private boolean restoreBest;
    private boolean strict = true;
    private Optional<Trial> trial = Optional.empty();

    private Builder() {}

    /**
     * Says what is watched.
     *
     * @param value {@code score}, {@code gauged_score}, {@code similarity}, {@code
     *     predicted_accuracy}, {@code linear_cka}, {@code effective_rank}, {@code
     *     neighbour_overlap}, or the value of an evaluator under the name that DJL has for it, such
     *     as {@code validate_Accuracy} or {@code train_loss}; unless set, the score
     * @return this builder
     */
    public Builder watch(String value) {
      this.watched = value;
      return this;
    }

    /**
     * Says of which layer, where several are measured.
     *
     * @param name the name of the layer; unless set, the first that the monitor measures
     * @return this builder
     */
    public Builder layer(String name) {
      this.layer = Optional.of(name);
      return this;
    }

    /**
     * Says against which reference, where there are several.
     *
     * @param name the name of the reference, with or without its fingerprint; unless set, the first
     * @return this builder
     */
    public Builder reference(String name) {
      this.reference = Optional.of(name);
      return this;
    }

    /**
     * Says whether larger or smaller values are better. What is measured against a reference has a
     * direction; the value of an evaluator has none that can be told from its name, so for those it
     * must be said.
     *
     * @param mode the direction
     * @return this builder
     */
    public Builder mode(Mode mode) {
      this.mode = Optional.of(mode);
      return this;
    }

    /**
     * Sets by how much a value must be better than the last improvement to be one. For scores the
     * test for significance stays, unless {@link #withoutSignificance} is called.
     *
     * @param delta at least 0, in the unit of the value; unless set, 0
     * @return this builder
     */
    public Builder minDelta(double delta) {
      this.minDelta = delta;
      return this;
    }

    /**
     * Sets how sure it must be that a score has improved: the probability, at most, of so large a
     * difference if there were none over all inputs that could have been probes.
     *
     * @param level from .0001 to .5; .05 unless set; for scores alone
     * @return this builder
     */
    public Builder significant(double level) {
      this.significant = OptionalDouble.of(level);
      return this;
    }

    /**
     * Takes any larger score for an improvement, if it is larger by {@link #minDelta}.
     *
     * @return this builder
     */
    public Builder withoutSignificance() {
      this.minDeltaAlone = true;
      return this;
    }

    /**
     * Sets how many checks in a row without an improvement stop the training. Between checks lies
     * what the {@link Cadence} says: an epoch, or, under a budget or a duration, perhaps a few
     * seconds, in which little can improve.
     *
     * @param checks at least 1; unless set, 8
     * @return this builder
     */
    public Builder patience(int checks) {
      this.patience = checks;
      return this;
    }

    /**
     * Sets from which step on values are checked; earlier ones count for nothing.
     *
     * @param step optimiser updates, at least 0; unless set, 0
     * @return this builder
     */
    public Builder startFrom(long step) {
      this.startFromStep = step;
      return this;
    }

    /**
     * Sets from which epoch on values are checked; earlier ones count for nothing.
     *
     * @param epoch whole passes over the data, at least 0; unless set, 0
     * @return this builder
     */
    public Builder startFromEpoch(double epoch) {
      this.startFromEpoch = epoch;
      return this;
    }

    /**
     * Sets what an improvement must also be better than to count against the patience. A training
     * that never gets there is stopped, however it improves.
     *
     * @param value finite
     * @return this builder
     */
    public Builder baseline(double value) {
      this.baseline = OptionalDouble.of(value);
      return this;
    }

    /**
     * Stops the training as soon as the value is at least as good as this.
     *
     * @param value finite
     * @return this builder
     */
    public Builder stoppingThreshold(double value) {
      this.stoppingThreshold = OptionalDouble.of(value);
      return this;
    }

    /**
     * Stops the training as soon as the value is worse than this.
     *
     * @param value finite
     * @return this builder
     */
    public Builder divergenceThreshold(double value) {
      this.divergenceThreshold = OptionalDouble.of(value);
      return this;
    }

    /**
     * Sets whether a value that is NaN or infinite stops the training at once; of what is measured,
     * embeddings that are.
     *
     * @param stops unless set, it does
     * @return this builder
     */
    public Builder checkFinite(boolean stops) {
      this.checkFinite = stops;
      return this;
    }

    /**
     * Sets whether the weights of the best check are kept, in main memory (twice, while a better
     * check takes the place of another), and put back: on a stop, when the training ends, and
     * whenever {@link TrainingMonitor#restoreBest} is called. A model with a TorchScript module
     * inside is refused when the trainer is made, since DJL does not show its moving statistics.
     * What an optimizer keeps is not put back. Copying takes the training's time also where a
     * {@link Cadence#budget} has no room for it: the copies count, and what is measured comes
     * later.
     *
     * @param restores unless set, it does not
     * @return this builder
     */
    public Builder restoreBest(boolean restores) {
      this.restoreBest = restores;
      return this;
    }

    /**
     * Sets whether a value that the training does not have is an error when the monitor is built or
     * attached; else it is said in the log, and nothing is checked.
     *
     * @param strict unless set, it is
     * @return this builder
     */
    public Builder strict(boolean strict) {
      this.strict = strict;
      return this;
    }

    /**
     * Tells the trial of a search for hyperparameters of every check, and stops the training when
     * it says so.
     *
     * @param trial called on the training thread
     * @return this builder
     */
    public Builder prunedBy(Trial trial) {
      this.trial = Optional.of(trial);
      return this;
    }

    /**
     * Makes the settings.
     *
     * @return the settings
     * @throws IllegalArgumentException if some are missing or not allowed, naming all of them
     */
    public EarlyStopping build() {
      List<String> mistakes = new ArrayList<>();
      if (mode.isEmpty() && !WatchedValue.isMeasured(watched)) {
        mistakes.add(
            "mode must say whether a larger or a smaller "
                + watched
                + " is better, as it is the value of an evaluator");
      }
      checkNumbers(mistakes);
      if (significant.isPresent() && !watched.equals(WatchedValue.SCORE)) {
        mistakes.add("significant(...) is for scores, but " + watched + " is watched");
      }
      if (significant.isPresent() && minDeltaAlone) {
        mistakes.add("significant(...) and withoutSignificance() exclude each other");
      }
      if (!mistakes.isEmpty()) {
        throw new IllegalArgumentException(
            "early stopping cannot be built: " + String.join("; ", mistakes));
      }
      return new EarlyStopping(this, mode.orElse(Mode.MAX));
    }

    private OptionalDouble level() {
      boolean isTested = watched.equals(WatchedValue.SCORE) && !minDeltaAlone;
      return isTested ? OptionalDouble.of(significant.orElse(0.05)) : OptionalDouble.empty();
    }

    private void checkNumbers(List<String> mistakes) {
      boolean isDelta = minDelta >= 0 && Double.isFinite(minDelta);
      require(mistakes, "minDelta must be finite and at least 0", isDelta, minDelta);
      require(mistakes, "patience must be at least 1", patience >= 1, patience);
      require(mistakes, "startFrom must be at least 0", startFromStep >= 0, startFromStep);
      boolean isEpoch = startFromEpoch >= 0 && Double.isFinite(startFromEpoch);
      require(mistakes, "startFromEpoch must be finite and at least 0", isEpoch, startFromEpoch);
      if (significant.isPresent()) {
        double level = significant.getAsDouble();
        boolean isLevel = level >= SMALLEST_LEVEL && level <= LARGEST_LEVEL;
        String rule = "significant must be from " + SMALLEST_LEVEL + " to " + LARGEST_LEVEL;
        require(mistakes, rule, isLevel, level);
      }
      requireFinite(mistakes, "baseline", baseline);
      requireFinite(mistakes, "stoppingThreshold", stoppingThreshold);
      requireFinite(mistakes, "divergenceThreshold", divergenceThreshold);
    }

    private static void requireFinite(List<String> mistakes, String name, OptionalDouble number) {
      boolean isFinite = Double.isFinite(number.orElse(0));
      require(mistakes, name + " must be finite", isFinite, number.orElse(0));
    }

    private static void require(List<String> mistakes, String rule, boolean holds, Object value) {
      if (!holds) {
        mistakes.add(rule + ", but is " + value);
      }
    }
  }
}
