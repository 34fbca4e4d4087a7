package dev.latentgauge.examples.stitching.images;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/** Adds to each token what is learnt of its place: n x l x d to the same. */
final class Positions extends AbstractBlock {

  private final Parameter places;

  Positions() {
    places =
        addParameter(
            Parameter.builder()
                .setName("places")
                .setType(Parameter.Type.WEIGHT)
                .optInitializer(new NormalInitializer(0.02f))
                .build());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray tokens = inputs.singletonOrThrow();
    return new NDList(tokens.add(parameters.getValue(places, tokens.getDevice(), training)));
  }

  @Override
  protected void prepare(Shape[] inputShapes) {
    places.setShape(inputShapes[0].slice(1));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return inputShapes;
  }
}
