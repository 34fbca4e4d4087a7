package dev.latentgauge.stopping;

import dev.latentgauge.observation.Names;
import dev.latentgauge.observation.RunInfo;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Runs that belong together: by their names, by their tags, or by both.
 *
 * @param names a pattern of names, in which {@code *} stands for any characters; absent for any
 * @param tags tags that each of the runs has, with these values
 */
public record RunGroup(Optional<String> names, SortedMap<String, String> tags) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if it says neither of names nor of tags, or what no name and
   *     no tag can be
   */
  public RunGroup {
    if (names.isEmpty() && tags.isEmpty()) {
      throw new IllegalArgumentException(
          "a group must be told by runs, a pattern of names, or by tags, but has neither"
              + " (\"runs\": \"*\" are all)");
    }
    names.ifPresent(pattern -> Names.require("runs", pattern));
    RunInfo tagged = RunInfo.named("any");
    for (var tag : tags.entrySet()) {
      tagged = tagged.tag(tag.getKey(), tag.getValue());
    }
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /**
   * Whether a run is one of them.
   *
   * @param run what is known of it
   * @return true if its name and its tags are as they must be
   */
  public boolean has(RunInfo run) {
    return mayHave(run.name()) && run.tags().entrySet().containsAll(tags.entrySet());
  }

  /**
   * Whether a run may be one of them, as far as its name tells. Takes time in the length of the
   * name times that of the pattern, whatever they are.
   *
   * @param run the name of the run
   * @return false if it is none of them
   */
  public boolean mayHave(String run) {
    return names.isEmpty() || matches(names.get(), run);
  }

  /** A regular expression with many stars could take for ever. */
  private static boolean matches(String pattern, String name) {
    int inPattern = 0;
    int inName = 0;
    int star = -1;
    int afterStar = 0;
    while (inName < name.length()) {
      if (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
        star = inPattern++;
        afterStar = inName;
      } else if (inPattern < pattern.length() && pattern.charAt(inPattern) == name.charAt(inName)) {
        inPattern++;
        inName++;
      } else if (star >= 0) {
        inPattern = star + 1;
        inName = ++afterStar;
      } else {
        return false;
      }
    }
    return pattern.substring(inPattern).chars().allMatch(rest -> rest == '*');
  }
}
