package dev.latentgauge.probe;

import ai.djl.nn.Block;
import ai.djl.util.Pair;
import dev.latentgauge.observation.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A pattern of paths: names with dots between, as in a {@link BlockPath}. In a name {@code *}
 * stands for any characters; {@code **} for any number of names, none included. Ordinals may be
 * left out.
 */
final class BlockPattern {

  private static final String ANY_DEPTH = "**";

  private final List<String> names;

  BlockPattern(String pattern) {
    this.names = List.of(pattern.split("\\.", -1));
  }

  /** Whether a path is more than the name of one block. */
  static boolean isPattern(String path) {
    return path.contains("*");
  }

  /** The paths that match, in the order of the model, with their ordinals. */
  List<String> pathsIn(Block root) {
    Set<String> matching = new HashSet<>();
    match(root, "", names, matching);
    // A block that matches at once is found before those inside an earlier one.
    return BlockTree.paths(root).stream().filter(matching::contains).distinct().toList();
  }

  private static void match(Block block, String prefix, List<String> names, Set<String> paths) {
    boolean isAnyDepth = names.get(0).equals(ANY_DEPTH);
    if (isAnyDepth && names.size() > 1) {
      match(block, prefix, names.subList(1, names.size()), paths);
    }
    for (Pair<String, Block> child : BlockTree.children(block)) {
      String path = prefix + child.getKey();
      if (isAnyDepth) {
        if (names.size() == 1) {
          paths.add(path);
        }
        match(child.getValue(), path + ".", names, paths);
      } else {
        matchChild(child, path, names, paths);
      }
    }
  }

  /** A child's name may have dots in it, and be what several names of the pattern make together. */
  private static void matchChild(
      Pair<String, Block> child, String path, List<String> names, Set<String> paths) {
    int most = Math.min(names.size(), child.getKey().split("\\.", -1).length);
    for (int parts = 1; parts <= most && !names.get(parts - 1).equals(ANY_DEPTH); parts++) {
      if (matches(String.join(".", names.subList(0, parts)), child.getKey())) {
        if (parts == names.size()) {
          paths.add(path);
        } else {
          match(child.getValue(), path + ".", names.subList(parts, names.size()), paths);
        }
      }
    }
  }

  private static boolean matches(String name, String key) {
    Pattern pattern = Names.matching(name);
    return pattern.matcher(key).matches()
        || pattern.matcher(BlockTree.withoutOrdinals(key)).matches();
  }
}
