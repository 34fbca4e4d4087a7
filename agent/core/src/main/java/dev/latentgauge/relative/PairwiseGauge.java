package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Computes {@link PairwiseScores}.
 *
 * <p>All that a score needs of two runs are inner products of their profiles of the same probe. For
 * R runs these are the R x R Gram matrices of n probes, which come out of one batched product of a
 * few hundred probes at a time: first for their sum, then, with the scores known, for the
 * influences. With G the Gram matrix of a probe, s its diagonal, and H_ab the product of x_a with
 * ū_b, the influence of {@link Gauge} is
 *
 * <pre>    ψ_ab = (G_ab - m_ab + q_ab g_ab)/(1-c_ab)
 *    g_ab = (V_a+V_b)/2 - (s_a+s_b)/2 + H_ab + H_ba - H_aa - H_bb</pre>
 *
 * <p>Only differences of the means ū matter, so that their own mean is taken off first, which keeps
 * what is left of them in float32. Sums over probes are in double precision.
 */
final class PairwiseGauge implements AutoCloseable {

  /** How many numbers the largest array of a step may have. */
  private static final long AT_ONCE = 1L << 20;

  private static final int[] ALONG_RUNS = {0};
  private static final int[] ALONG_PROBES = {1};
  private static final int[] ALONG_ANCHORS = {2};

  private final NDManager manager;
  private final Profile profile;
  private final List<NDArray> relatives;
  private final int runs;
  private final int probes;
  private final int anchors;
  private final List<Optional<Undefined>> defects;
  private final NDArray profiles;
  private final double[] variances;

  /** A gauge for runs of one shape, which are checked already. */
  PairwiseGauge(List<NDArray> relatives, Profile profile) {
    this.manager = relatives.get(0).getManager().newSubManager();
    this.profile = profile;
    this.runs = relatives.size();
    this.probes = Math.toIntExact(relatives.get(0).getShape().get(0));
    this.anchors = Math.toIntExact(relatives.get(0).getShape().get(1));
    try {
      this.relatives = relatives.stream().map(array -> Scratch.view(manager, array)).toList();
      this.defects = this.relatives.stream().map(this::defect).toList();
      this.profiles = stacked(profile);
      this.variances = new double[runs];
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  PairwiseScores measure() {
    double[][] similarities = similarities();
    NDArray means = profiles.mean(ALONG_PROBES);
    NDArray centred = profiles.sub(means.expandDims(1));
    double[][] products = sumOfProducts(centred);
    Arrays.setAll(variances, run -> products[run][run] / probes);
    Outcome[][] scores = scores(centred, means, products);
    return new PairwiseScores(scores, similarities, consensus());
  }

  /** What keeps a run from having scores. */
  private Optional<Undefined> defect(NDArray relative) {
    try (NDManager scratch = manager.newSubManager()) {
      RowBlocks cosines = RowBlocks.differentiable(Scratch.view(scratch, relative));
      int rows = Gauge.number(cosines.zeroRows());
      int columns = Gauge.number(cosines.zeroColumns());
      if (!Double.isFinite(Arrays.stream(Scratch.numbers(cosines.columnSums())).sum())) {
        return Optional.of(new Undefined(Undefined.NON_FINITE));
      } else if (rows > Gauge.LARGEST_ZERO_SHARE * probes) {
        return Optional.of(new Undefined(Gauge.tooManyZeros("probes", rows, probes)));
      } else if (columns > Gauge.LARGEST_ZERO_SHARE * anchors) {
        return Optional.of(new Undefined(Gauge.tooManyZeros("anchors", columns, anchors)));
      }
      return Optional.empty();
    }
  }

  /**
   * The R x n x k profiles of all runs; zero for a run that is not finite, of which none is used.
   */
  private NDArray stacked(Profile by) {
    try (NDManager scratch = manager.newSubManager()) {
      NDList rows = new NDList();
      for (int run = 0; run < runs; run++) {
        NDArray relative = Scratch.view(scratch, relatives.get(run));
        rows.add(isFinite(run) ? by.of(relative) : relative.zerosLike());
      }
      NDArray stacked = NDArrays.stack(rows);
      stacked.attach(manager);
      return stacked;
    }
  }

  private boolean isFinite(int run) {
    return defects.get(run).filter(this::isNonFinite).isEmpty();
  }

  private boolean isNonFinite(Undefined undefined) {
    return undefined.reason().equals(Undefined.NON_FINITE);
  }

  private double[][] similarities() {
    try (NDArray cosines =
        profile instanceof Profile.Cosine ? profiles.duplicate() : stacked(new Profile.Cosine())) {
      double[][] similarities = sumOfProducts(cosines);
      for (int a = 0; a < runs; a++) {
        for (int b = 0; b < runs; b++) {
          similarities[a][b] =
              defects.get(a).isEmpty() && defects.get(b).isEmpty()
                  ? Math.max(-1, Math.min(1, similarities[a][b] / probes))
                  : Double.NaN;
        }
      }
      return similarities;
    }
  }

  /** For all pairs of runs the sum over probes of the inner products of their rows. */
  private double[][] sumOfProducts(NDArray rows) {
    NDArray sum = manager.zeros(new Shape(runs, runs), DataType.FLOAT64);
    forChunks(rows, chunk -> sum.addi(gram(chunk).sum(ALONG_RUNS)));
    return square(sum);
  }

  /** Hands over some probes at a time, with the array C x R x k of them. */
  private void forChunks(NDArray rows, Consumer<NDArray> use) {
    long size = Math.max(1, AT_ONCE / ((long) runs * Math.max(runs, anchors)));
    for (long from = 0; from < probes; from += size) {
      long to = Math.min(probes, from + size);
      try (NDManager scratch = manager.newSubManager()) {
        NDIndex some = new NDIndex().addAllDim().addSliceDim(from, to);
        use.accept(rows.get(scratch, some).transpose(1, 0, 2));
      }
    }
  }

  /** The Gram matrix of each probe in double precision, C x R x R. */
  private static NDArray gram(NDArray chunk) {
    return chunk.matMul(chunk.transpose(0, 2, 1)).toType(DataType.FLOAT64, false);
  }

  private Outcome[][] scores(NDArray centred, NDArray means, double[][] products) {
    NDArray shifts = means.sub(means.mean(ALONG_RUNS, true)).toType(DataType.FLOAT64, false);
    double[][] inner = square(shifts.matMul(shifts.transpose()));
    double[][] beyondChance = new double[runs][runs];
    double[][] scores = new double[runs][runs];
    for (int a = 0; a < runs; a++) {
      for (int b = 0; b < runs; b++) {
        double distance = inner[a][a] + inner[b][b] - 2 * inner[a][b];
        double product = products[a][b] / probes;
        beyondChance[a][b] = (variances[a] + variances[b] + distance) / 2 + product / (probes - 1);
        scores[a][b] = product * probes / (probes - 1) / beyondChance[a][b];
      }
    }
    double[][] errors = errors(centred, shifts, products, beyondChance, scores);
    Outcome[][] outcomes = new Outcome[runs][runs];
    for (int a = 0; a < runs; a++) {
      for (int b = 0; b < runs; b++) {
        outcomes[a][b] = outcome(a, b, beyondChance[a][b], scores[a][b], errors[a][b]);
      }
    }
    return outcomes;
  }

  private Outcome outcome(int a, int b, double beyondChance, double score, double error) {
    Optional<Undefined> defect = defects.get(a).or(() -> defects.get(b));
    if (defect.isPresent()) {
      return defect.get();
    } else if (!isTelling(a) && !isTelling(b)) {
      return new Undefined("the runs hardly tell the probes apart");
    } else if (a == b) {
      return new Score(1, 1 - beyondChance, 1, 0, probes, anchors);
    }
    return new Score(
        1 - beyondChance * (1 - score), 1 - beyondChance, score, error, probes, anchors);
  }

  /** Whether a run may be a reference for others. */
  private boolean isTelling(int run) {
    return defects.get(run).isEmpty() && variances[run] >= Gauge.SMALLEST_VARIANCE;
  }

  private double[][] errors(
      NDArray centred,
      NDArray shifts,
      double[][] products,
      double[][] beyondChance,
      double[][] scores) {
    NDArray product = array(products).div(probes);
    NDArray score = array(scores);
    NDArray beyond = array(beyondChance);
    NDArray halves = manager.create(variances).div(2);
    NDArray spread = halves.expandDims(0).add(halves.expandDims(1));
    NDArray directions = shifts.toType(centred.getDataType(), false).transpose();
    NDArray squares = manager.zeros(new Shape(runs, runs), DataType.FLOAT64);
    forChunks(
        centred,
        chunk -> {
          NDArray gram = gram(chunk);
          NDArray drift = chunk.matMul(directions).toType(DataType.FLOAT64, false);
          NDArray own = diagonal(gram).div(2).add(diagonal(drift));
          NDArray pull =
              drift
                  .add(drift.transpose(0, 2, 1))
                  .sub(own.expandDims(1))
                  .sub(own.expandDims(2))
                  .add(spread);
          NDArray influence = gram.sub(product).add(pull.mul(score)).div(beyond);
          squares.addi(influence.square().sum(ALONG_RUNS));
        });
    return square(squares.div((double) probes * (probes - 1)).sqrt());
  }

  /** The diagonals of C x R x R matrices, C x R. */
  private NDArray diagonal(NDArray matrices) {
    NDArray eye = matrices.getManager().eye(runs).toType(DataType.FLOAT64, false);
    return matrices.mul(eye).sum(ALONG_ANCHORS);
  }

  private NDArray array(double[][] matrix) {
    return manager.create(
        Arrays.stream(matrix).flatMapToDouble(Arrays::stream).toArray(), new Shape(runs, runs));
  }

  private double[][] square(NDArray matrix) {
    double[] flat = matrix.toDoubleArray();
    double[][] rows = new double[runs][];
    Arrays.setAll(rows, a -> Arrays.copyOfRange(flat, a * runs, (a + 1) * runs));
    return rows;
  }

  private Outcome[] consensus() {
    List<Integer> voters = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      if (isTelling(run)) {
        voters.add(run);
      }
    }
    NDArray sum = manager.zeros(new Shape(probes, anchors), profiles.getDataType());
    voters.forEach(voter -> sum.addi(profiles.get(voter)));
    Outcome[] outcomes = new Outcome[runs];
    Arrays.setAll(outcomes, run -> consensus(run, voters, sum));
    return outcomes;
  }

  private Outcome consensus(int run, List<Integer> voters, NDArray sum) {
    if (defects.get(run).isPresent()) {
      return defects.get(run).get();
    }
    boolean votes = voters.contains(run);
    if (voters.size() - (votes ? 1 : 0) == 0) {
      return new Undefined("no other run tells the probes apart");
    }
    try (NDManager scratch = manager.newSubManager()) {
      NDArray own = profiles.get(scratch, run);
      NDArray others = Scratch.view(scratch, sum);
      NDArray mean = new Profile.Cosine().of(votes ? others.sub(own) : others);
      Concordance concordance =
          Concordance.of(
              RowBlocks.overwriting(own.duplicate()),
              own.sum(ALONG_RUNS),
              Concordance.Centred.of(RowBlocks.overwriting(mean), mean.sum(ALONG_RUNS)));
      return concordance.isDefined()
          ? concordance.score(anchors)
          : new Undefined("the other runs do not agree on anything");
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
