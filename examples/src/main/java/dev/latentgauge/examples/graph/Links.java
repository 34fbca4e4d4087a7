package dev.latentgauge.examples.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import dev.latentgauge.examples.data.Cora;

/** What graph layers multiply with, made of the adjacency A of N papers. */
public enum Links {
  /** Neighbours are added up: A. */
  SUM,
  /** They are averaged, as seen from both ends: D^-1/2 A D^-1/2, where D are the sums of rows. */
  AVERAGE,
  /** The same where each paper is its own neighbour too: A + I in place of A. */
  AVERAGE_WITH_SELF;

  /**
   * The links of some papers. Takes O(N^2) for a moment, 30 MB for Cora.
   *
   * @param cora at least one paper
   * @param manager owns the array
   * @return N x N in float32, sparse
   */
  public NDArray of(Cora cora, NDManager manager) {
    try (NDManager scratch = manager.newSubManager()) {
      NDArray dense = adjacency(cora, scratch);
      if (this == AVERAGE_WITH_SELF) {
        dense = dense.add(scratch.eye((int) dense.getShape().get(0)));
      }
      if (this != SUM) {
        NDArray root = dense.sum(new int[] {1}, true).maximum(1).sqrt();
        dense = dense.div(root).div(root.transpose());
      }
      // Not NDManager.createCoo: its arrays share memory that Java may free while they live.
      NDArray sparse = dense.toSparse(SparseFormat.COO);
      sparse.attach(manager);
      return sparse;
    }
  }

  private static NDArray adjacency(Cora cora, NDManager manager) {
    int n = cora.words().size();
    float[] ones = new float[Math.multiplyExact(n, n)];
    for (Cora.Citation citation : cora.citations()) {
      ones[citation.from() * n + citation.to()] = 1;
      ones[citation.to() * n + citation.from()] = 1;
    }
    return manager.create(ones, new Shape(n, n));
  }
}
