package dev.latentgauge.relative;

import ai.djl.ndarray.NDArray;

/**
 * Maps each row of a relative representation to a unit vector, so that the inner product of two
 * profiles says how alike two descriptions of one probe are.
 *
 * <p>The profile decides what counts as alike. It is fixed with the reference: scores under
 * different profiles are not comparable. A row of zeros says nothing about its probe and is mapped
 * to the uniform vector by every profile.
 */
public sealed interface Profile {

  /** What {@link #parse} accepts, for messages to people. */
  String SYNTAX = "cosine, standardised, soft, soft:TEMPERATURE or neighbours:COUNT";

  /**
   * Computes the profiles.
   *
   * @param relative the n x k cosines, in float32 or float64
   * @return the n x k profiles, rows of length 1, attached to the manager of {@code relative}
   * @throws IllegalArgumentException if {@code relative} is not a matrix, or has too few columns
   */
  NDArray of(NDArray relative);

  /**
   * Whether gradients flow through this profile.
   *
   * @return true if a score under this profile can be a training objective
   */
  boolean differentiable();

  /**
   * The profile to use unless there is a reason for another.
   *
   * @return {@link StandardisedSoft}, see the study in {@code examples/study}
   */
  static Profile defaultProfile() {
    return new StandardisedSoft();
  }

  /**
   * Reads a profile as {@link Object#toString} of a profile writes it.
   *
   * @param text one of {@value #SYNTAX}
   * @return the profile
   * @throws IllegalArgumentException if {@code text} is something else
   */
  static Profile parse(String text) {
    String[] parts = text.split(":", 2);
    try {
      return switch (parts[0] + (parts.length == 2 ? ":" : "")) {
        case "cosine" -> new Cosine();
        case "standardised" -> new StandardisedSoft();
        case "soft" -> new AdaptiveSoft();
        case "soft:" -> new Soft(Double.parseDouble(parts[1]));
        case "neighbours:" -> new Neighbours(Integer.parseInt(parts[1]));
        default -> throw new IllegalArgumentException("unknown");
      };
    } catch (IllegalArgumentException e) {
      String detail =
          e instanceof NumberFormatException || "unknown".equals(e.getMessage())
              ? ""
              : ": " + e.getMessage();
      throw new IllegalArgumentException(
          "a profile must be " + SYNTAX + ", but is \"" + text + "\"" + detail, e);
    }
  }

  /** The row divided by its length: with it, the similarity is the paper's number. */
  record Cosine() implements Profile {
    @Override
    public NDArray of(NDArray relative) {
      return Scratch.compute(
          relative,
          r -> {
            NDArray isZero = NearestAnchors.zeroRows(r);
            NDArray scaled = r.div(NearestAnchors.peaks(r).add(isZero));
            NDArray length = scaled.square().sum(new int[] {1}, true).add(isZero).sqrt();
            return scaled.div(length).add(uniform(r, isZero));
          });
    }

    @Override
    public boolean differentiable() {
      return true;
    }

    @Override
    public String toString() {
      return "cosine";
    }
  }

  /**
   * The square root of a softmax over the anchors, so that the inner product of two profiles is the
   * Bhattacharyya coefficient of two distributions.
   *
   * @param temperature what the cosines are divided by first, in [0.001, 1000]
   */
  record Soft(double temperature) implements Profile {
    /**
     * Checks the temperature.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public Soft {
      if (!(temperature >= 0.001 && temperature <= 1000)) {
        throw new IllegalArgumentException(
            "the temperature must be in [0.001, 1000], but is " + temperature);
      }
    }

    @Override
    public NDArray of(NDArray relative) {
      return Scratch.compute(relative, r -> soften(r, temperature));
    }

    @Override
    public boolean differentiable() {
      return true;
    }

    @Override
    public String toString() {
      return "soft:" + temperature;
    }
  }

  /**
   * {@link Soft} with the temperature at which the rows have the mean entropy log(k/8), found for
   * run and reference each by itself and never below 0.05; no gradient flows through it.
   *
   * <p>Layers differ by an order of magnitude in how far their cosines spread. A fixed temperature
   * sees nothing on an anisotropic layer and one anchor on a spread one; this one always looks at
   * about an eighth of the anchors, as perplexity does in t-SNE (van der Maaten and Hinton 2008).
   */
  record AdaptiveSoft() implements Profile {
    @Override
    public NDArray of(NDArray relative) {
      return Scratch.compute(relative, r -> soften(r, AdaptiveTemperature.of(r)));
    }

    @Override
    public boolean differentiable() {
      return true;
    }

    @Override
    public String toString() {
      return "soft";
    }
  }

  /**
   * {@link AdaptiveSoft} of cosines that are standardised first: from those to one anchor their
   * mean over the probes is taken off, and what is left is divided by its standard deviation.
   *
   * <p>Some anchors are near to everything, hubs, and others to nothing, and how much so changes
   * from training to training. A softmax over plain cosines sees the hubs before all else; here
   * every anchor says as much as any other, as the columns of any design are standardised before
   * they are compared. A probe's profile depends on the others through these moments and, as with
   * any adaptive profile, the temperature. Anchors whose cosines do not vary beyond rounding say
   * nothing.
   *
   * @see <a href="https://jmlr.org/papers/v11/radovanovic10a.html">Radovanović et al. 2010, Hubs in
   *     space, JMLR 11</a>
   */
  record StandardisedSoft() implements Profile {

    /** The least standard deviation; that of rounding is about 1e-7 in float32. */
    private static final double SMALLEST_DEVIATION = 1e-5;

    private static final double NO_DIVISION_BY_ZERO = 1e-12;
    private static final int[] ALONG_COLUMN = {0};

    @Override
    public NDArray of(NDArray relative) {
      return Scratch.compute(
          relative,
          r -> {
            NDArray standardised = standardise(r);
            return soften(standardised, AdaptiveTemperature.of(standardised));
          });
    }

    /** Rows of zeros stay what they are, and do not count. */
    private static NDArray standardise(NDArray relative) {
      NDArray counts = NearestAnchors.zeroRows(relative).neg().add(1);
      NDArray number = counts.sum(ALONG_COLUMN, true).add(NO_DIVISION_BY_ZERO);
      NDArray centred = relative.sub(relative.sum(ALONG_COLUMN, true).div(number)).mul(counts);
      NDArray deviation =
          centred
              .square()
              .sum(ALONG_COLUMN, true)
              .div(number)
              .add(SMALLEST_DEVIATION * SMALLEST_DEVIATION)
              .sqrt();
      return centred.div(deviation);
    }

    @Override
    public boolean differentiable() {
      return true;
    }

    @Override
    public String toString() {
      return "standardised";
    }
  }

  /**
   * Marks the nearest anchors: the inner product of two profiles is the share of nearest anchors
   * that they have in common.
   *
   * @param count how many anchors are near, at least 1 and at most k
   */
  record Neighbours(int count) implements Profile {
    /**
     * Checks the count.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Neighbours {
      if (count < 1) {
        throw new IllegalArgumentException("the neighbours must be at least 1, but are " + count);
      }
    }

    @Override
    public NDArray of(NDArray relative) {
      long anchors = relative.getShape().get(1);
      if (count > anchors) {
        throw new IllegalArgumentException(
            "the neighbours must be at most the number of anchors, but are "
                + count
                + " of "
                + anchors);
      }
      return Scratch.compute(relative, this::mark);
    }

    private NDArray mark(NDArray relative) {
      return NearestAnchors.marks(relative, count)
          .div(Math.sqrt(count))
          .add(uniform(relative, NearestAnchors.zeroRows(relative)));
    }

    @Override
    public boolean differentiable() {
      return false;
    }

    @Override
    public String toString() {
      return "neighbours:" + count;
    }
  }

  private static NDArray soften(NDArray relative, double temperature) {
    // Not the square root of softmax: its gradient is NaN where a probability underflows.
    NDArray logarithm = Scratch.times(relative, 1 / temperature).logSoftmax(1);
    return Scratch.times(logarithm, 0.5).exp();
  }

  private static NDArray uniform(NDArray relative, NDArray rows) {
    return rows.mul(1 / Math.sqrt((double) relative.getShape().get(1)));
  }
}
