package dev.latentgauge.examples.stitching.monitor;

import dev.latentgauge.examples.stitching.Member;
import java.util.List;

/**
 * The encoder of one checkpoint with the head of another training's.
 *
 * @param encoder the training that the encoder is from
 * @param encoderStep its updates
 * @param head the training that the head is from
 * @param headStep its updates
 * @param score between the two, by the default profile
 * @param cosine the mean cosine of matching descriptions, the paper's similarity
 * @param encoderOwn accuracy of the encoder with its own head
 * @param headOwn accuracy of the head behind its own encoder
 * @param stitched accuracy of the two together
 */
record Pair(
    Member encoder,
    int encoderStep,
    Member head,
    int headStep,
    double score,
    double cosine,
    double encoderOwn,
    double headOwn,
    double stitched) {

  /** What is lost by stitching against the worse of the two, which bounds what can be expected. */
  double lost() {
    return Math.min(encoderOwn, headOwn) - stitched;
  }

  boolean isOfOneArchitecture() {
    return encoder.kind().equals(head.kind());
  }

  List<Member> trainings() {
    return List.of(encoder, head);
  }
}
