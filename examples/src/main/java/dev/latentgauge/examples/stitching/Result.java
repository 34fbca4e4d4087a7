package dev.latentgauge.examples.stitching;

/**
 * One number: how well a head does behind an encoder.
 *
 * @param representation what the head sees; of {@code [A-Za-z0-9 .-]} and commas in no table
 * @param encoder the training that the encoder is from
 * @param head the training that the head is from
 * @param measure what the number is, such as {@code accuracy}
 * @param value the number; may be undefined (NaN)
 */
public record Result(
    String representation, Member encoder, Member head, String measure, double value) {

  /** How encoder and head belong together. */
  public enum Kin {
    /** They are of one training. */
    OWN,
    /** Of two trainings of one kind. */
    OTHER_SEED,
    /** Of trainings of two kinds. */
    OTHER_KIND
  }

  /**
   * How encoder and head belong together.
   *
   * @return the nearest of the three that is true
   */
  public Kin kin() {
    if (encoder.equals(head)) {
      return Kin.OWN;
    }
    return encoder.kind().equals(head.kind()) ? Kin.OTHER_SEED : Kin.OTHER_KIND;
  }
}
