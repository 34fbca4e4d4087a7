package dev.latentgauge.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Tells what it answers, as a Java agent makes all blocks do, and counts how often it runs. */
final class ToldBlock extends AbstractBlock {

  private final Body body;
  private int runs;

  /** What a block computes. */
  interface Body {
    NDArray run(NDArray input, Children children);
  }

  /** The blocks inside. */
  interface Children {
    NDArray run(int index, NDArray input);
  }

  ToldBlock(Body body) {
    this.body = body;
  }

  /** A block without others inside. */
  static ToldBlock leaf(UnaryOperator<NDArray> operation) {
    return new ToldBlock((input, children) -> operation.apply(input));
  }

  static ToldBlock times(int factor) {
    return leaf(input -> input.mul(factor));
  }

  /** Adds a block inside. */
  ToldBlock with(String name, Block child) {
    addChildBlock(name, child);
    return this;
  }

  int runs() {
    return runs;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    runs++;
    NDArray output =
        body.run(
            inputs.head(),
            (index, input) ->
                children.valueAt(index).forward(parameters, new NDList(input), training).head());
    NDList answer = new NDList(output);
    BlockOutputs.answered(this, answer);
    return answer;
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return inputs;
  }
}
