package dev.latentgauge.tests.dashboards;

import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What can be said of an expression without parsing it: Prometheus itself does that in other tests.
 */
final class Promql {

  private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern MATCHERS = Pattern.compile("\\{[^}]*\\}");
  private static final Pattern RANGE = Pattern.compile("\\[[^]]*\\]");
  private static final Pattern LABELS =
      Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
  private static final Pattern NAME =
      Pattern.compile("(?<![\\w:$.])([a-zA-Z_][\\w:]*)(?!\\s*\\(|[\\w:])");
  private static final Pattern SELECTOR =
      Pattern.compile("(?<![\\w:$.])([a-zA-Z_][\\w:]*)(\\{[^}]*\\})?(?!\\s*\\(|[\\w:])");
  private static final Pattern COUNTED =
      Pattern.compile("\\b(\\w+)\\(\\s*[\\w:]+(?:\\{[^}]*\\})?\\[([^]]*)\\]");
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "offset", "by", "without", "on", "ignoring", "bool", "m", "s");

  private Promql() {}

  /** The metrics that an expression selects. */
  static Set<String> metrics(String expression) {
    return NAME.matcher(withoutLabels(MATCHERS.matcher(bare(expression)).replaceAll(" ")))
        .results()
        .map(found -> found.group(1))
        .filter(name -> !WORDS.contains(name))
        .collect(Collectors.toSet());
  }

  /** The metrics that are selected without a matcher such as {@code job=~"$job"}. */
  static Set<String> metricsWithout(String matcher, String expression) {
    String kept = RANGE.matcher(expression).replaceAll(" ");
    String marked =
        MATCHERS
            .matcher(kept)
            .replaceAll(found -> found.group().contains(matcher) ? "{matched}" : "{}");
    return SELECTOR
        .matcher(withoutLabels(TEXT.matcher(marked).replaceAll(" ")))
        .results()
        .filter(found -> !"{matched}".equals(found.group(2)))
        .map(found -> found.group(1))
        .filter(name -> !WORDS.contains(name) && !name.equals("matched"))
        .collect(Collectors.toSet());
  }

  /** Functions over ranges, each as {@code rate 5m}. */
  static Set<String> overRanges(String expression) {
    return COUNTED
        .matcher(expression)
        .results()
        .map(found -> found.group(1) + " " + found.group(2))
        .collect(Collectors.toSet());
  }

  /** Counters that are read without {@code rate}, {@code irate} or {@code increase}. */
  static Set<String> plainCounters(String expression) {
    Set<String> counted =
        Pattern.compile("\\b(?:rate|irate|increase)\\(\\s*([\\w:]+)")
            .matcher(expression)
            .results()
            .map((MatchResult found) -> found.group(1))
            .collect(Collectors.toSet());
    return metrics(expression).stream()
        .filter(name -> name.endsWith("_total") && !counted.contains(name))
        .collect(Collectors.toSet());
  }

  private static String bare(String expression) {
    return RANGE.matcher(TEXT.matcher(expression).replaceAll(" ")).replaceAll(" ");
  }

  private static String withoutLabels(String expression) {
    return LABELS.matcher(expression).replaceAll(" ");
  }
}
