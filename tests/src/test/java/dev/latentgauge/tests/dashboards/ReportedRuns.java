package dev.latentgauge.tests.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.latentgauge.examples.fleet.Fleet;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.reference.EmbeddingFile;
import dev.latentgauge.tests.Processes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs of every kind that a collector knows, so that each panel has something to show. */
final class ReportedRuns {

  /** A training by DJL, against a reference with floor, ceiling and calibration. */
  static final String TRAINED = "mlp";

  /** A loop in another language: its embeddings and predictions are scored by the collector. */
  static final String SCORED_THERE = "posted";

  /** One on a GPU, the newest measurement of which is undefined. */
  static final String UNDEFINED = "undefined";

  private final HttpClient client = HttpClient.newHttpClient();
  private final Processes processes;
  private final Path folder;
  private final String collector;

  ReportedRuns(Processes processes, Path folder, String collector) {
    this.processes = processes;
    this.folder = folder;
    this.collector = collector;
  }

  /** Trains a reference, then begins a training that goes on for minutes. */
  void train() throws InterruptedException {
    String reference = folder.resolve("reference.safetensors").toString();
    Process making =
        processes.startJava("reference", Fleet.class, "--quick", "reference", reference);
    assertThat(making.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(making.exitValue()).as(() -> processes.printed("reference")).isZero();
    processes.startJava(
        "training",
        Fleet.class,
        "train",
        "--reference",
        reference,
        "--collector",
        collector,
        TRAINED);
  }

  /** One that concerns none of them. */
  void definePolicy() throws IOException, InterruptedException {
    send(
        "PUT",
        "/v1/policies/lr-sweep",
        "application/json",
        BodyPublishers.ofString("{\"tags\": {\"sweep\": \"lr\"}, \"rule\": \"median\"}"),
        201);
  }

  void postEmbeddings() throws IOException, InterruptedException {
    Path file = folder.resolve("posted.safetensors");
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray anchors = manager.randomNormal(new Shape(32, 8));
      NDArray probes = manager.randomNormal(new Shape(64, 8));
      EmbeddingFile.write(
          file, new Embeddings(anchors, probes), Optional.of(new long[64]), Map.of());
    }
    BodyPublisher body = BodyPublishers.ofFile(file);
    send("PUT", "/v1/references/posted", "application/octet-stream", body, 201);
    String observation = "/embeddings?reference=posted&layer=encoder&step=";
    for (int step = 0; step < 3; step++) {
      send(
          "POST",
          "/v1/runs/" + SCORED_THERE + observation + step,
          "application/octet-stream",
          body,
          200);
    }
  }

  void postUndefined() throws IOException, InterruptedException {
    post(
        "/v1/runs/" + UNDEFINED + "/observations",
        """
        {"observations": [{"step": 1, "epoch": 1, "time": "%s", "layer": "encoder",
          "reference": "mlp@0123456789ab", "profile": "soft",
          "undefined": "the embeddings are not finite",
          "training": {"deviceMemoryBytes": 1073741824}}]}
        """
            .formatted(Instant.now()),
        200);
  }

  /** Sends what no collector takes. */
  void postGarbage() throws IOException, InterruptedException {
    post("/v1/runs/" + UNDEFINED + "/observations", "{\"observations\": 1}", 400);
  }

  private void post(String path, String json, int status) throws IOException, InterruptedException {
    send("POST", path, "application/json", BodyPublishers.ofString(json), status);
  }

  private void send(String method, String path, String type, BodyPublisher body, int status)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(collector + path))
                .header("Content-Type", type)
                .method(method, body)
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
  }
}
