package dev.latentgauge.relative;

/**
 * By how much one score exceeds another that was measured with the same probes and reference.
 *
 * @param value the first score less the second
 * @param standardError the standard error of {@code value} over the choice of probes; as the probes
 *     are the same, what they do to both scores cancels, and it can be a tenth of what the errors
 *     of the two scores suggest
 */
public record Difference(double value, double standardError) {}
