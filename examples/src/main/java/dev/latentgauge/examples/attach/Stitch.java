package dev.latentgauge.examples.attach;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import dev.latentgauge.projection.RelativeProjection;
import dev.latentgauge.projection.Translation;

/** How parts of different trainings are put together, as the README shows it. */
final class Stitch {

  private Stitch() {}

  /** A network whose head accepts any encoder. */
  static Block network(Block encoder, Block head, NDList anchorInputs, NDManager manager) {
    // README: projection
    Block projection =
        RelativeProjection.builder()
            .embeddedBy(encoder, anchorInputs) // or .frozen(embeddings), .rows(...) of a graph
            .centred(true)
            .normalized(true)
            .build(manager);
    Block network = new SequentialBlock().add(encoder).add(projection).add(head);
    // end
    return network;
  }

  /** The encoder of one existing model with the head of another. */
  static Block stitched(Block encoder, Block otherHead, NDArray anchors, NDArray otherAnchors) {
    // README: translation
    Translation translation = Translation.leastSquares(anchors, otherAnchors, 0.1);
    Block stitched = new SequentialBlock().add(encoder).add(translation).add(otherHead);
    // end
    return stitched;
  }
}
