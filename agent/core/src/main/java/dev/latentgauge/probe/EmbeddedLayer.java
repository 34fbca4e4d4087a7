package dev.latentgauge.probe;

/** What a pass for several layers has for one of them, see {@link Embedder#embedAll}. */
public sealed interface EmbeddedLayer {

  /**
   * The layer.
   *
   * @return as the embedder was given it
   */
  Layer layer();

  /**
   * The embeddings, where there are any.
   *
   * @return the embeddings
   * @throws RuntimeException what the layer failed with, see {@link Failed}
   */
  Embeddings orThrow();

  /**
   * A layer with embeddings.
   *
   * @param layer the layer
   * @param embeddings its output for the probe set
   */
  record Embedded(Layer layer, Embeddings embeddings) implements EmbeddedLayer {

    @Override
    public Embeddings orThrow() {
      return embeddings;
    }
  }

  /**
   * A layer without.
   *
   * @param layer the layer
   * @param failure why: an {@link IllegalArgumentException} if the model has no such layer, or if
   *     the layer does not answer one row of floating-point numbers for every anchor and probe;
   *     otherwise what a block on the way to it, or its function, threw. Layers that need the same
   *     block have the same failure.
   */
  record Failed(Layer layer, RuntimeException failure) implements EmbeddedLayer {

    @Override
    public Embeddings orThrow() {
      throw failure;
    }
  }
}
