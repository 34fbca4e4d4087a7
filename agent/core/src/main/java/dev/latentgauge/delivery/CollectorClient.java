package dev.latentgauge.delivery;

import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to one collector over HTTP/1.1.
 *
 * <p>An exchange takes at most 15 s, the last byte of its answer included, of which no more than 64
 * KiB are read. Redirects are not followed: a token would go with them. Used by one thread at a
 * time.
 */
public final class CollectorClient implements Transport {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration EXCHANGE_TIMEOUT = Duration.ofSeconds(15);
  private static final int LONGEST_ANSWER = 64 << 10;

  private final URI address;
  private final Token token;
  private final Duration timeout;
  private final HttpClient http;
  private volatile boolean aborted;
  private volatile @Nullable CompletableFuture<?> underWay;

  private CollectorClient(URI address, Token token, Duration timeout, Optional<SSLContext> trust) {
    this.address = address;
    this.token = token;
    this.timeout = timeout;
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT);
    trust.ifPresent(client::sslContext);
    this.http = client.build();
  }

  /**
   * Makes a client for another thread.
   *
   * @return a client with the settings of this one, and connections of its own
   */
  public CollectorClient another() {
    return new CollectorClient(address, token, timeout, Optional.of(http.sslContext()));
  }

  /**
   * Starts a client.
   *
   * @param collector the address of the collector, such as {@code http://127.0.0.1:9475}; it need
   *     not be up yet
   * @return a builder, which checks the address in {@link Builder#build}
   */
  public static Builder builder(URI collector) {
    return new Builder(collector, System.getenv());
  }

  /** The address, ending in a slash. */
  @Override
  public URI address() {
    return address;
  }

  @Override
  public void abort() {
    aborted = true;
    CompletableFuture<?> exchange = underWay;
    if (exchange != null) {
      exchange.cancel(true);
    }
  }

  @Override
  public boolean isAborted() {
    return aborted;
  }

  @Override
  public Receipt register(RunInfo run) throws IOException {
    Answer answer = send("PUT", path(run), Wire.write(run));
    if (answer.status() != Answer.CONFLICT || !answer.isFinal()) {
      return answer.receipt();
    }
    Answer known = send("GET", path(run), "");
    if (!known.isTaken() && !known.isFinal()) {
      return known.receipt();
    }
    return known.isTaken() && known.hasLaterAttemptThan(run)
        ? Receipt.of(Receipt.Kind.HISTORY, answer.quoted())
        : answer.receipt();
  }

  @Override
  public Receipt observed(RunInfo run, String body) throws IOException {
    return send("POST", path(run) + "/observations", body).receipt();
  }

  @Override
  public Receipt ended(RunInfo run, RunEnd end) throws IOException {
    return send("POST", path(run) + "/end", Wire.write(end)).receipt();
  }

  private static String path(RunInfo run) {
    return "v1/runs/" + run.name();
  }

  /**
   * Sends a request and waits for the answer.
   *
   * @param path relative to the address
   * @param body the body in JSON; empty for none
   * @throws IOException if there is no answer, or no token where there should be one
   */
  Answer send(String method, String path, String body) throws IOException {
    return send(
        method,
        path,
        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body),
        body.isEmpty() ? Optional.empty() : Optional.of("application/json"));
  }

  /**
   * Sends a file and waits for the answer.
   *
   * @param path relative to the address
   * @throws IOException if there is no answer, or no token where there should be one
   */
  Answer send(String method, String path, byte[] file) throws IOException {
    return send(
        method, path, BodyPublishers.ofByteArray(file), Optional.of("application/octet-stream"));
  }

  private Answer send(
      String method, String path, HttpRequest.BodyPublisher body, Optional<String> type)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve(path)).method(method, body);
    type.ifPresent(name -> request.header("Content-Type", name));
    Optional<String> secret = token.read();
    secret.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return Answer.of(method + " " + address.resolve(path), sent(request.build()), secret);
  }

  /** The answer; a timeout of the request alone would not cover a body that stalls. */
  private HttpResponse<String> sent(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<String>> exchange =
        http.sendAsync(request, head -> new Beginning(LONGEST_ANSWER));
    underWay = exchange;
    try {
      if (aborted) {
        throw new IOException("the delivery was stopped");
      }
      return exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the collector at " + address + " did not answer within " + timeout, e);
    } catch (CancellationException e) {
      throw new IOException("the delivery was stopped", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the delivery was interrupted", e);
    } catch (ExecutionException e) {
      throw failure(e);
    } finally {
      underWay = null;
      exchange.cancel(true);
    }
  }

  private IOException failure(ExecutionException failure) {
    if (failure.getCause() instanceof ConnectException refused) {
      // Its own message is mostly empty.
      return new IOException("the collector at " + address + " cannot be reached", refused);
    }
    Throwable cause = failure.getCause();
    return new IOException(
        "the collector at " + address + " cannot be asked: " + (cause == null ? failure : cause),
        cause);
  }

  private static URI normalized(URI collector) {
    String text = collector.toString();
    return URI.create(text.endsWith("/") ? text : text + "/");
  }

  @Override
  public String toString() {
    return "the collector at " + address;
  }

  /** Collects the settings of a client. */
  public static final class Builder {

    /** 127.0.0.0/8 as the URI has it, without asking a name server. */
    private static final Pattern LOOPBACK =
        Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[(::1|0:0:0:0:0:0:0:1)]");

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final URI collector;
    private final Map<String, String> environment;
    private final List<Token> tokens = new ArrayList<>();
    private final List<String> mistakes = new ArrayList<>();
    private Duration timeout = EXCHANGE_TIMEOUT;
    private boolean tokenOverHttp;
    private @Nullable Path trust;

    Builder(URI collector, Map<String, String> environment) {
      this.collector = collector;
      this.environment = environment;
    }

    /**
     * Takes the bearer token from a file, read for every request, so that it may change.
     *
     * @param file a text of one token; white space around it is ignored
     * @return this builder
     */
    public Builder tokenFile(Path file) {
      tokens.add(Token.file(file));
      return this;
    }

    /**
     * Takes the bearer token from a variable of the environment.
     *
     * @param name its name; it must be set
     * @return this builder
     */
    public Builder tokenVariable(String name) {
      if (!VARIABLE.matcher(name).matches()) {
        // Not quoted: somebody may have put the token itself here.
        mistakes.add(
            "the variable of the token must be named by letters, digits and _, but the name has "
                + name.length()
                + " characters and others");
      } else if (!environment.containsKey(name)) {
        mistakes.add("the environment variable " + name + " must hold a token, but is not set");
      }
      tokens.add(Token.variable(name, environment));
      return this;
    }

    /**
     * Trusts certificates in place of those that the JVM trusts.
     *
     * @param certificates a file of one or more in PEM
     * @return this builder
     */
    public Builder trust(Path certificates) {
      this.trust = certificates;
      return this;
    }

    /**
     * Lets a token go over plain http to another machine, where whoever is on the way can read it.
     *
     * @return this builder
     */
    public Builder allowTokenOverHttp() {
      this.tokenOverHttp = true;
      return this;
    }

    /** How long a request and its whole answer may take. */
    Builder timeout(Duration longest) {
      this.timeout = longest;
      return this;
    }

    private Token token() {
      return tokens.isEmpty() ? Token.standard(environment) : tokens.get(0);
    }

    /**
     * What is wrong with the settings.
     *
     * @return a sentence for each mistake; empty if {@link #build} will succeed, unless a file
     *     changes
     */
    public List<String> mistakes() {
      List<String> all = new ArrayList<>(addressMistakes());
      all.addAll(mistakes);
      if (tokens.size() > 1) {
        all.add("the token must come from one place, but is to come from " + tokens);
      }
      if (all.isEmpty() && isHttp() && !token().isNone() && !isLoopback() && !tokenOverHttp) {
        all.add(
            "a token must not go over plain http to another machine, but the address is "
                + collector
                + " and the token comes from "
                + token()
                + ": use https, or allow it by allowTokenOverHttp() or allow-token-over-http: true, with the command replay by"
                + " --allow-token-over-http");
      }
      try {
        context();
      } catch (IOException e) {
        all.add("the certificates to trust must be in " + trust + ", but: " + e.getMessage());
      }
      return all;
    }

    private List<String> addressMistakes() {
      String scheme = String.valueOf(collector.getScheme()).toLowerCase(Locale.ROOT);
      if (collector.getRawUserInfo() != null
          || String.valueOf(collector.getRawAuthority()).contains("@")) {
        // Not quoted: it may be a password.
        return List.of(
            "the address of a collector must have no user information, but that to "
                + collector.getHost()
                + " has: a token comes from a file or the environment");
      }
      if (collector.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
        return List.of(
            "the address of a collector must be like http://127.0.0.1:9475, but is " + collector);
      }
      if (collector.getRawQuery() != null || collector.getRawFragment() != null) {
        return List.of(
            "the address of a collector must have no query and no fragment, but is " + collector);
      }
      return List.of();
    }

    private boolean isHttp() {
      return "http".equalsIgnoreCase(collector.getScheme());
    }

    private boolean isLoopback() {
      return LOOPBACK
          .matcher(String.valueOf(collector.getHost()).toLowerCase(Locale.ROOT))
          .matches();
    }

    private Optional<SSLContext> context() throws IOException {
      return trust == null ? Optional.empty() : Optional.of(Trust.of(trust));
    }

    /**
     * Makes the client.
     *
     * @return a new client
     * @throws IllegalArgumentException if there are mistakes; the message has them all
     */
    public CollectorClient build() {
      List<String> all = mistakes();
      if (!all.isEmpty()) {
        throw new IllegalArgumentException(String.join("; ", all));
      }
      try {
        return new CollectorClient(normalized(collector), token(), timeout, context());
      } catch (IOException e) {
        throw new IllegalArgumentException("the certificates in " + trust + " have changed", e);
      }
    }
  }
}
