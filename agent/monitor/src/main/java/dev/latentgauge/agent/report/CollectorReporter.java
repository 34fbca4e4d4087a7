package dev.latentgauge.agent.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.latentgauge.observation.Observation;
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
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends reports to a collector over HTTP.
 *
 * <p>While the collector cannot be reached, or says that it cannot take more just now (status 429
 * or 5xx), reports wait and are sent again; the collector takes each once however often it comes.
 * So they do if an answer is not there, to its last byte, within 15 s. A report that the collector
 * refuses for good (another 4xx) is given up. If it refuses the run itself, as it does when another
 * training has taken its name and attempt, then nothing of the run is sent to it. No more than 4
 * KiB of an answer are read.
 */
public final class CollectorReporter implements Reporter {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration EXCHANGE_TIMEOUT = Duration.ofSeconds(15);
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int REQUEST_TIMED_OUT = 408;
  private static final int LONGEST_ANSWER = 4096;
  private static final int LONGEST_QUOTE = 500;

  private final URI collector;
  private final Duration timeout;
  private final HttpClient client;

  private CollectorReporter(URI collector, Duration timeout) {
    this.collector = collector;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
  }

  /**
   * A reporter to a collector.
   *
   * @param collector the address of the collector, such as {@code http://127.0.0.1:9475}; it need
   *     not be up yet
   * @return a new reporter
   * @throws IllegalArgumentException if it is not an absolute http or https address
   */
  public static CollectorReporter to(URI collector) {
    return to(collector, EXCHANGE_TIMEOUT);
  }

  /** A reporter that waits no longer than {@code timeout} for a request and its whole answer. */
  static CollectorReporter to(URI collector, Duration timeout) {
    String scheme = String.valueOf(collector.getScheme()).toLowerCase(Locale.ROOT);
    if (collector.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw new IllegalArgumentException(
          "the address of a collector must be like http://127.0.0.1:9475, but is " + collector);
    }
    if (collector.getRawQuery() != null || collector.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "the address of a collector must have no query and no fragment, but is " + collector);
    }
    String text = collector.toString();
    return new CollectorReporter(URI.create(text.endsWith("/") ? text : text + "/"), timeout);
  }

  @Override
  public void begin(RunInfo run) throws IOException, InterruptedException {
    send("PUT", "v1/runs/" + run.name(), Wire.write(run));
  }

  @Override
  public void observed(RunInfo run, List<Observation> observations)
      throws IOException, InterruptedException {
    send("POST", "v1/runs/" + run.name() + "/observations", Wire.write(observations));
  }

  @Override
  public void end(RunInfo run, RunEnd end) throws IOException, InterruptedException {
    send("POST", "v1/runs/" + run.name() + "/end", Wire.write(end));
  }

  private void send(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(collector.resolve(path))
            .method(method, BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .build();
    HttpResponse<String> response = sent(request);
    int status = response.statusCode();
    if (status / 100 == 2) {
      return;
    }
    String answer =
        method + " " + request.uri() + " was answered " + status + " " + quote(response);
    if (status == TOO_MANY_REQUESTS || status == REQUEST_TIMED_OUT || status / 100 == 5) {
      throw new IOException(answer);
    }
    throw new ReportRefusedException(answer);
  }

  /** The answer; a timeout of the request alone would not cover a body that stalls. */
  private HttpResponse<String> sent(HttpRequest request) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<String>> exchange =
        client.sendAsync(request, head -> new Beginning(LONGEST_ANSWER));
    try {
      return exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "the collector at " + collector + " did not answer within " + timeout, e);
    } catch (ExecutionException e) {
      throw failure(e);
    } finally {
      exchange.cancel(true);
    }
  }

  private IOException failure(ExecutionException failure) {
    if (failure.getCause() instanceof ConnectException refused) {
      // Its own message is mostly empty.
      return new IOException("the collector at " + collector + " cannot be reached", refused);
    } else if (failure.getCause() instanceof IOException e) {
      return e;
    }
    throw new IllegalStateException(
        "the collector at " + collector + " cannot be asked", failure.getCause());
  }

  /** What a problem says, or else how the answer begins. */
  private static String quote(HttpResponse<String> response) {
    String body = response.body().strip();
    String text = detail(body).orElse(body);
    return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
  }

  private static Optional<String> detail(String body) {
    try {
      JsonElement problem = JsonParser.parseString(body);
      return problem instanceof JsonObject object
              && object.get("detail") instanceof JsonPrimitive detail
          ? Optional.of(detail.getAsString())
          : Optional.empty();
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }
}
