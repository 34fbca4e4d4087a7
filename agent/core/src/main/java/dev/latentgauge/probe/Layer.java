package dev.latentgauge.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.latentgauge.observation.Names;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The part of a model whose output is the embedding.
 *
 * <p>Outputs are reduced to one vector an input, or a node of a graph: of an output (n, c) the rows
 * are taken as they are, (n, tokens, c) is averaged over the tokens, and (n, c, ...) of more
 * dimensions, as a convolution gives it, over all but the first two. Of several output arrays the
 * first is taken. The numbers keep their type, which must be a floating-point one; FLOAT16 is
 * averaged in 32 bits by the engine, so that no sum overflows.
 *
 * <p>Immutable; a layer can be used on many models.
 */
public final class Layer {

  private final String name;
  private final String path;
  private final Optional<Embedding> function;

  private Layer(String name, String path, Optional<Embedding> function) {
    this.name = Names.require("the name of a layer", name);
    this.path = path;
    this.function = function;
  }

  /**
   * A block by its path.
   *
   * <p>A path names a child of the model's block, then a child of that, and so on, with dots
   * between. Children have the names that DJL gives them, an ordinal and a name such as {@code
   * 02Linear}; the ordinal may be left out where one child alone has the name. On its way a path
   * can pass sequential and parallel blocks, which run their children in a known order; it can end
   * at any block. Where {@link BlockOutputs} are told, as by the Java agent, it can pass any blocks
   * that are derived from {@link ai.djl.nn.AbstractBaseBlock}; of one that runs several times in a
   * pass the first time counts. The forward pass ends at the layer: later blocks are not run. A
   * TorchScript module is one block, {@code 01PtSymbolBlock} as the first of a sequential one, and
   * has no layers that a path could name.
   *
   * @param path such as {@code encoder} or {@code 01SequentialBlock.02Linear}
   * @return the layer
   * @throws IllegalArgumentException if the path is not a name, see {@link Names}; that a model has
   *     no such block shows when it is used, or by {@link #requireIn}
   */
  public static Layer named(String path) {
    return new Layer(path, path, Optional.empty());
  }

  /**
   * All blocks of a model whose paths match a pattern.
   *
   * @param block the block of the model, whose children are known
   * @param pattern a path in which {@code *} stands for any characters of a name, and {@code **}
   *     for any number of names, such as {@code blocks.*.attention} or {@code **.Linear}; one
   *     without stars is a path as for {@link #named}
   * @return the layers in the order of the model, at least one; their names are their paths with
   *     ordinals, of which other characters than names have become {@code _}, and the beginning of
   *     a path that is too long a number that tells it from others
   * @throws IllegalArgumentException if there is none, with those that there are
   */
  public static List<Layer> matching(Block block, String pattern) {
    if (!BlockPattern.isPattern(pattern)) {
      Layer layer = named(pattern);
      layer.requireIn(block);
      return List.of(layer);
    }
    List<String> paths = new BlockPattern(pattern).pathsIn(block);
    if (paths.isEmpty()) {
      throw new IllegalArgumentException(
          "no layer of the model matches \"" + pattern + "\"; " + BlockTree.listed(block));
    }
    return paths.stream().map(path -> new Layer(reportable(path), path, Optional.empty())).toList();
  }

  /** A path as a name, though names of blocks may be long or have other characters than it. */
  private static String reportable(String path) {
    String name = path.replaceAll("[^A-Za-z0-9._*@-]", "_");
    int excess = name.length() - Names.LONGEST;
    return excess <= 0
        ? name
        : String.format(Locale.ROOT, "%08x", path.hashCode()) + name.substring(excess + 8);
  }

  /**
   * Whatever a function computes, for blocks that a path cannot reach.
   *
   * @param name what the layer is called in reports, see {@link Names}
   * @param embedding computes the embedding; it must run blocks in evaluation mode
   * @return the layer
   * @throws IllegalArgumentException if the name is not allowed
   */
  public static Layer computed(String name, Embedding embedding) {
    return new Layer(name, "", Optional.of(embedding));
  }

  /**
   * What the layer is called in reports.
   *
   * @return the path, or the name of the function
   */
  public String name() {
    return name;
  }

  /**
   * Checks that a block has this layer, without running anything. A layer that is computed by a
   * function is taken to be there.
   *
   * @param block the block of a model, whose children are known
   * @throws IllegalArgumentException if no path leads to the layer; the message lists those that
   *     there are
   */
  public void requireIn(Block block) {
    if (function.isEmpty()) {
      path().indices(block);
    }
  }

  /** Computes the embedding, where the layer is no path. */
  Optional<Embedding> function() {
    return function;
  }

  /** The way to the block, where the layer is no function. */
  BlockPath path() {
    return new BlockPath(path);
  }

  /**
   * Makes embeddings of the output for inputs that do not depend on each other.
   *
   * @param output what the layer answered
   * @param rows the number n of inputs
   * @return n x d, maybe the output itself
   * @throws IllegalArgumentException if the output is something other than n rows of floating-point
   *     numbers
   */
  NDArray pooled(NDArray output, long rows) {
    if (rows(output) != rows) {
      throw new IllegalArgumentException(
          "the layer "
              + name
              + " must answer one row an input, but answers "
              + output.getShape()
              + " for "
              + rows
              + " inputs");
    }
    return pooled(output);
  }

  /**
   * Makes embeddings of the output for one input as a whole.
   *
   * @param output what the layer answered
   * @param largest the largest row that is needed
   * @return one row a row of the output, maybe the output itself
   * @throws IllegalArgumentException if the output is something other than floating-point numbers
   *     with that row
   */
  NDArray pooledAtOnce(NDArray output, long largest) {
    if (rows(output) <= largest) {
      throw new IllegalArgumentException(
          "the layer "
              + name
              + " must answer every row that is an anchor or a probe, up to row "
              + largest
              + ", but answers "
              + output.getShape());
    }
    return pooled(output);
  }

  private static long rows(NDArray output) {
    return output.getShape().dimension() == 0 ? -1 : output.getShape().get(0);
  }

  private NDArray pooled(NDArray output) {
    if (!output.getDataType().isFloating() || output.getShape().size() == 0) {
      throw new IllegalArgumentException(
          "the layer "
              + name
              + " must answer floating-point numbers, at least one a row, but answers "
              + output.getDataType()
              + output.getShape());
    }
    long rows = rows(output);
    return switch (output.getShape().dimension()) {
      case 1 -> output.reshape(rows, 1);
      case 2 -> output;
      case 3 -> output.mean(new int[] {1});
      default -> output.reshape(rows, output.getShape().get(1), -1).mean(new int[] {2});
    };
  }

  @Override
  public String toString() {
    return name;
  }

  /** Computes the output of a layer. */
  @FunctionalInterface
  public interface Embedding {

    /**
     * Embeds inputs.
     *
     * @param block the block of the model
     * @param parameters its parameters, to be handed on to {@code Block.forward}
     * @param inputs one array an input of the model, each with n rows; or, of a graph, all arrays
     *     of the one input
     * @return an array of n rows, or of one row a node; of floating-point numbers
     */
    NDArray embed(Block block, ParameterStore parameters, NDList inputs);
  }
}
