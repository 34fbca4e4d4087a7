package dev.latentgauge.probe;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * A run of a model in which layers are looked at wherever they are, see {@link BlockOutputs}.
 *
 * <p>Where {@link Route} must know how a block runs its children, this leaves it to the block. The
 * run ends at the last layer that is looked for: what comes after it, which may draw random numbers
 * even in evaluation mode, is not run. Of a block that runs several times, the first time counts.
 */
final class WatchedRun implements LayerRun {

  /** Ends a run. An error, as blocks may catch exceptions, and none that costs a stack trace. */
  private static final class Over extends Error {
    Over() {
      super("all layers of a probe pass have answered", null, false, false);
    }
  }

  private final Block block;
  private final IdentityHashMap<Block, List<Integer>> awaited = new IdentityHashMap<>();

  WatchedRun(Block block) {
    this.block = block;
  }

  @Override
  public void lead(int layer, List<Integer> way) {
    Block at = block;
    for (int index : way) {
      at = at.getChildren().valueAt(index);
    }
    awaited.computeIfAbsent(at, each -> new ArrayList<>()).add(layer);
  }

  @Override
  public boolean leadsSomewhere() {
    return !awaited.isEmpty();
  }

  @Override
  public void run(ParameterStore parameters, NDList inputs, Answers answers) {
    try {
      BlockOutputs.watch(
          (at, output) -> take(at, output, answers),
          () -> block.forward(parameters, inputs, false));
      failAll(
          answers,
          new IllegalArgumentException(
              "the model has not run the block of the layer, though its forward pass is over: it"
                  + " must be one that runs in evaluation mode, on the thread that calls the model,"
                  + " and is derived from AbstractBaseBlock"));
    } catch (Over over) {
      // All layers have answered.
    } catch (RuntimeException e) {
      failAll(answers, e);
    }
  }

  private void take(Block at, NDList output, Answers answers) {
    List<Integer> layers = awaited.get(at);
    if (layers != null) {
      layers.forEach(layer -> answers.answer(layer, output));
      // Not before, so that they fail with what was no failure of a single layer.
      awaited.remove(at);
    }
    // Also after the last: a block may have caught what ends the run.
    if (awaited.isEmpty()) {
      throw new Over();
    }
  }

  private void failAll(Answers answers, RuntimeException failure) {
    awaited.values().forEach(layers -> layers.forEach(layer -> answers.fail(layer, failure)));
    awaited.clear();
  }
}
