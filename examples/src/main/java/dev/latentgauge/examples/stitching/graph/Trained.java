package dev.latentgauge.examples.stitching.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.core.Linear;
import dev.latentgauge.examples.stitching.Member;

/**
 * What is kept of a network that has learnt; of a graph there are no other inputs than its nodes,
 * so that what an encoder makes of them is all there is to know of it.
 *
 * @param member which training
 * @param epoch how many updates it had, at the best accuracy on the papers that choose
 * @param embeddings of all papers, N x d
 * @param projected what its head sees of them, N x d or N x k
 * @param weight of its head, 7 x d or 7 x k
 * @param bias of its head, 7
 */
record Trained(
    Member member, int epoch, NDArray embeddings, NDArray projected, NDArray weight, NDArray bias) {

  /**
   * What its head answers.
   *
   * @param seen what an encoder, whosever it is, gives heads to see; a row a paper
   * @return the likeliest topic of each
   */
  long[] answer(NDArray seen) {
    try (NDManager scratch = seen.getManager().newSubManager()) {
      NDArray copy = seen.duplicate();
      copy.attach(scratch);
      return Linear.linear(copy, weight, bias).head().argMax(1).toLongArray();
    }
  }
}
