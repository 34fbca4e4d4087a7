package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Wire;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a collector has stored. */
final class Stored {

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI collector;

  Stored(URI collector) {
    this.collector = collector;
  }

  /** Asserts that these observations of a run are stored, once and as they were, and no others. */
  void assertHas(String run, List<Observation> expected) throws IOException, InterruptedException {
    List<JsonElement> stored = observations(run);
    assertThat(stored).as(run).hasSize(expected.size());
    for (int i = 0; i < stored.size(); i++) {
      assertThat(stored.get(i)).isEqualTo(Wire.tree(expected.get(i)));
    }
    JsonObject known = run(run);
    assertThat(known.get("observations").getAsLong()).isEqualTo(expected.size());
    assertThat(known.getAsJsonArray("latest").get(0))
        .isEqualTo(Wire.tree(expected.get(expected.size() - 1)));
  }

  /** All observations of a run, in their order. */
  List<JsonElement> observations(String run) throws IOException, InterruptedException {
    List<JsonElement> stored = new ArrayList<>();
    String cursor = "";
    do {
      JsonObject page = get("/v1/runs/" + run + "/observations?limit=1000" + cursor);
      page.getAsJsonArray("observations").forEach(stored::add);
      JsonElement next = page.get("next");
      cursor = next.isJsonNull() ? "" : "&cursor=" + next.getAsString();
    } while (!cursor.isEmpty());
    return stored;
  }

  /** What is known of a run. */
  JsonObject run(String name) throws IOException, InterruptedException {
    return get("/v1/runs/" + name);
  }

  private JsonObject get(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(collector.resolve(path)).timeout(Duration.ofSeconds(60)).build();
    HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonParser.parseString(answer.body()).getAsJsonObject();
  }
}
