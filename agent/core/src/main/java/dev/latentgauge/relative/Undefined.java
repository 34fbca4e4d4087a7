package dev.latentgauge.relative;

/**
 * Why there is no score.
 *
 * @param reason a short phrase for people, such as {@value #NON_FINITE}
 */
public record Undefined(String reason) implements Outcome {

  /** The reason where a run has infinities or NaN in its embeddings, as a diverged one has. */
  public static final String NON_FINITE = "non-finite embeddings";
}
