package dev.latentgauge.agent;

import ai.djl.training.Trainer;
import ai.djl.training.evaluator.Evaluator;
import ai.djl.training.listener.EvaluatorTrainingListener;
import ai.djl.training.listener.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a training's own evaluators say, under the names that DJL's {@link
 * EvaluatorTrainingListener} has for them.
 *
 * <p>That listener works the values out when it is told of the end of an epoch, and forgets what
 * they are made of. If it comes after the monitor in the list of listeners, its values are still
 * those of the epoch before when the monitor is told: then they are read where it will read them.
 */
final class Evaluations {

  private static final String TRAIN = "train_";
  private static final String VALIDATE = "validate_";
  private static final String LOSS = "loss";

  private final Trainer trainer;
  private final boolean isComputed;
  private final boolean isComputedAfterUs;

  private Evaluations(Trainer trainer, boolean isComputed, boolean isComputedAfterUs) {
    this.trainer = trainer;
    this.isComputed = isComputed;
    this.isComputedAfterUs = isComputedAfterUs;
  }

  /** The evaluations of a trainer that has a monitor among its listeners, or told after them. */
  static Evaluations of(Trainer trainer, TrainingListener monitor) {
    List<TrainingListener> listeners = new ArrayList<>();
    trainer.notifyListeners(listeners::add);
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < listeners.size(); i++) {
      if (listeners.get(i) instanceof EvaluatorTrainingListener) {
        places.add(i);
      }
    }
    int last = places.isEmpty() ? -1 : places.get(places.size() - 1);
    int ours = listeners.indexOf(monitor);
    return new Evaluations(trainer, last >= 0, ours >= 0 && last > ours);
  }

  /** The names that values can have; none if nothing computes them. */
  List<String> names() {
    if (!isComputed) {
      return List.of();
    }
    List<String> names = new ArrayList<>(List.of(TRAIN + LOSS, VALIDATE + LOSS));
    for (Evaluator evaluator : trainer.getEvaluators()) {
      names.add(TRAIN + evaluator.getName());
      names.add(VALIDATE + evaluator.getName());
    }
    return names;
  }

  /** Whether a value says something about data that the training does not see. */
  static boolean isOfValidation(String name) {
    return name.startsWith(VALIDATE);
  }

  /** The values of the last whole epoch, which may be NaN or infinite, by their names. */
  Map<String, Float> latest() {
    Map<String, Float> values = new TreeMap<>();
    trainer
        .getTrainingResult()
        .getEvaluations()
        .forEach(
            (name, value) -> {
              if (value != null) {
                values.put(name, value);
              }
            });
    return values;
  }

  /** The values of an epoch that ends now. */
  Map<String, Float> ofEndingEpoch() {
    if (!isComputedAfterUs) {
      return latest();
    }
    Map<String, Float> values = new TreeMap<>();
    for (Evaluator evaluator : trainer.getEvaluators()) {
      float train = evaluator.getAccumulator(EvaluatorTrainingListener.TRAIN_EPOCH);
      float validate = evaluator.getAccumulator(EvaluatorTrainingListener.VALIDATE_EPOCH);
      values.put(TRAIN + evaluator.getName(), train);
      values.put(VALIDATE + evaluator.getName(), validate);
      if (evaluator == trainer.getLoss()) {
        values.put(TRAIN + LOSS, train);
        values.put(VALIDATE + LOSS, validate);
      }
    }
    return values;
  }
}
