package dev.latentgauge.probe;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The way from a block to one inside it, see {@link Layer#named}. */
final class BlockPath {

  private static final int MOST_SUGGESTIONS = 40;

  private final String path;
  private final List<String> names;

  BlockPath(String path) {
    this.path = path;
    this.names = List.of(path.split("\\.", -1));
  }

  /** Runs what leads to the block, and the block, and nothing after it. */
  NDArray forward(Block root, ParameterStore parameters, NDList inputs) {
    Block block = root;
    NDList current = inputs;
    for (String name : names) {
      BlockList children = childrenInOrder(block, root);
      int index = indexOf(name, children, root);
      if (block instanceof SequentialBlock) {
        for (int i = 0; i < index; i++) {
          current = children.valueAt(i).forward(parameters, current, false);
        }
      }
      block = children.valueAt(index);
    }
    return block.forward(parameters, current, false).head();
  }

  private BlockList childrenInOrder(Block block, Block root) {
    if (block instanceof SequentialBlock || block instanceof ParallelBlock) {
      return block.getChildren();
    }
    throw new IllegalArgumentException(
        "the path \""
            + path
            + "\" leads into a "
            + block.getClass().getSimpleName()
            + ", but only sequential and parallel blocks run their children in a known order; "
            + available(root)
            + ", or compute the embedding by a function");
  }

  private int indexOf(String name, BlockList children, Block root) {
    int exact = children.keys().indexOf(name);
    if (exact >= 0) {
      return exact;
    }
    int[] matching =
        IntStream.range(0, children.size())
            .filter(i -> withoutOrdinal(children.keyAt(i)).equals(name))
            .toArray();
    if (matching.length == 1) {
      return matching[0];
    }
    throw new IllegalArgumentException(
        (matching.length == 0
                ? "the model has no layer \"" + path + "\" (nothing is called \"" + name + "\")"
                : "the layer \"" + path + "\" is ambiguous (several are called \"" + name + "\")")
            + "; "
            + available(root));
  }

  private static String withoutOrdinal(String name) {
    return name.replaceFirst("^[0-9]+", "");
  }

  private static String available(Block root) {
    List<String> paths = new ArrayList<>();
    collect(root, "", paths);
    String listed = String.join(", ", paths.subList(0, Math.min(paths.size(), MOST_SUGGESTIONS)));
    return paths.size() <= MOST_SUGGESTIONS
        ? "it has " + listed
        : "it has " + listed + " and " + (paths.size() - MOST_SUGGESTIONS) + " more";
  }

  private static void collect(Block block, String prefix, List<String> paths) {
    if (!(block instanceof SequentialBlock || block instanceof ParallelBlock)) {
      return;
    }
    for (Pair<String, Block> child : block.getChildren()) {
      paths.add(prefix + child.getKey());
      collect(child.getValue(), prefix + child.getKey() + ".", paths);
    }
  }
}
