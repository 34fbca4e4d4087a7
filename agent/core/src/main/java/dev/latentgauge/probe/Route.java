package dev.latentgauge.probe;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A block, and the ways from it to the layers of one pass: a tree, which is run once.
 *
 * <p>The children of a sequential block are run once each, up to the last that is needed. What else
 * leads to layers inside is run aside, and then, only if something after it needs its output, as a
 * whole: how a parallel block combines its children is private in DJL, and a subclass of the
 * sequential block may do other things with its children than to run them in turn.
 *
 * <p>A block that fails costs those layers their outputs that come after it, as if each layer had a
 * pass of its own. What is run aside has the same input arrays as the whole, so that blocks which
 * write into their input there are not for several layers.
 */
final class Route implements LayerRun {

  private final Block block;
  private final List<Integer> ending = new ArrayList<>();
  private final SortedMap<Integer, Route> inside = new TreeMap<>();
  private boolean answered;

  Route(Block block) {
    this.block = block;
  }

  @Override
  public void lead(int layer, List<Integer> way) {
    if (way.isEmpty()) {
      ending.add(layer);
      return;
    }
    Route next =
        inside.computeIfAbsent(way.get(0), index -> new Route(block.getChildren().valueAt(index)));
    next.lead(layer, way.subList(1, way.size()));
  }

  @Override
  public boolean leadsSomewhere() {
    return !ending.isEmpty() || !inside.isEmpty();
  }

  @Override
  public void run(ParameterStore parameters, NDList inputs, Answers answers) {
    try {
      upTo(new Run(parameters, answers), inputs);
    } catch (RuntimeException e) {
      fail(e, answers);
    }
  }

  private record Run(ParameterStore parameters, Answers answers) {}

  /** Tells all layers that have no output yet: all of them come after what failed. */
  private void fail(RuntimeException failure, Answers answers) {
    inside.values().forEach(route -> route.fail(failure, answers));
    if (!answered) {
      ending.forEach(layer -> answers.fail(layer, failure));
    }
  }

  private void upTo(Run run, NDList inputs) {
    if (!ending.isEmpty()) {
      output(run, inputs);
    } else if (block instanceof SequentialBlock) {
      upToLast(run, inputs);
    } else {
      branches(run, inputs);
    }
  }

  /** Runs a sequential block to the last layer inside. */
  private void upToLast(Run run, NDList inputs) {
    NDList current = inputs;
    BlockList children = block.getChildren();
    int last = inside.lastKey();
    for (int i = 0; i < last; i++) {
      current = child(run, children, i, current);
    }
    Objects.requireNonNull(inside.get(last)).upTo(run, current);
  }

  private void branches(Run run, NDList inputs) {
    inside.values().forEach(branch -> branch.run(run.parameters, inputs, run.answers));
  }

  private NDList output(Run run, NDList inputs) {
    NDList output = inside.isEmpty() ? forward(run, block, inputs) : outputs(run, inputs);
    ending.forEach(layer -> run.answers.answer(layer, output));
    answered = true;
    return output;
  }

  private NDList outputs(Run run, NDList inputs) {
    if (ModuleCopy.runsItsChildrenInTurn(block)) {
      return throughAll(run, inputs, ((SequentialBlock) block).isReturnIntermediate());
    }
    aside(run, inputs);
    return forward(run, block, inputs);
  }

  private void aside(Run run, NDList inputs) {
    if (!(block instanceof SequentialBlock)) {
      branches(run, inputs);
      return;
    }
    try {
      upToLast(run, inputs);
    } catch (RuntimeException e) {
      inside.values().forEach(route -> route.fail(e, run.answers));
    }
  }

  /** What the forward pass of {@link SequentialBlock} does. */
  private NDList throughAll(Run run, NDList inputs, boolean intermediate) {
    NDList past = new NDList();
    NDList current = inputs;
    BlockList children = block.getChildren();
    for (int i = 0; i < children.size(); i++) {
      current = child(run, children, i, current);
      past.addAll(current);
    }
    return intermediate ? past : current;
  }

  private NDList child(Run run, BlockList children, int index, NDList inputs) {
    Route route = inside.get(index);
    return route == null
        ? forward(run, children.valueAt(index), inputs)
        : route.output(run, inputs);
  }

  private static NDList forward(Run run, Block block, NDList inputs) {
    return block.forward(run.parameters, inputs, false);
  }
}
