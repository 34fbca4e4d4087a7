package dev.latentgauge.examples.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import dev.latentgauge.examples.data.Cora;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;

/**
 * The words of N papers as features: a column for each of the 1,433, and in each row the same
 * weight for all words of a paper, which add up to one.
 *
 * <p>Only one value in a hundred is not zero, so the arrays are sparse; DJL has no dropout for
 * those, hence {@link #thinned}. Holds one dense copy outside the heap, 16 MB for Cora. Not
 * thread-safe.
 */
public final class Words {

  private final List<List<Integer>> words;
  private final ByteBuffer dense;
  private final Shape shape;

  /**
   * The words of some papers.
   *
   * @param cora at least one paper
   * @param manager where the memory is from
   */
  public Words(Cora cora, NDManager manager) {
    words = cora.words();
    shape = new Shape(words.size(), Cora.WORDS);
    dense = manager.allocateDirect(Math.toIntExact(shape.size()) * Float.BYTES);
  }

  /**
   * All words.
   *
   * @param manager owns the array
   * @return N x 1,433 in float32, sparse
   */
  public NDArray all(NDManager manager) {
    return thinned(0, new Random(0), manager);
  }

  /**
   * Dropout: each word of a paper is left out by chance, and the others grow so that the
   * expectation stays.
   *
   * @param rate the probability to be left out, at least 0 and below 1
   * @param random decides
   * @param manager owns the array
   * @return N x 1,433 in float32, sparse
   */
  public NDArray thinned(double rate, Random random, NDManager manager) {
    FloatBuffer values = dense.asFloatBuffer();
    for (int paper = 0; paper < words.size(); paper++) {
      List<Integer> present = words.get(paper);
      float weight = (float) (1 / ((1 - rate) * present.size()));
      for (int word : present) {
        values.put(paper * Cora.WORDS + word, random.nextDouble() < rate ? 0 : weight);
      }
    }
    // Not NDManager.createCoo: its arrays share memory that Java may free while they live.
    try (NDArray shared = manager.create(dense, shape, DataType.FLOAT32)) {
      return shared.toSparse(SparseFormat.COO);
    }
  }
}
