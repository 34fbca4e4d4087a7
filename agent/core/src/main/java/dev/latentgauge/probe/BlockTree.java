package dev.latentgauge.probe;

import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks inside a block, as far as a layer can be one of them: in any block where {@link
 * BlockOutputs} are told, in those that run their children in a known order otherwise.
 */
final class BlockTree {

  private static final int MOST_LISTED = 40;

  private BlockTree() {}

  /** Whether a layer can be inside a block. */
  static boolean canBePassed(Block block) {
    return BlockOutputs.areKnown()
        || block instanceof SequentialBlock
        || block instanceof ParallelBlock;
  }

  /** The children among which layers can be. */
  static BlockList children(Block block) {
    return canBePassed(block) ? block.getChildren() : new BlockList();
  }

  /** The paths of all blocks inside, in the order of the model. */
  static List<String> paths(Block root) {
    List<String> paths = new ArrayList<>();
    collect(root, "", paths);
    return paths;
  }

  private static void collect(Block block, String prefix, List<String> paths) {
    for (Pair<String, Block> child : children(block)) {
      paths.add(prefix + child.getKey());
      collect(child.getValue(), prefix + child.getKey() + ".", paths);
    }
  }

  /** What a message says of the layers that there are. */
  static String listed(Block root) {
    List<String> paths = paths(root);
    if (paths.isEmpty()) {
      return "it has no layers inside";
    }
    String first = String.join(", ", paths.subList(0, Math.min(paths.size(), MOST_LISTED)));
    int more = paths.size() - MOST_LISTED;
    return "it has " + first + (more <= 0 ? "" : " and " + more + " more");
  }

  /** A name, or a path of names, without the ordinals that DJL puts before them. */
  static String withoutOrdinals(String path) {
    return path.replaceAll("(^|\\.)[0-9]+", "$1");
  }
}
