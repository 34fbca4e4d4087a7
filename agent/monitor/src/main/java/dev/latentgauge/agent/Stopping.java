package dev.latentgauge.agent;

import ai.djl.nn.Block;
import ai.djl.training.Trainer;
import dev.latentgauge.agent.Stopped.Best;
import dev.latentgauge.agent.Stopped.Cause;
import dev.latentgauge.agent.StoppingRule.Check;
import dev.latentgauge.agent.StoppingRule.Verdict;
import dev.latentgauge.observation.Nearest;
import dev.latentgauge.relative.Measurement;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All the ways in which a monitor stops its training, and the weights that are put back then. */
final class Stopping implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Stopping.class);

  private final List<StoppingRule> rules;
  private final Consumer<Throwable> failed;
  private final BestWeights weights = new BestWeights();
  private final Set<String> saidUnfed = new TreeSet<>();
  private final Set<String> saidUndefined = new TreeSet<>();

  /**
   * Rules at work.
   *
   * @param rules what stops the training; at most one of them restores the best weights
   * @param failed is told of every failure
   */
  Stopping(List<StoppingRule> rules, Consumer<Throwable> failed) {
    this.rules = List.copyOf(rules);
    this.failed = failed;
  }

  /**
   * Checks that the training has what is watched, and a model whose weights can be put back if that
   * is wanted.
   *
   * @throws IllegalArgumentException if the model is no such model; if there is nothing to be
   *     watched, and a rule is strict about it
   */
  void attach(Trainer trainer, Evaluations evaluations) {
    if (restoresBest()) {
      BestWeights.requireRestorable(trainer.getModel().getBlock());
    }
    List<String> names = evaluations.names();
    for (StoppingRule rule : rules) {
      String watched = rule.settings().watched;
      if (rule.target().isPresent()) {
        requireLayer(rule, rule.target().get(), trainer.getModel().getBlock());
      } else if (!names.contains(watched)) {
        complain(rule.settings(), unknown(watched, names));
      }
    }
  }

  private static void requireLayer(StoppingRule rule, Target target, Block block) {
    try {
      target.layer().requireIn(block);
    } catch (IllegalArgumentException e) {
      complain(rule.settings(), "early stopping watches " + target + ", but " + e.getMessage());
    }
  }

  /** Throws, or says in the log, that something is not there to be watched. */
  static void complain(EarlyStopping settings, String message) {
    if (settings.strict) {
      throw new IllegalArgumentException(message);
    }
    LOG.warn("{}; {} does nothing", message, settings);
  }

  private static String unknown(String watched, Collection<String> evaluations) {
    List<String> known = new ArrayList<>(WatchedValue.names());
    known.addAll(evaluations);
    List<String> near = Nearest.of(watched, known, 3);
    String hint = near.isEmpty() ? "" : " (did you mean " + String.join(", ", near) + "?)";
    String evaluators =
        evaluations.isEmpty()
            ? "; evaluators have no values, as no EvaluatorTrainingListener is among the listeners:"
                + " addTrainingListeners(TrainingListener.Defaults.basic()) adds one"
            : "";
    return "early stopping watches \""
        + watched
        + "\", which this training does not have"
        + hint
        + "; it has "
        + String.join(", ", known)
        + evaluators;
  }

  /** Judges what was measured. */
  Optional<Stopped> afterMeasurement(Trainer trainer, long step, long epoch, List<Sample> samples) {
    List<Stopped> stops = new ArrayList<>();
    for (StoppingRule rule : rules) {
      for (Sample sample : samples) {
        if (rule.target().equals(Optional.of(sample.target()))) {
          check(rule, step, epoch, sample)
              .map(check -> judge(rule, check, trainer))
              .orElseGet(() -> judgeUndefined(rule, step, epoch, sample))
              .ifPresent(stops::add);
        }
      }
    }
    return stops.stream().findFirst();
  }

  private static Optional<Check> check(StoppingRule rule, long step, long epoch, Sample sample) {
    WatchedValue watched = WatchedValue.named(rule.settings().watched).orElseThrow();
    Measurement measurement = sample.reading().measurement();
    OptionalDouble value = watched.reader().read(sample.reading(), step);
    if (value.isPresent()) {
      Optional<Measurement> tested =
          measurement.outcome() instanceof Score ? Optional.of(measurement) : Optional.empty();
      return Optional.of(new Check(step, epoch, value.getAsDouble(), tested));
    }
    boolean diverged = measurement.outcome().equals(new Undefined(Undefined.NON_FINITE));
    return diverged
        ? Optional.of(new Check(step, epoch, Double.NaN, Optional.empty()))
        : Optional.empty();
  }

  /** Judges that a model was measured, and that nothing came of it. */
  private Optional<Stopped> judgeUndefined(
      StoppingRule rule, long step, long epoch, Sample sample) {
    if (sample.failed()
        || !(sample.reading().measurement().outcome() instanceof Undefined undefined)) {
      return Optional.empty();
    }
    if (saidUndefined.add(rule.watches())) {
      LOG.warn(
          "{} is undefined at step {} ({}); {} counts that as no improvement, once there has been a"
              + " value (said once)",
          rule.watches(),
          step,
          undefined.reason(),
          rule.settings());
    }
    Check check = new Check(step, epoch, Double.NaN, Optional.empty());
    Verdict verdict = rule.checkUndefined(check, undefined.reason());
    return verdict.cause().map(cause -> stopped(rule, check, cause, verdict.reason()));
  }

  /** Whether something is to be judged at the end of every epoch. */
  boolean watchesEvaluations() {
    return rules.stream().anyMatch(rule -> rule.target().isEmpty());
  }

  /**
   * Judges what the evaluators said of an epoch; those that have seen nothing of it say nothing.
   *
   * @param progress at the end of the epoch
   */
  Optional<Stopped> afterEpoch(Trainer trainer, Progress progress, Map<String, Float> evaluations) {
    List<Stopped> stops = new ArrayList<>();
    for (StoppingRule rule : rules) {
      String watched = rule.settings().watched;
      Float value = evaluations.get(watched);
      if (rule.target().isPresent() || value == null) {
        continue;
      }
      boolean isOfValidation = Evaluations.isOfValidation(watched);
      if (!(isOfValidation ? progress.validatedEpoch() : progress.trainedEpoch())) {
        if (saidUnfed.add(watched)) {
          LOG.error(
              "early stopping watches {}, but an epoch ended without {}, so that there was nothing to"
                  + " check: {}",
              watched,
              isOfValidation ? "a validation" : "a batch that listeners were told of",
              isOfValidation
                  ? "EasyTrain.fit validates if it is given a validation set"
                  : "EasyTrain.trainBatch tells them");
        }
        continue;
      }
      Check check = new Check(progress.steps(), progress.epochs(), value, Optional.empty());
      judge(rule, check, trainer).ifPresent(stops::add);
    }
    return stops.stream().findFirst();
  }

  private Optional<Stopped> judge(StoppingRule rule, Check check, Trainer trainer) {
    Verdict verdict = rule.check(check);
    if (verdict.isBest() && rule.settings().restoresBest) {
      guarded(() -> weights.keep(trainer, rule.best().orElseThrow()));
    }
    Optional<Stopped> pruned = pruned(rule, check);
    return verdict
        .cause()
        .map(cause -> stopped(rule, check, cause, verdict.reason()))
        .or(() -> pruned);
  }

  private Optional<Stopped> pruned(StoppingRule rule, Check check) {
    List<Stopped> pruned = new ArrayList<>();
    guarded(
        () ->
            rule.prune(check)
                .ifPresent(reason -> pruned.add(stopped(rule, check, Cause.PRUNED, reason))));
    return pruned.stream().findFirst();
  }

  private static Stopped stopped(StoppingRule rule, Check check, Cause cause, String reason) {
    return new Stopped(cause, reason, check.step(), check.epoch(), rule.best());
  }

  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (Throwable e) {
      failed.accept(e);
    }
  }

  /** That the collector wants the training stopped. */
  Stopped byDirective(String reason, long step, long epoch) {
    String text = "the collector said so" + (reason.isEmpty() ? "" : ": " + reason);
    Optional<Best> best = rules.stream().findFirst().flatMap(StoppingRule::best);
    return new Stopped(Cause.DIRECTIVE, text, step, epoch, best);
  }

  boolean restoresBest() {
    return rules.stream().anyMatch(rule -> rule.settings().restoresBest);
  }

  /**
   * Puts the best weights back, if they are kept, and certainly the best.
   *
   * @param isMeasured whether a target has not been given up
   */
  Optional<Best> restoreBest(Predicate<Target> isMeasured) {
    StoppingRule rule =
        rules.stream().filter(each -> each.settings().restoresBest).findFirst().orElseThrow();
    Optional<Best> best = rule.best();
    if (best.isEmpty()) {
      return best;
    }
    if (!rule.target().map(isMeasured::test).orElse(true)) {
      LOG.error(
          "the weights stay as they are: those of {} may not be the best, as nothing could be"
              + " measured after too many failures",
          text(best.get()));
      return Optional.empty();
    }
    if (!weights.best().equals(best)) {
      LOG.error(
          "the weights stay as they are: those of {} are not there to be restored, as they are those"
              + " of an earlier process or could not be kept",
          text(best.get()));
      return Optional.empty();
    }
    weights.restore();
    return best;
  }

  private static String text(Best best) {
    return best.watched() + " " + best.value() + " at step " + best.step();
  }

  /** Says of a training that ran to its end which rules could not have stopped it. */
  void sayWhatCouldNotStop() {
    for (StoppingRule rule : rules) {
      rule.tooFewChecks()
          .ifPresent(
              checks ->
                  LOG.warn(
                      "early stopping by {}, with a patience of {}, could not stop the training, as it"
                          + " had too few checks ({}): the training was too short, the checks were"
                          + " too rare, or what it watches was undefined",
                      rule.watches(),
                      rule.settings().patience,
                      checks));
    }
  }

  /** What another process needs to go on from here. */
  List<MonitorState.Rule> state() {
    return rules.stream().map(StoppingRule::state).toList();
  }

  @Override
  public void close() {
    weights.close();
  }
}
