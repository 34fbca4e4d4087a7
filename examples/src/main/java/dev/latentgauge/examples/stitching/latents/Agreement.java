package dev.latentgauge.examples.stitching.latents;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Result;
import dev.latentgauge.examples.stitching.Results;
import dev.latentgauge.projection.Translation;
import dev.latentgauge.relative.Gauge;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.Score;
import java.util.ArrayList;
import java.util.List;

/** How far the latent spaces of trainings of one network agree, pair by pair. */
final class Agreement {

  /** The squared difference as a share of the variance, with nothing done to either. */
  static final String RESIDUAL = "residual";

  /** The same after the best rotation or reflection, scale and shift. */
  static final String RESIDUAL_ROTATED = "residual after rotation and scale";

  /** The same after the best affine map. */
  static final String RESIDUAL_AFFINE = "residual after an affine map";

  /** The mean cosine of the two descriptions of an image, the paper's similarity. */
  static final String COSINE = "mean cosine";

  /** The mean cosine of the descriptions of different images. */
  static final String CHANCE = "mean cosine of others";

  /** The score of the library under its default profile. */
  static final String SCORE = "score";

  /** The squared error of an autoencoder's own images, as a share of their variance. */
  static final String RECONSTRUCTION = "reconstruction error";

  /** Enough not to divide by zero: with thousands of points and few dimensions none is needed. */
  private static final double RIDGE = 1e-6;

  private Agreement() {}

  /**
   * Compares every space with every other.
   *
   * @param spaces of the same images
   * @return numbers of each space by itself, and of each pair in both directions
   */
  static Results of(List<LatentSpace> spaces) {
    List<Result> results = new ArrayList<>();
    for (LatentSpace from : spaces) {
      results.add(
          new Result(
              Representation.ABSOLUTE.title(),
              from.member(),
              from.member(),
              RECONSTRUCTION,
              from.reconstruction()));
      for (LatentSpace to : spaces) {
        if (!from.member().equals(to.member())) {
          results.addAll(new Pair(from, to).results());
        }
      }
    }
    return new Results(results);
  }

  /** Two spaces, the one seen from the other. */
  private record Pair(LatentSpace from, LatentSpace to) {

    List<Result> results() {
      List<Result> results = new ArrayList<>();
      for (Representation representation : Representation.values()) {
        addAll(results, representation);
      }
      NDArray there = from.probes();
      NDArray wanted = to.probes();
      try (NDManager scratch = wanted.getManager().newSubManager()) {
        NDArray target = wanted.duplicate();
        target.attach(scratch);
        NDArray source = there.duplicate();
        source.attach(scratch);
        NDArray rotated = Translation.orthogonal(source, target).of(source);
        NDArray mapped = Translation.leastSquares(source, target, RIDGE).of(source);
        add(
            results,
            Representation.ABSOLUTE,
            RESIDUAL_ROTATED,
            LatentSpace.residual(rotated, target));
        add(
            results,
            Representation.ABSOLUTE,
            RESIDUAL_AFFINE,
            LatentSpace.residual(mapped, target));
      }
      return results;
    }

    private void addAll(List<Result> results, Representation representation) {
      NDArray there = from.as(representation);
      NDArray wanted = to.as(representation);
      add(results, representation, RESIDUAL, LatentSpace.residual(there, wanted));
      Score cosine = score(there, wanted, new Profile.Cosine());
      add(results, representation, COSINE, cosine.similarity());
      add(results, representation, CHANCE, cosine.chance());
      if (representation != Representation.ABSOLUTE) {
        Score score = score(there, wanted, Profile.defaultProfile());
        add(results, representation, SCORE, score.value());
        there.close();
        wanted.close();
      }
    }

    private static Score score(NDArray there, NDArray wanted, Profile profile) {
      try (Gauge gauge = Gauge.of(wanted, profile)) {
        if (gauge.measure(there).outcome() instanceof Score score) {
          return score;
        }
        throw new IllegalStateException("latent spaces of a training that failed have no score");
      }
    }

    private void add(
        List<Result> results, Representation representation, String measure, double value) {
      results.add(new Result(representation.title(), from.member(), to.member(), measure, value));
    }
  }
}
