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
  default NDArray of(NDArray relative) {
    RelativeRepresentation.requireMatrix("the relative representation", relative);
    return Scratch.compute(
        relative,
        r -> {
          RowBlocks rows = RowBlocks.differentiable(r);
          Profiling.of(this, rows);
          return rows.matrix();
        });
  }

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
    public boolean differentiable() {
      return false;
    }

    @Override
    public String toString() {
      return "neighbours:" + count;
    }
  }
}
