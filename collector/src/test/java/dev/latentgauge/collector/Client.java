package dev.latentgauge.collector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Wire;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Talks to a collector as other programs do. What is asked and answered must be as {@link Contract}
 * has it: a request that is not must be refused, and one that is must not be refused as invalid.
 */
public final class Client {

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI address;
  private final Contract contract;
  private final String[] always;

  /** A client of the collector at an address. */
  public Client(URI address) {
    this(address, Contract.ours());
  }

  Client(URI address, Contract contract) {
    this(address, contract, new String[0]);
  }

  private Client(URI address, Contract contract, String[] always) {
    this.address = address;
    this.contract = contract;
    this.always = always;
  }

  /** The same, which sends a token with each request. */
  public Client with(String token) {
    return new Client(address, contract, new String[] {"Authorization", "Bearer " + token});
  }

  /** An answer, with its body as a text and as a document. */
  public record Reply(HttpResponse<byte[]> response) {
    /** The status. */
    public int status() {
      return response.statusCode();
    }

    /** The body as a text. */
    public String text() {
      return new String(plain(), StandardCharsets.UTF_8);
    }

    /** The body, no longer compressed. */
    byte[] plain() {
      if (!header("content-encoding").equals("gzip") || response.body().length == 0) {
        return response.body();
      }
      try (var plain = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
        return plain.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The body as a document. */
    public JsonObject json() {
      return JsonParser.parseString(text()).getAsJsonObject();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  /** Reads. */
  public Reply get(String path, String... headers) {
    return send("GET", path, new byte[0], headers);
  }

  /** Replaces. */
  public Reply put(String path, String body) {
    return json("PUT", path, body);
  }

  Reply post(String path, String body) {
    return json("POST", path, body);
  }

  Reply delete(String path) {
    return send("DELETE", path, new byte[0]);
  }

  /** Reports observations. */
  public Reply report(String run, Observation... observations) {
    return post("/v1/runs/" + run + "/observations", Wire.write(List.of(observations)));
  }

  /** Sends a file. */
  public Reply upload(String method, String path, byte[] file) {
    return send(method, path, file, "Content-Type", "application/octet-stream");
  }

  private Reply json(String method, String path, String body) {
    return send(
        method,
        path,
        body.getBytes(StandardCharsets.UTF_8),
        "Content-Type",
        "application/json; charset=utf-8");
  }

  Reply send(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + path))
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    addTo(request, always);
    addTo(request, headers);
    try {
      HttpRequest sent = request.build();
      Reply reply = new Reply(http.send(sent, BodyHandlers.ofByteArray()));
      assertThat(
              contract.complaints(
                  new Contract.Exchange(
                      method,
                      path,
                      sent.headers()::firstValue,
                      Buffer.buffer(body),
                      reply.status(),
                      reply)))
          .as("what openapi.yaml says to %s %s", method, path)
          .isEmpty();
      return reply;
    } catch (IOException e) {
      throw new IllegalStateException(method + " " + path + " must be answered", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void addTo(HttpRequest.Builder request, String[] headers) {
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
  }
}
