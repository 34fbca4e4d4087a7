package dev.latentgauge.benchmarks;

import dev.latentgauge.agent.Cadence;
import dev.latentgauge.probe.Layer;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * How a monitor is attached to a training.
 *
 * @param title what a row of a table says
 * @param cadence when it measures
 * @param budget the share of the time that it may take, if there is one
 * @param layers what it measures
 * @param isByAgent whether by {@code -javaagent}, and not as a listener
 */
record Attachment(
    String title, Cadence cadence, OptionalDouble budget, List<Layer> layers, boolean isByAgent) {

  private static final List<Layer> ONE = List.of(TrainedModel.ENCODER);
  private static final List<Layer> TWO = List.of(TrainedModel.ENCODER, TrainedModel.HEAD);

  /** It measures at the beginning and at the end only. */
  static final Attachment NEVER =
      of("not on the way", Cadence.everyBatches(1_000_000_000), OptionalDouble.empty());

  static final Attachment EVERY_STEP =
      of("every step", Cadence.everyBatches(1), OptionalDouble.empty());

  private static Attachment of(String title, Cadence cadence, OptionalDouble budget) {
    return new Attachment(title, cadence, budget, ONE, false);
  }

  static Attachment budget(double share) {
    return of(percent(share), Cadence.budget(share), OptionalDouble.of(share));
  }

  static Attachment twoLayers(double share) {
    Attachment one = budget(share);
    return new Attachment(one.title + ", two layers", one.cadence, one.budget, TWO, false);
  }

  static Attachment javaAgent(double share) {
    Attachment listener = budget(share);
    return new Attachment(
        listener.title + ", -javaagent", listener.cadence, listener.budget, ONE, true);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "budget %s %%", share * 100);
  }
}
