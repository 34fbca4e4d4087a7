package dev.latentgauge.collector.exposition;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The labels under which the tags of a run appear.
 *
 * <p>Labels have a narrower alphabet than tags, so what is not allowed becomes an underscore. Where
 * two tags would share a label, the one that needed no change keeps it, and the others get a number
 * in their order.
 */
final class TagLabels {

  private static final String PREFIX = "tag_";

  private TagLabels() {}

  /** Labels by tag, all different. */
  static Map<String, String> of(Collection<String> tags) {
    Map<String, String> labels = new HashMap<>();
    Set<String> taken = new HashSet<>();
    for (String tag : tags) {
      if (label(tag).equals(PREFIX + tag)) {
        labels.put(tag, PREFIX + tag);
        taken.add(PREFIX + tag);
      }
    }
    for (String tag : new TreeSet<>(tags)) {
      if (!labels.containsKey(tag)) {
        labels.put(tag, free(label(tag), taken));
      }
    }
    return labels;
  }

  private static String label(String tag) {
    return PREFIX + tag.replaceAll("[^a-zA-Z0-9_]", "_");
  }

  /** Takes the first of label, label_2, label_3 and so on that is free. */
  private static String free(String label, Set<String> taken) {
    String candidate = label;
    for (int number = 2; !taken.add(candidate); number++) {
      candidate = label + "_" + number;
    }
    return candidate;
  }
}
