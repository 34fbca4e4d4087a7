package dev.latentgauge.benchmarks;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.collector.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * What is timed of a file of embeddings: how a collector scores it, how it knows that it was sent
 * before, and what a score cannot do without.
 */
final class EmbeddingsArms implements AutoCloseable {

  private final ByteBuffer file;
  private final String path;
  private final UploadClient collector;
  private final CopyAndProduct limit;
  private long step;

  /** Random embeddings, and a reference of others in the collector. */
  EmbeddingsArms(MeasurementSize size, URI address) throws IOException {
    file = file(size, 1);
    path = "/v1/runs/" + size + "/embeddings?layer=encoder&reference=" + size + "&step=";
    collector = new UploadClient(address);
    limit = CopyAndProduct.start(size, file);
    collector.send("PUT", "/v1/references/" + size, file(size, 2));
    score();
  }

  private static ByteBuffer file(MeasurementSize size, long seed) {
    Random random = new Random(seed);
    byte[] bytes =
        new Safetensors()
            .matrix("anchors", Safetensors.normal(random, size.anchors(), size.dimensions()))
            .matrix("probes", Safetensors.normal(random, size.probes(), size.dimensions()))
            .bytes();
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  /** How many bytes a file has. */
  int bytes() {
    return file.remaining();
  }

  /** Has the embeddings scored, as those of another step than before. */
  void score() {
    step++;
    require("accepted", post(step));
  }

  /** Sends those of the first step again, which are received, and told by their digest. */
  void repeat() {
    require("duplicates", post(1));
  }

  private JsonObject post(long at) {
    try {
      return JsonParser.parseString(collector.send("POST", path + at, file)).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void require(String outcome, JsonObject answer) {
    if (answer.get(outcome).getAsInt() != 1) {
      throw new IllegalStateException("the embeddings must count as " + outcome + ": " + answer);
    }
  }

  /** Sends them to where they are only received and multiplied. */
  void copyAndMultiply() {
    try {
      limit.send();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    collector.close();
    limit.close();
  }
}
