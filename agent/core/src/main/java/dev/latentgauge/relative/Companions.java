package dev.latentgauge.relative;

import java.util.OptionalDouble;

/**
 * Other numbers from the embeddings that a score is made of, each absent where it is not defined or
 * not measured.
 *
 * @param linearCka linear centred kernel alignment with the reference, from 0 to 1
 * @param effectiveRank participation ratio of the covariance, from 1 to d; needs no reference
 * @param neighbourOverlap share of nearest anchors in common with the reference, from 0 to 1
 * @param predictionAgreement share of probes for which run and reference predict the same class
 */
public record Companions(
    OptionalDouble linearCka,
    OptionalDouble effectiveRank,
    OptionalDouble neighbourOverlap,
    OptionalDouble predictionAgreement) {

  /** No companion was measured. */
  public static final Companions NONE =
      new Companions(
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty());
}
