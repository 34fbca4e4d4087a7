package dev.latentgauge.agent;

import dev.latentgauge.agent.Stopped.Best;
import dev.latentgauge.agent.Stopped.Cause;
import dev.latentgauge.relative.Difference;
import dev.latentgauge.relative.Measurement;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One {@link EarlyStopping} at work: what was best so far, and how long ago the last improvement
 * was.
 *
 * <p>These are two things: the best may be better than the last improvement, but not by enough.
 */
final class StoppingRule {

  private final EarlyStopping settings;
  private final Optional<Target> target;
  private @Nullable Check best;
  private @Nullable Check lastImprovement;
  private int waiting;
  private long checks;
  private boolean isResumed;

  /**
   * A rule that has not seen anything.
   *
   * @param settings the settings
   * @param target whose readings it watches; empty for the value of an evaluator
   */
  StoppingRule(EarlyStopping settings, Optional<Target> target) {
    this.settings = settings;
    this.target = target;
  }

  /**
   * A value to be judged.
   *
   * @param step updates so far
   * @param epoch whole passes over the data so far
   * @param value may be NaN or infinite
   * @param measurement what the value was measured with, if it is a score
   */
  record Check(long step, long epoch, double value, Optional<Measurement> measurement) {}

  /**
   * A judgement.
   *
   * @param isBest whether the value is the best so far
   * @param cause why to stop, if so
   * @param reason the same for people
   */
  record Verdict(boolean isBest, Optional<Cause> cause, String reason) {
    private static Verdict goOn(boolean isBest) {
      return new Verdict(isBest, Optional.empty(), "");
    }

    private static Verdict stop(boolean isBest, Cause cause, String reason) {
      return new Verdict(isBest, Optional.of(cause), reason);
    }
  }

  /** Judges a value; of those before the start nothing is kept. */
  Verdict check(Check check) {
    if (isBeforeStart(check)) {
      return Verdict.goOn(false);
    }
    if (!Double.isFinite(check.value()) && settings.checksFinite) {
      return Verdict.stop(false, Cause.NOT_FINITE, settings.watched + " is not finite" + at(check));
    }
    boolean isFinite = Double.isFinite(check.value());
    waiting++;
    checks++;
    if (isFinite && isImprovement(check)) {
      lastImprovement = check;
      if (isBeyondBaseline(check.value())) {
        waiting = 0;
      }
    }
    boolean isBest =
        isFinite && (best == null || settings.mode.gain(check.value(), best.value()) > 0);
    if (isBest) {
      best = check;
    }
    return judge(check, isBest);
  }

  /**
   * Judges that there is no value, though it was measured. Once there has been one that is a check
   * without an improvement: units that have died do not come back by waiting.
   *
   * @param why there is none
   */
  Verdict checkUndefined(Check check, String why) {
    if (best == null || isBeforeStart(check)) {
      return Verdict.goOn(false);
    }
    waiting++;
    checks++;
    return waiting < settings.patience
        ? Verdict.goOn(false)
        : Verdict.stop(
            false,
            Cause.NO_IMPROVEMENT,
            withoutImprovement("undefined" + at(check) + " (" + why + ")", check));
  }

  private boolean isBeforeStart(Check check) {
    return check.step() < settings.startFromStep || check.epoch() < settings.startFromEpoch;
  }

  private boolean isImprovement(Check check) {
    if (lastImprovement == null) {
      return true;
    }
    double gain = settings.mode.gain(check.value(), lastImprovement.value());
    if (settings.level.isEmpty() || check.measurement().isEmpty()) {
      return gain > settings.minDelta;
    }
    Optional<Difference> difference =
        lastImprovement.measurement().flatMap(before -> check.measurement().get().minus(before));
    double error = difference.map(Difference::standardError).orElse(0.0);
    Difference beyondDelta = new Difference(gain - settings.minDelta, error);
    return beyondDelta.probabilityByChance() < settings.level.getAsDouble();
  }

  private boolean isBeyondBaseline(double value) {
    return settings.baseline.isEmpty()
        || settings.mode.gain(value, settings.baseline.getAsDouble()) > settings.minDelta;
  }

  private Verdict judge(Check check, boolean isBest) {
    double value = check.value();
    boolean isFinite = Double.isFinite(value);
    if (isFinite
        && settings.stoppingThreshold.isPresent()
        && settings.reaches(value, settings.stoppingThreshold.getAsDouble())) {
      String limit = number(settings.stoppingThreshold.getAsDouble());
      return Verdict.stop(
          isBest, Cause.STOPPING_THRESHOLD, now(check) + ", which reaches " + limit);
    }
    if (isFinite
        && settings.divergenceThreshold.isPresent()
        && !settings.reaches(value, settings.divergenceThreshold.getAsDouble())) {
      String limit = number(settings.divergenceThreshold.getAsDouble());
      return Verdict.stop(
          isBest, Cause.DIVERGENCE_THRESHOLD, now(check) + ", which is worse than " + limit);
    }
    if (waiting >= settings.patience) {
      return Verdict.stop(isBest, Cause.NO_IMPROVEMENT, withoutImprovement(value(check), check));
    }
    return Verdict.goOn(isBest);
  }

  private String withoutImprovement(String now, Check check) {
    String than =
        settings.baseline.isPresent() && (best == null || !isBeyondBaseline(best.value()))
            ? " beyond the baseline " + number(settings.baseline.getAsDouble())
            : "";
    String since = best == null || best.equals(check) ? "" : "; the best was " + value(best);
    return settings.watched
        + " has not improved"
        + than
        + " in "
        + waiting
        + (waiting == 1 ? " check" : " checks")
        + ": it is "
        + now
        + since;
  }

  /** Tells the trial of a search, and answers why it has no use for the training, if so. */
  Optional<String> prune(Check check) {
    if (settings.trial.isEmpty() || isBeforeStart(check) || !Double.isFinite(check.value())) {
      return Optional.empty();
    }
    Trial trial = settings.trial.get();
    trial.report(check.step(), check.value());
    return trial.shouldPrune()
        ? Optional.of(now(check) + ", and the search has no use for it")
        : Optional.empty();
  }

  private String now(Check check) {
    return settings.watched + " is " + value(check);
  }

  private static String value(Check check) {
    return number(check.value()) + at(check);
  }

  private static String at(Check check) {
    return " at step " + check.step();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }

  EarlyStopping settings() {
    return settings;
  }

  /** Whose readings it watches; empty for the value of an evaluator. */
  Optional<Target> target() {
    return target;
  }

  /** What is watched, in a way that another process can recognise. */
  String watches() {
    return settings.watched + target.map(of -> " of " + of).orElse("");
  }

  /** The best check so far. */
  Optional<Best> best() {
    return Optional.ofNullable(best)
        .map(check -> new Best(settings.watched, check.value(), check.step()));
  }

  /**
   * How many checks there were, if they were too few for the patience to end: the first one is an
   * improvement.
   */
  Optional<Long> tooFewChecks() {
    return isResumed || checks > settings.patience ? Optional.empty() : Optional.of(checks);
  }

  /** What another process needs to go on from here. */
  MonitorState.Rule state() {
    return MonitorState.Rule.of(watches(), waiting, best, lastImprovement);
  }

  /** Goes on from where another process was. */
  void resume(MonitorState.Rule state) {
    isResumed = true;
    waiting = state.waiting();
    best = state.bestCheck();
    lastImprovement = state.lastImprovedCheck();
  }
}
