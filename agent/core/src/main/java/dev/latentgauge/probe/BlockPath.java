package dev.latentgauge.probe;

import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import dev.latentgauge.observation.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The way from a block to one inside it, see {@link Layer#named}. */
final class BlockPath {

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
    int next = 0;
    while (next < names.size()) {
      BlockList children = childrenOnTheWay(block, root);
      int parts = partsOfName(children, next);
      int index = indexOf(String.join(".", names.subList(next, next + parts)), children, root);
      indices.add(index);
      block = children.valueAt(index);
      next += parts;
    }
    return indices;
  }

  /** How much of the path is the name of one child: names may have dots in them. */
  private int partsOfName(BlockList children, int from) {
    for (int to = from + 1; to <= names.size(); to++) {
      String name = String.join(".", names.subList(from, to));
      if (children.keys().stream().anyMatch(key -> isCalled(key, name))) {
        return to - from;
      }
    }
    return 1;
  }

  private static boolean isCalled(String key, String name) {
    return key.equals(name) || BlockTree.withoutOrdinals(key).equals(name);
  }

  private BlockList childrenOnTheWay(Block block, Block root) {
    if (BlockTree.canBePassed(block)) {
      return block.getChildren();
    }
    throw new IllegalArgumentException(
        "the path \""
            + path
            + "\" leads into a "
            + block.getClass().getSimpleName()
            + ", but only sequential and parallel blocks run their children in a known order; "
            + BlockTree.listed(root)
            + ", or compute the embedding by a function, or attach the monitor by -javaagent");
  }

  private int indexOf(String name, BlockList children, Block root) {
    int exact = children.keys().indexOf(name);
    if (exact >= 0) {
      return exact;
    }
    int[] matching =
        IntStream.range(0, children.size())
            .filter(i -> BlockTree.withoutOrdinals(children.keyAt(i)).equals(name))
            .toArray();
    if (matching.length == 1) {
      return matching[0];
    }
    throw new IllegalArgumentException(
        matching.length == 0
            ? "the model has no layer \""
                + path
                + "\" (nothing is called \""
                + name
                + "\"); "
                + suggested(root)
                + BlockTree.listed(root)
            : "the layer \""
                + path
                + "\" is ambiguous (several are called \""
                + name
                + "\"); "
                + BlockTree.listed(root));
  }

  private String suggested(Block root) {
    List<String> near = Nearest.of(path, BlockTree.paths(root), MOST_SUGGESTIONS, BlockPath::forms);
    return near.isEmpty() ? "" : "did you mean " + String.join(", ", near) + "? ";
  }

  /** A path and its last name, each with and without ordinals. */
  private static Set<String> forms(String path) {
    String last = path.substring(path.lastIndexOf('.') + 1);
    return new LinkedHashSet<>(
        List.of(path, BlockTree.withoutOrdinals(path), last, BlockTree.withoutOrdinals(last)));
  }
}
