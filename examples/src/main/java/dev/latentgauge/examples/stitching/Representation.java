package dev.latentgauge.examples.stitching;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import dev.latentgauge.projection.RelativeProjection;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What a head sees of an encoder. */
public enum Representation {
  /** The embeddings themselves. */
  ABSOLUTE("absolute"),
  /** The cosines to the anchors, as in the paper. */
  RELATIVE("relative"),
  /** The cosines after the mean of the anchors' embeddings was taken off. */
  CENTRED("relative, centred");

  private final String title;

  Representation(String title) {
    this.title = title;
  }

  /**
   * What it is called in tables.
   *
   * @return a few words
   */
  public String title() {
    return title;
  }

  /**
   * All that a head may see: the representations, then absolute ones that were translated.
   *
   * @return what they are called, in the order of tables
   */
  public static List<String> titlesWithTranslations() {
    return Stream.concat(
            Arrays.stream(values()).map(Representation::title),
            Arrays.stream(Alignment.values()).map(Alignment::title))
        .toList();
  }

  /**
   * The layer between an encoder that learns and its head.
   *
   * @param encoder what embeds the anchors
   * @param anchors inputs of the encoder
   * @param manager holds a copy of the anchors
   * @return a block from n x d to n x d, or to n x k with rows of mean 0 and variance 1
   */
  public Block layer(Block encoder, NDList anchors, NDManager manager) {
    return layer(RelativeProjection.builder().embeddedBy(encoder, anchors), manager);
  }

  /**
   * The layer between an encoder and its head, for anchors of any kind.
   *
   * @param anchors a projection that knows its anchors and nothing else
   * @param manager holds a copy of the anchors
   * @return a block from n x d to n x d, or to n x k with rows of mean 0 and variance 1
   */
  public Block layer(RelativeProjection.Builder anchors, NDManager manager) {
    return this == ABSOLUTE
        ? Blocks.identityBlock()
        : anchors.centred(this == CENTRED).normalized(true).build(manager);
  }
}
