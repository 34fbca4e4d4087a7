package dev.latentgauge.probe;

import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.util.Pair;
import dev.latentgauge.observation.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The way from a block to one inside it, see {@link Layer#named}. */
final class BlockPath {

  private static final int MOST_LISTED = 40;
  private static final int MOST_SUGGESTIONS = 3;

  private final String path;
  private final List<String> names;

  BlockPath(String path) {
    this.path = path;
    this.names = List.of(path.split("\\.", -1));
  }

  /**
   * Which child to enter in each block on the way, counted from 0.
   *
   * @throws IllegalArgumentException if there is no such way, with those that there are
   */
  List<Integer> indices(Block root) {
    List<Integer> indices = new ArrayList<>();
    Block block = root;
    for (String name : names) {
      BlockList children = childrenInOrder(block, root);
      int index = indexOf(name, children, root);
      indices.add(index);
      block = children.valueAt(index);
    }
    return indices;
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
            + available(paths(root))
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
    List<String> paths = paths(root);
    throw new IllegalArgumentException(
        matching.length == 0
            ? "the model has no layer \""
                + path
                + "\" (nothing is called \""
                + name
                + "\"); "
                + suggested(paths)
                + available(paths)
            : "the layer \""
                + path
                + "\" is ambiguous (several are called \""
                + name
                + "\"); "
                + available(paths));
  }

  private static String withoutOrdinal(String name) {
    return name.replaceFirst("^[0-9]+", "");
  }

  private String suggested(List<String> paths) {
    List<String> near = Nearest.of(path, paths, MOST_SUGGESTIONS, BlockPath::forms);
    return near.isEmpty() ? "" : "did you mean " + String.join(", ", near) + "? ";
  }

  /** A path and its last name, each with and without ordinals. */
  private static Set<String> forms(String path) {
    String last = path.substring(path.lastIndexOf('.') + 1);
    String plain = path.replaceAll("(^|\\.)[0-9]+", "$1");
    return new LinkedHashSet<>(List.of(path, plain, last, withoutOrdinal(last)));
  }

  private static String available(List<String> paths) {
    String listed = String.join(", ", paths.subList(0, Math.min(paths.size(), MOST_LISTED)));
    return paths.size() <= MOST_LISTED
        ? "it has " + listed
        : "it has " + listed + " and " + (paths.size() - MOST_LISTED) + " more";
  }

  private static List<String> paths(Block root) {
    List<String> paths = new ArrayList<>();
    collect(root, "", paths);
    return paths;
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
