package dev.latentgauge.probe;

import ai.djl.ndarray.NDList;

/** Where the outputs of the layers of a pass go. */
interface Answers {

  /**
   * Takes what a layer answers; a layer whose output is no embedding fails by itself.
   *
   * @param layer its number
   * @param output belongs to the model still, which may write into it after this
   */
  void answer(int layer, NDList output);

  /**
   * Takes that a layer has no output.
   *
   * @param layer its number
   * @param failure why
   * @throws RuntimeException {@code failure}, if it is not that of single layers
   */
  void fail(int layer, RuntimeException failure);
}
