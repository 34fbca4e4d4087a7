package dev.latentgauge.tests.live;

import com.google.gson.JsonObject;
import dev.latentgauge.collector.Safetensors;
import java.util.Random;

/**
 * A reference that the collector has made of embeddings.
 *
 * @param id its name, {@code @} and its fingerprint
 * @param layer the layer that was embedded
 * @param profile how runs are compared with it
 * @param floor what an untrained model scores against it
 * @param ceiling what a second good training scores against it
 */
public record PostedReference(
    String id, String layer, String profile, double floor, double ceiling) {

  private static final int ANCHORS = 128;
  private static final int PROBES = 512;
  private static final int DIMENSIONS = 32;

  /**
   * How far the embeddings of an untrained model, and of a second good one, are from the good's.
   */
  private static final double UNTRAINED = 3;

  private static final double GOOD = 0.3;

  /**
   * Has one made; the same again changes nothing.
   *
   * @param layer also decides which embeddings they are
   */
  public static PostedReference put(CollectorApi collector, String name, String layer) {
    JsonObject made =
        collector.reference(
            name + "?profile=soft&layer=" + layer + "&model=" + name,
            embeddings(layer.hashCode()).bytes());
    return new PostedReference(
        made.get("reference").getAsString(),
        layer,
        made.get("profile").getAsString(),
        score(made, "floor"),
        score(made, "ceiling"));
  }

  private static double score(JsonObject made, String point) {
    return made.getAsJsonObject(point).get("score").getAsDouble();
  }

  private static Safetensors embeddings(long seed) {
    Random random = new Random(seed);
    float[][] anchors = Safetensors.normal(random, ANCHORS, DIMENSIONS);
    float[][] probes = Safetensors.normal(random, PROBES, DIMENSIONS);
    return new Safetensors()
        .matrix("anchors", anchors)
        .matrix("probes", probes)
        .matrix("floor.anchors", blurred(random, anchors, UNTRAINED))
        .matrix("floor.probes", blurred(random, probes, UNTRAINED))
        .matrix("ceiling.anchors", blurred(random, anchors, GOOD))
        .matrix("ceiling.probes", blurred(random, probes, GOOD));
  }

  private static float[][] blurred(Random random, float[][] good, double noise) {
    return Safetensors.plus(good, noise, Safetensors.normal(random, good.length, good[0].length));
  }
}
