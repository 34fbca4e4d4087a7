package dev.latentgauge.tests.unaware;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;

/** A block as people write them: how it runs its children is its own affair. */
final class Network extends AbstractBlock {

  private final Block stem;
  private final Block branches;
  private final Block head;

  Network() {
    stem =
        addChildBlock(
            "stem",
            new SequentialBlock()
                .add(Linear.builder().setUnits(16).build())
                .add(Activation::relu)
                .add(Dropout.builder().optRate(0.1f).build()));
    branches =
        addChildBlock(
            "branches",
            new ParallelBlock(
                outputs -> new NDList(NDArrays.concat(new NDList(heads(outputs)), 1)),
                List.of(
                    Linear.builder().setUnits(8).build(), Linear.builder().setUnits(8).build())));
    head = addChildBlock("head", Linear.builder().setUnits(Data.CLASSES).build());
  }

  private static NDList heads(List<NDList> outputs) {
    NDList heads = new NDList();
    outputs.forEach(output -> heads.add(output.head()));
    return heads;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> more) {
    NDList stemmed = stem.forward(parameters, inputs, training);
    NDList joined = branches.forward(parameters, stemmed, training);
    return head.forward(parameters, joined, training);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), Data.CLASSES)};
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    stem.initialize(manager, type, inputs);
    Shape[] stemmed = stem.getOutputShapes(inputs);
    branches.initialize(manager, type, stemmed);
    head.initialize(manager, type, new Shape(inputs[0].get(0), 16));
  }
}
