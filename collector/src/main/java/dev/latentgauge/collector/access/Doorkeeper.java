package dev.latentgauge.collector.access;

import dev.latentgauge.collector.ingest.Rejection;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Lets requests in, or not: by token or session, scope, origin and rate.
 *
 * <p>Where no token is needed, which is on loopback until there is a token file, a request must be
 * addressed to this machine by one of its own names: a web page that has its own name lead here
 * (DNS rebinding) is turned away by that.
 *
 * <p>Thread-safe. Deciding takes microseconds and touches no disk.
 */
public final class Doorkeeper {

  /** Longer than any token of ours; what is longer is not looked at. */
  private static final int LONGEST_SECRET = 200;

  private static final Pattern BEARER = Pattern.compile("(?i)bearer +([!-~]+) *");

  private final AccessOptions options;
  private final String host;
  private final Tokens tokens;
  private final Sessions sessions;
  private final Shares shares;
  private final Allowances requests;
  private final Allowances bytes;
  private final Allowances failures;

  private Doorkeeper(
      AccessOptions options, String host, Tokens tokens, int places, InstantSource stopwatch) {
    this.options = options;
    this.host = host;
    this.tokens = tokens;
    this.sessions = new Sessions(tokens, stopwatch);
    this.shares = new Shares(places);
    this.requests = new Allowances(options.limits().requests(), stopwatch);
    this.bytes = new Allowances(options.limits().bytes(), stopwatch);
    this.failures = new Allowances(options.limits().failures(), stopwatch);
  }

  /**
   * Takes up the work, if it can be done well.
   *
   * @param options how to guard
   * @param host where the collector will listen
   * @param file where tokens are, unless the options say
   * @param places how many uploads there may be at once
   * @param clock says which tokens are in force
   * @param stopwatch measures sessions and rates; must not jump
   * @return the doorkeeper
   * @throws IOException if the token file is damaged, or the collector would be open to others than
   *     this machine
   */
  public static Doorkeeper open(
      AccessOptions options,
      String host,
      TokenFile file,
      int places,
      InstantSource clock,
      InstantSource stopwatch)
      throws IOException {
    boolean reachable = options.behindProxy() || !isLoopback(host);
    TokenFile used = options.tokenFile().map(TokenFile::at).orElse(file);
    Tokens tokens = Tokens.open(used, options.tokensRequired() || reachable, clock);
    if (reachable) {
      requireGuarded(options, host, used, tokens);
    }
    return new Doorkeeper(options, host, tokens, places, stopwatch);
  }

  private static boolean isLoopback(String host) throws IOException {
    try {
      return Addresses.isLoopback(host);
    } catch (UnknownHostException e) {
      throw new IOException("host must be a name or an address of this machine, but is " + host, e);
    }
  }

  private static void requireGuarded(
      AccessOptions options, String host, TokenFile file, Tokens tokens) throws IOException {
    List<String> missing = new ArrayList<>();
    if (!tokens.any()) {
      missing.add(
          "a token that is in force in "
              + file
              + " (latentgauge token create --name NAME --scope write makes one)");
    }
    if (options.tls().isEmpty() && !options.behindProxy()) {
      missing.add("--tls-certificate and --tls-key, or --behind-proxy if a proxy does TLS");
    }
    if (!missing.isEmpty()) {
      throw new IOException(
          "to be reached by others than this machine, on "
              + host
              + ", the collector needs "
              + String.join("; and ", missing));
    }
  }

  /** Looks whether the token file has changed; to be called every second or so. Reads the disk. */
  public void refresh() {
    tokens.refresh();
  }

  /**
   * Whether a token is needed now.
   *
   * @return false on loopback until there is a token file
   */
  public boolean needsTokens() {
    return tokens.required();
  }

  /**
   * The shares in the places for uploads.
   *
   * @return the same at each call
   */
  public Shares shares() {
    return shares;
  }

  /**
   * Decides on a request.
   *
   * @param knock the request
   * @return who is let in
   * @throws Rejection if it is not let in
   */
  public Visitor admit(Knock knock) {
    String address = address(knock);
    Permissions.Need need = Permissions.of(knock.method(), knock.path());
    requireOwnOrigin(knock);
    if (need.open()) {
      return new Visitor(address, Optional.empty());
    }
    Visitor visitor;
    if (tokens.required()) {
      Token token = authenticate(knock, address);
      requireScope(token, need, knock);
      visitor = new Visitor(address, Optional.of(token.name()));
    } else {
      requireOwnName(knock);
      visitor = new Visitor(address, Optional.empty());
    }
    requireRate(visitor, knock);
    return visitor;
  }

  /**
   * Whether a request that was let in would be let in still; counts for no limit.
   *
   * @param knock the request
   * @return false once its token or session is no longer in force
   */
  public boolean admitsStill(Knock knock) {
    Set<Scope> scopes = Permissions.of(knock.method(), knock.path()).scopes();
    return !tokens.required()
        || token(knock).filter(token -> scopes.stream().anyMatch(token::allows)).isPresent();
  }

  private String address(Knock knock) {
    Optional<String> forwarded =
        options.behindProxy()
            ? knock.forwardedFor().flatMap(Addresses::forwarded)
            : Optional.empty();
    return Addresses.group(forwarded.orElse(knock.peer()));
  }

  private Token authenticate(Knock knock, String address) {
    return token(knock)
        .orElseThrow(
            () ->
                failure(
                    address,
                    knock.authorization().isPresent()
                        ? "the token must be in force, but is unknown, revoked or expired"
                        : "a token must be given (Authorization: Bearer), but is not"));
  }

  /**
   * What is in force for a request: the token that it brings, or if it brings none its session's.
   */
  private Optional<Token> token(Knock knock) {
    return knock.authorization().isPresent()
        ? byBearer(knock)
        : session(knock).flatMap(sessions::find);
  }

  private Optional<Token> byBearer(Knock knock) {
    return bearer(knock).flatMap(secret -> tokens.find(Digest.of(secret)));
  }

  private static Optional<String> bearer(Knock knock) {
    return knock
        .authorization()
        .map(BEARER::matcher)
        .filter(Matcher::matches)
        .map(parts -> parts.group(1))
        .filter(secret -> secret.length() <= LONGEST_SECRET);
  }

  private static Optional<String> session(Knock knock) {
    return knock.session().filter(secret -> secret.length() <= LONGEST_SECRET);
  }

  /**
   * Too many failures from one address are answered with the time to come again. That shuts nobody
   * out, for a token that is in force was accepted before this is looked at: behind one proxy an
   * attacker and honest clients look alike. Guessing 256 bits is hopeless at any rate.
   */
  private Rejection failure(String address, String message) {
    return failures
        .take(address, 1)
        .map(
            wait ->
                Rejection.until(
                    Rejection.Reason.RATE,
                    "requests without a token that is in force must be at most "
                        + options.limits().failures()
                        + " a second from one address, but are more",
                    wait))
        .orElseGet(
            () -> new Rejection(Rejection.Reason.UNAUTHENTICATED, Optional.empty(), message));
  }

  private static void requireScope(Token token, Permissions.Need need, Knock knock) {
    if (need.scopes().stream().noneMatch(token::allows)) {
      throw new Rejection(
          Rejection.Reason.FORBIDDEN,
          Optional.empty(),
          "for "
              + knock.method()
              + " here the token must have the scope "
              + texts(need.scopes())
              + ", but "
              + token.name()
              + " has "
              + texts(token.scopes()));
    }
  }

  private static String texts(Set<Scope> scopes) {
    return scopes.stream().sorted().map(Scope::text).collect(Collectors.joining(", "));
  }

  private void requireOwnName(Knock knock) {
    Optional<String> given = knock.host();
    // Who names no host speaks HTTP/1.0, which no browser does.
    if (given.isPresent()
        && !Addresses.namesLoopback(given.get())
        && !Addresses.withoutPort(given.get()).equalsIgnoreCase(host)) {
      throw new Rejection(
          Rejection.Reason.HOST,
          Optional.of("Host"),
          "without tokens, Host must be localhost, 127.0.0.1 or [::1], but is another:"
              + " create a token, or use one of these");
    }
  }

  /**
   * What a browser sends by itself, a cookie or nothing at all, may change something only for a
   * page that came from here. Newer browsers say so in a header that no page can set, older ones
   * name the page's origin.
   */
  private static void requireOwnOrigin(Knock knock) {
    if (Permissions.isSafe(knock.method()) || knock.authorization().isPresent()) {
      return;
    }
    boolean isOwn =
        knock
            .fetchSite()
            .map(site -> site.equals("same-origin") || site.equals("none"))
            .orElseGet(() -> knock.origin().map(origin -> isOf(origin, knock.host())).orElse(true));
    if (!isOwn) {
      throw new Rejection(
          Rejection.Reason.CROSS_SITE,
          Optional.empty(),
          "what changes something must come from a page of this collector, or with a token, but"
              + " comes from another page");
    }
  }

  private static boolean isOf(String origin, Optional<String> host) {
    String place = origin.replaceFirst("^https?://", "");
    return host.filter(place::equalsIgnoreCase).isPresent();
  }

  private void requireRate(Visitor visitor, Knock knock) {
    requests
        .take(visitor.client(), 1)
        .ifPresent(
            wait -> {
              throw tooMuch("requests", options.limits().requests(), wait);
            });
    // What a body says of its length may be a lie: it is counted when it is over.
    if (!Permissions.isSafe(knock.method())) {
      bytes
          .take(visitor.client(), 0)
          .ifPresent(
              wait -> {
                throw tooMuch("bytes of bodies", options.limits().bytes(), wait);
              });
    }
  }

  private static Rejection tooMuch(String what, long most, Duration wait) {
    return Rejection.until(
        Rejection.Reason.RATE,
        what + " of one client must be at most " + most + " a second, but are more",
        wait);
  }

  /**
   * Says how long a body was in the end.
   *
   * @param visitor whose it was
   * @param received how many bytes, at least 0
   */
  public void charge(Visitor visitor, long received) {
    if (received > 0) {
      bytes.settle(visitor.client(), (double) received);
    }
  }

  /**
   * Who is signed in.
   *
   * @param name the name of the token
   * @param scopes what it allows
   */
  public record SignedIn(String name, List<String> scopes) {}

  /**
   * Signs in.
   *
   * @param knock a request that was let in, with a token
   * @return the secret of the session, for a cookie
   * @throws Rejection if there is no token in it
   */
  public Secret signIn(Knock knock) {
    return byBearer(knock)
        .map(sessions::open)
        .orElseThrow(
            () ->
                new Rejection(
                    Rejection.Reason.UNAUTHENTICATED,
                    Optional.empty(),
                    "to sign in a token must be given (Authorization: Bearer), but is not"));
  }

  /**
   * Signs out.
   *
   * @param knock a request that was let in
   */
  public void signOut(Knock knock) {
    session(knock).ifPresent(sessions::close);
  }

  /**
   * Who a request comes from.
   *
   * @param knock a request that was let in
   * @return the token behind it; empty where none is needed
   */
  public Optional<SignedIn> whoIs(Knock knock) {
    if (!tokens.required()) {
      return Optional.empty();
    }
    return token(knock)
        .map(
            token ->
                new SignedIn(
                    token.name(), token.scopes().stream().sorted().map(Scope::text).toList()));
  }

  /**
   * Whether browsers reach the collector by https, so that a cookie may be for that alone.
   *
   * @return true with TLS here, or in a proxy
   */
  public boolean isSecure() {
    return options.tls().isPresent() || options.behindProxy();
  }

  /**
   * How long a session lasts at most.
   *
   * @return the time from signing in
   */
  public Duration sessionLife() {
    return Sessions.LIFE;
  }
}
