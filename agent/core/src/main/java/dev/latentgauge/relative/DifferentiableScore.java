package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;

/**
 * A score through which gradients flow, on the device of its arrays.
 *
 * <p>An engine that differentiates keeps the matrices on the way, and makes as many again on the
 * way back. Here the gradient is computed together with the value, by the formula and in blocks,
 * and overwrites one copy of the cosines. With u the profiles of the run, y those of the reference
 * less their mean w, and otherwise the words of {@link Gauge}, the score changes with a profile by
 *
 * <pre>    ((n-q)/(n-1) y - q (u - w)) / (n (1-c))</pre>
 *
 * and whatever along u, since profiles keep their length; {@link Profiling} knows the rest of the
 * way. What the engine sees is the inner product of cosines and gradient, which changes as the
 * score does.
 */
final class DifferentiableScore {

  private DifferentiableScore() {}

  /**
   * The score of a run, one element.
   *
   * @param relative the n x k cosines of the run, to which the gradient flows
   */
  static NDArray of(NDArray relative, Profile profile, Concordance.Centred reference) {
    NDArray cosines = relative.stopGradient();
    RowBlocks rows = RowBlocks.overwriting(cosines.duplicate());
    // Numbers are made first: later a GPU, which is busy, would have to be waited for.
    NDArray probes = rows.count();
    NDArray perOther = Scratch.number(rows.manager(), 1.0 / (rows.rows() - 1));
    NDArray half = Scratch.number(rows.manager(), 0.5);
    Profiling profiles = Profiling.of(profile, rows);
    NDArray mean = profiles.sum().div(probes);
    NDArray sums =
        rows.total(
            block -> {
              NDArray centred = block.rows().sub(mean);
              NDArray products = centred.mul(block.of(reference.rows()));
              return NDArrays.stack(new NDList(centred.square().sum(), products.sum()));
            });
    NDArray squares = sums.get(0).add(Scratch.view(rows.manager(), reference.squares()).sum());
    NDArray distances =
        squares.add(Concordance.shift(mean, reference).square().sum().mul(probes)).mul(half);
    NDArray product = sums.get(1).mul(perOther);
    NDArray scale = distances.add(product);
    NDArray score = product.mul(probes).div(scale);
    NDArray share = probes.sub(score).mul(perOther);
    profiles.back(
        cosines,
        block -> {
          NDArray others = block.of(reference.rows()).toType(cosines.getDataType(), false);
          return others.mul(share).subi(block.rows().sub(reference.mean()).muli(score));
        });
    DataType type = relative.getDataType();
    NDArray change =
        relative.flatten().matMul(rows.matrix().flatten()).div(scale.toType(type, false));
    return change.sub(change.stopGradient()).add(score.toType(type, false)).reshape(1);
  }
}
