package dev.latentgauge.tests.live;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/**
 * A collector by its HTTP API, as agents see it.
 *
 * <p>Thread-safe. What the collector refuses is an exception that says what it was and why.
 */
public final class CollectorApi {

  private static final String JSON = "application/json";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI collector;

  /** Of the collector at an address such as {@code http://127.0.0.1:9475}. */
  public CollectorApi(URI collector) {
    this.collector = collector;
  }

  /** Registers a run, or says anew what is known of it. */
  public void register(RunInfo run) {
    send("PUT", runs(run.name()), JSON, BodyPublishers.ofString(Wire.write(run)));
  }

  /** Reports observations, and answers what the training should do now. */
  public Directive report(String run, List<Observation> observations) {
    BodyPublisher body = BodyPublishers.ofString(Wire.write(observations));
    JsonObject receipt = object(send("POST", runs(run) + "/observations", JSON, body));
    return Wire.readDirective(receipt.getAsJsonObject("directive").toString());
  }

  /** Ends a run. */
  public void end(String run, RunEnd end) {
    send("POST", runs(run) + "/end", JSON, BodyPublishers.ofString(Wire.write(end)));
  }

  /** Tells a run what to do, as people can. */
  public void direct(String run, boolean stop, String reason) {
    String directive = Wire.tree(new Directive(stop, reason)).toString();
    send("PUT", runs(run) + "/directive", JSON, BodyPublishers.ofString(directive));
  }

  /** Defines a policy that stops runs. */
  void define(String policy, String json) {
    send("PUT", "/v1/policies/" + policy, JSON, BodyPublishers.ofString(json));
  }

  /** Deletes a run, if there is one. */
  public void delete(String run) {
    HttpResponse<String> answer = exchange("DELETE", runs(run), JSON, BodyPublishers.noBody());
    if (answer.statusCode() != 404) {
      require(answer);
    }
  }

  /** What the collector says of a run. */
  public JsonObject run(String run) {
    return object(get(runs(run)));
  }

  /** Has a sketch kept of embeddings that have no reference. */
  void sketch(String run, String layer, String probes, long step, byte[] file) {
    send(
        "POST",
        runs(run)
            + "/embeddings?sketch=true&layer="
            + layer
            + "&probes="
            + probes
            + "&step="
            + step,
        "application/octet-stream",
        BodyPublishers.ofByteArray(file));
  }

  /** Puts a file of a reference or of embeddings, and answers what is in it. */
  JsonObject reference(String nameAndParameters, byte[] file) {
    return object(
        send(
            "PUT",
            "/v1/references/" + nameAndParameters,
            "application/octet-stream",
            BodyPublishers.ofByteArray(file)));
  }

  /** The text of an answer. */
  public String get(String path) {
    return send("GET", path, JSON, BodyPublishers.noBody());
  }

  private static String runs(String name) {
    return "/v1/runs/" + name;
  }

  private static JsonObject object(String json) {
    return JsonParser.parseString(json).getAsJsonObject();
  }

  private String send(String method, String path, String type, BodyPublisher body) {
    return require(exchange(method, path, type, body));
  }

  private static String require(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(
          answer.request() + " was answered " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  private HttpResponse<String> exchange(
      String method, String path, String type, BodyPublisher body) {
    HttpRequest request =
        HttpRequest.newBuilder(collector.resolve(path))
            .header("Accept", JSON)
            .header("Content-Type", type)
            .method(method, body)
            .build();
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(request + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
