package dev.latentgauge.examples.study.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The trainings of a task, and how each is made.
 *
 * @param <R> what says how
 */
final class Trainings<R> {

  private final List<Run> runs = new ArrayList<>();
  private final Map<String, R> recipes = new HashMap<>();

  void add(Run run, R recipe) {
    runs.add(run);
    recipes.put(run.name(), recipe);
  }

  /** In the order in which they were added. */
  List<Run> runs() {
    return List.copyOf(runs);
  }

  /**
   * How a run is made.
   *
   * @throws IllegalArgumentException if it is of another task
   */
  R recipe(Run run) {
    @Nullable R recipe = recipes.get(run.name());
    if (recipe == null) {
      throw new IllegalArgumentException(
          "a run must be one of this task, but \"" + run.name() + "\" is not");
    }
    return recipe;
  }
}
