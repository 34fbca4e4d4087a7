package dev.latentgauge.collector.access;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which requests need which scope.
 *
 * <p>What is not named here is guarded by its method: what only reads needs {@link Scope#READ},
 * everything else {@link Scope#ADMIN}. So an address that somebody adds and forgets here is closed
 * to agents, and not open to everybody.
 */
final class Permissions {

  private static final String NAME = "/[^/]+";

  /**
   * For those who ask whether the process lives, and for browsers before anybody has signed in;
   * they tell nothing of runs.
   */
  private static final Pattern OPEN = Pattern.compile("/health/live|/health/ready|/|/ui/.*");

  /** Signing in and out brings its own proof. */
  private static final String SESSION = "/v1/session";

  /** What tells nothing of runs; any token will do. */
  private static final Set<String> COMMON = Set.of("/openapi.yaml", SESSION);

  private static final List<Rule> OF_AGENTS =
      List.of(
          new Rule("PUT", "/v1/runs" + NAME),
          new Rule("PUT", "/v1/runs" + NAME + "/sketches"),
          new Rule("POST", "/v1/runs" + NAME + "/(observations|embeddings|end)"),
          new Rule("PUT", "/v1/references" + NAME),
          // An agent looks whether a later attempt has its run, and fetches inputs to embed.
          new Rule("GET", "/v1/runs" + NAME),
          // A search asks what a run should do.
          new Rule("GET", "/v1/runs" + NAME + "/decision"),
          new Rule("GET", "/v1/references(" + NAME + ")?"));

  private static final Set<String> READING = Set.of("GET", "OPTIONS");

  private record Rule(String method, Pattern path) {
    Rule(String method, String path) {
      this(method, Pattern.compile(path));
    }

    boolean covers(String asked, String where) {
      return method.equals(asked) && path.matcher(where).matches();
    }
  }

  /**
   * What a request needs.
   *
   * @param open whether it needs no token
   * @param scopes of which a token must have one; all if any token will do
   */
  record Need(boolean open, Set<Scope> scopes) {
    private static Need of(Scope... scopes) {
      return new Need(false, Set.of(scopes));
    }
  }

  private Permissions() {}

  /**
   * What a request needs.
   *
   * @param method in capitals
   * @param path as the router matches it
   */
  static Need of(String method, String path) {
    String asked = method.equals("HEAD") ? "GET" : method;
    boolean isSignOut = path.equals(SESSION) && asked.equals("DELETE");
    if ((OPEN.matcher(path).matches() && asked.equals("GET")) || isSignOut) {
      return new Need(true, Set.of());
    } else if (COMMON.contains(path)) {
      return Need.of(Scope.values());
    }
    boolean isOfAgents = OF_AGENTS.stream().anyMatch(rule -> rule.covers(asked, path));
    if (READING.contains(asked)) {
      return isOfAgents ? Need.of(Scope.READ, Scope.WRITE) : Need.of(Scope.READ);
    }
    return isOfAgents ? Need.of(Scope.WRITE) : Need.of(Scope.ADMIN);
  }

  /** Whether a method changes nothing. */
  static boolean isSafe(String method) {
    return method.equals("HEAD") || READING.contains(method);
  }
}
