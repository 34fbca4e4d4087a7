package dev.latentgauge.examples.unmodified;

import ai.djl.modality.nlp.Vocabulary;
import ai.djl.modality.nlp.embedding.TrainableWordEmbedding;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.latentgauge.examples.data.Trec;
import org.jspecify.annotations.Nullable;

/**
 * A classifier of questions: word embeddings and where they stand, an encoder, and a linear head.
 *
 * <p>Takes n x l word numbers (int64), answers n x 6 logits.
 *
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al., Attention Is All You Need, 2017
 *     (the positions are those of section 3.5)</a>
 */
final class QuestionNetwork extends AbstractBlock {

  private static final int DIMENSIONS = 64;
  private static final double LONGEST_WAVE = 10_000;

  private final long padding;
  private final Block embedding;
  private final Block encoder;
  private final Block head;

  /**
   * Makes a network, whose parameters are still to be initialized.
   *
   * @param vocabulary the words that there are
   * @param padding the number that stands for no word
   */
  QuestionNetwork(Vocabulary vocabulary, long padding) {
    this.padding = padding;
    embedding = addChildBlock("embedding", new TrainableWordEmbedding(vocabulary, DIMENSIONS));
    encoder = addChildBlock("encoder", new QuestionEncoder(DIMENSIONS));
    head = addChildBlock("head", Linear.builder().setUnits(Trec.KINDS.size()).build());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray numbers = inputs.singletonOrThrow();
    NDArray isWord = numbers.neq(padding).toType(DataType.FLOAT32, false);
    NDArray words =
        embedding
            .forward(parameters, inputs, training)
            .singletonOrThrow()
            .mul(Math.sqrt(DIMENSIONS))
            .add(positions(numbers.getManager(), Math.toIntExact(numbers.getShape().get(1))));
    NDList encoded = encoder.forward(parameters, new NDList(words, isWord), training);
    return head.forward(parameters, encoded, training);
  }

  /** Sines and cosines of l positions, l x {@value #DIMENSIONS}. */
  private static NDArray positions(NDManager manager, int length) {
    float[] waves = new float[length * DIMENSIONS];
    for (int position = 0; position < length; position++) {
      for (int i = 0; i < DIMENSIONS; i += 2) {
        double angle = position / Math.pow(LONGEST_WAVE, (double) i / DIMENSIONS);
        waves[position * DIMENSIONS + i] = (float) Math.sin(angle);
        waves[position * DIMENSIONS + i + 1] = (float) Math.cos(angle);
      }
    }
    return manager.create(waves, new Shape(length, DIMENSIONS));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    embedding.initialize(manager, type, inputs);
    Shape[] encoderInputs = {embedding.getOutputShapes(inputs)[0], inputs[0]};
    encoder.initialize(manager, type, encoderInputs);
    head.initialize(manager, type, encoder.getOutputShapes(encoderInputs));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), Trec.KINDS.size())};
  }
}
