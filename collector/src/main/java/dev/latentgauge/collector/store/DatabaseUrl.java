package dev.latentgauge.collector.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a database of PostgreSQL is.
 *
 * @param jdbc the address as its driver wants it, with its parameters; without a user
 * @param user as whom to connect, if it is said
 */
public record DatabaseUrl(String jdbc, Optional<String> user) {

  private static final String JDBC = "jdbc:";
  private static final String ALLOWED =
      "postgresql://USER@HOST:PORT/DATABASE?PARAMETER=VALUE, where the user, the port and the"
          + " parameters may be missing";

  /**
   * Reads an address as {@code psql} takes it, with or without {@code jdbc:} before it.
   *
   * @param text an address such as {@code postgresql://latentgauge@db.example.org/latentgauge}
   * @return the address
   * @throws IllegalArgumentException if it is none, or has a password in it, which whoever lists
   *     the processes of the machine could read
   */
  public static DatabaseUrl parse(String text) {
    URI uri = uri(text.startsWith(JDBC) ? text.substring(JDBC.length()) : text);
    Optional<String> name = Optional.ofNullable(uri.getRawUserInfo());
    Optional<String> query = Optional.ofNullable(uri.getRawQuery());
    if (name.filter(given -> given.contains(":")).isPresent() || has(query, "password")) {
      throw new IllegalArgumentException(
          "the address of the database must have no password in it, which others could read there:"
              + " give it by a file or by the environment");
    }
    Optional<String> user =
        name.or(() -> parameters(query).filter(isNamed("user")).map(DatabaseUrl::value).findFirst())
            .map(encoded -> URLDecoder.decode(encoded, StandardCharsets.UTF_8));
    String kept =
        parameters(query).filter(isNamed("user").negate()).collect(Collectors.joining("&"));
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return new DatabaseUrl(
        "jdbc:postgresql://"
            + uri.getHost()
            + port
            + uri.getRawPath()
            + (kept.isEmpty() ? "" : "?" + kept),
        user);
  }

  private static URI uri(String text) {
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean isOne =
          (scheme.equals("postgresql") || scheme.equals("postgres"))
              && uri.getHost() != null
              && uri.getRawPath().matches("/[^/]+")
              && uri.getRawFragment() == null;
      if (isOne) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // It is refused below, and not quoted: it may have a password in it.
    }
    throw new IllegalArgumentException("the address of the database must be " + ALLOWED);
  }

  private static boolean has(Optional<String> query, String name) {
    return parameters(query).anyMatch(isNamed(name));
  }

  private static Predicate<String> isNamed(String name) {
    return parameter ->
        URLDecoder.decode(parameter.split("=", 2)[0], StandardCharsets.UTF_8)
            .equalsIgnoreCase(name);
  }

  private static String value(String parameter) {
    String[] parts = parameter.split("=", 2);
    return parts.length == 2 ? parts[1] : "";
  }

  private static Stream<String> parameters(Optional<String> query) {
    return query.stream()
        .flatMap(text -> Arrays.stream(text.split("&")))
        .filter(parameter -> !parameter.isEmpty());
  }

  /** Without parameters, which are nobody's business. */
  String place() {
    return jdbc.substring(JDBC.length()).replaceFirst("\\?.*", "");
  }
}
