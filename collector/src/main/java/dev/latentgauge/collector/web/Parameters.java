package dev.latentgauge.collector.web;

import dev.latentgauge.collector.ingest.Rejection;
import io.vertx.core.MultiMap;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The parameters that the query of an address may have. Others are refused: a filter with a typing
 * error would otherwise answer more than was asked for.
 *
 * @param most how often each may be given
 */
record Parameters(SortedMap<String, Integer> most) {

  /** An address without parameters. */
  static final Parameters NONE = of();

  Parameters {
    most = Collections.unmodifiableSortedMap(new TreeMap<>(most));
  }

  /** Parameters that may be given once. */
  static Parameters of(String... once) {
    SortedMap<String, Integer> most = new TreeMap<>();
    for (String name : once) {
      most.put(name, 1);
    }
    return new Parameters(most);
  }

  /** These, and one that may be given several times. */
  Parameters andOften(String name, int times) {
    SortedMap<String, Integer> more = new TreeMap<>(most);
    more.put(name, times);
    return new Parameters(more);
  }

  /** The names of all, sorted. */
  Set<String> names() {
    return most.keySet();
  }

  /**
   * Checks a query.
   *
   * @throws Rejection if it has a parameter that is unknown, or one too often
   */
  void check(MultiMap query) {
    for (String name : query.names()) {
      int allowed = most.getOrDefault(name, 0);
      int given = query.getAll(name).size();
      if (allowed == 0) {
        String shortened = Problem.shortened(name);
        throw Call.refusal(
            shortened,
            "the parameters of this address " + list() + ", but one is \"" + shortened + "\"");
      } else if (given > allowed) {
        throw Call.refusal(
            name,
            allowed == 1
                ? name + " must be given once, but is given " + given + " times"
                : name + " must be given at most " + allowed + " times, but is " + given);
      }
    }
  }

  private String list() {
    return most.isEmpty() ? "must be none" : "must be among " + String.join(", ", names());
  }
}
