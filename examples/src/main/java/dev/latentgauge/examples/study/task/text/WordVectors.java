package dev.latentgauge.examples.study.task.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.core.Embedding;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Turns the numbers of words into vectors that are learnt: n x l to n x l x d. Padding is zero.
 *
 * <p>What follows makes one vector of a sentence's: {@link #mean} or {@link #windows}.
 */
public final class WordVectors extends AbstractBlock {

  private final int dimensions;
  private final Parameter table;

  private WordVectors(int words, int dimensions) {
    this.dimensions = dimensions;
    this.table =
        addParameter(
            Parameter.builder()
                .setName("table")
                .setType(Parameter.Type.WEIGHT)
                .optShape(new Shape(words, dimensions))
                .build());
  }

  /**
   * The mean of the words' vectors.
   *
   * @param words the size of the vocabulary
   * @param dimensions d
   * @return a block from n x l to n x d
   */
  public static Block mean(int words, int dimensions) {
    return new ParallelBlock(
        WordVectors::quotient,
        List.of(
            new SequentialBlock()
                .add(new WordVectors(words, dimensions))
                .addSingleton(vectors -> vectors.sum(new int[] {1})),
            LambdaBlock.singleton(numbers -> isWord(numbers).sum(new int[] {1}, true).maximum(1))));
  }

  private static NDList quotient(List<NDList> sumAndCount) {
    NDArray sum = sumAndCount.get(0).singletonOrThrow();
    NDArray count = sumAndCount.get(1).singletonOrThrow();
    return new NDList(sum.div(count));
  }

  /**
   * Convolutions over windows of two, three and four words, and their maxima over the sentence (Kim
   * 2014).
   *
   * @param words the size of the vocabulary
   * @param dimensions d
   * @param channels c for each size of window
   * @return a block from n x l to n x 3c
   */
  public static Block windows(int words, int dimensions, int channels) {
    List<Block> maxima = Stream.of(2, 3, 4).map(size -> maximum(size, channels)).toList();
    return new SequentialBlock()
        .add(new WordVectors(words, dimensions))
        .addSingleton(vectors -> vectors.transpose(0, 2, 1))
        .add(
            new ParallelBlock(
                parts ->
                    new NDList(
                        NDArrays.concat(
                            new NDList(parts.stream().map(NDList::singletonOrThrow).toList()), 1)),
                maxima));
  }

  private static Block maximum(int window, int channels) {
    return new SequentialBlock()
        .add(Conv1d.builder().setKernelShape(new Shape(window)).setFilters(channels).build())
        .add(Activation.reluBlock())
        .addSingleton(features -> features.max(new int[] {2}));
  }

  private static NDArray isWord(NDArray numbers) {
    return numbers.neq(Vocabulary.PADDING).toType(DataType.FLOAT32, false);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
    NDArray numbers = inputs.singletonOrThrow();
    NDArray weights = store.getValue(table, numbers.getDevice(), training);
    NDArray vectors = Embedding.embedding(numbers, weights, SparseFormat.DENSE).singletonOrThrow();
    return new NDList(vectors.mul(isWord(numbers).expandDims(2)));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {inputShapes[0].add(dimensions)};
  }
}
