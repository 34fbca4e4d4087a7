package dev.latentgauge.agent.report;

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
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Sends reports to a collector over HTTP.
 *
 * <p>While the collector cannot be reached, or says that it cannot take more just now (status 429
 * or 5xx), reports wait and are sent again; the collector takes each once however often it comes. A
 * report that the collector refuses for good (another 4xx) is given up.
 */
public final class CollectorReporter implements Reporter {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(15);
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int REQUEST_TIMED_OUT = 408;
  private static final int LONGEST_QUOTE = 500;

  private final URI collector;
  private final HttpClient client;

  private CollectorReporter(URI collector) {
    this.collector = collector;
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
    return new CollectorReporter(URI.create(text.endsWith("/") ? text : text + "/"));
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
            .timeout(REQUEST_TIMEOUT)
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

  private HttpResponse<String> sent(HttpRequest request) throws IOException, InterruptedException {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (ConnectException e) {
      // Its own message is mostly empty.
      throw new IOException("the collector at " + collector + " cannot be reached", e);
    }
  }

  private static String quote(HttpResponse<String> response) {
    String body = response.body().strip();
    return body.length() <= LONGEST_QUOTE ? body : body.substring(0, LONGEST_QUOTE) + "…";
  }
}
