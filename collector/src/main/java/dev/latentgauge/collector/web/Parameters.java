package dev.latentgauge.collector.web;

import dev.latentgauge.collector.ingest.Rejection;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The parameters that the query of an address may have. Others are refused: a filter with a typing
 * error would otherwise answer more than was asked for.
 *
 * @param once those that may be given once
 * @param often those that may be given several times
 */
record Parameters(Set<String> once, Set<String> often) {

  /** An address without parameters. */
  static final Parameters NONE = of();

  Parameters {
    once = Set.copyOf(once);
    often = Set.copyOf(often);
  }

  static Parameters of(String... once) {
    return new Parameters(Set.of(once), Set.of());
  }

  Parameters andOften(String... names) {
    return new Parameters(once, Set.of(names));
  }

  /** The names of all, sorted. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(once);
    names.addAll(often);
    return names;
  }

  /**
   * Checks a query.
   *
   * @throws Rejection if it has a parameter that is unknown, or one too often
   */
  void check(MultiMap query) {
    for (String name : query.names()) {
      if (!once.contains(name) && !often.contains(name)) {
        throw refusal(name, "the parameters of this address " + list() + ", but one is \"");
      }
      List<String> values = query.getAll(name);
      if (once.contains(name) && values.size() > 1) {
        throw new Rejection(
            Rejection.Reason.MALFORMED,
            Optional.of(name),
            name + " must be given once, but is given " + values.size() + " times");
      }
    }
  }

  private String list() {
    return names().isEmpty() ? "must be none" : "must be among " + String.join(", ", names());
  }

  private static Rejection refusal(String name, String detail) {
    String shortened = Problem.shortened(name);
    return new Rejection(
        Rejection.Reason.MALFORMED, Optional.of(shortened), detail + shortened + "\"");
  }
}
