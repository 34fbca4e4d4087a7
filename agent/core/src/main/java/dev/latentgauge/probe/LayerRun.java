package dev.latentgauge.probe;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import java.util.List;

/** One run of a model for the layers inside it that are named by paths. */
interface LayerRun {

  /**
   * A run in which as much can be reached as can be: any block, where blocks tell what they answer.
   */
  static LayerRun of(Block block) {
    return BlockOutputs.areKnown() ? new WatchedRun(block) : new Route(block);
  }

  /**
   * Leads to one more layer.
   *
   * @param layer its number
   * @param way which child to enter in each block on the way, see {@link BlockPath#indices}
   */
  void lead(int layer, List<Integer> way);

  /** Whether there is any layer. */
  boolean leadsSomewhere();

  /** Runs what the layers need, in evaluation mode, and nothing after it; once. */
  void run(ParameterStore parameters, NDList inputs, Answers answers);
}
