package dev.latentgauge.agent.attach;

import dev.latentgauge.agent.EarlyStopping;
import dev.latentgauge.stopping.Mode;
import java.util.Locale;
import java.util.Optional;

/** When a training is stopped early, as a file of settings says it. */
final class StoppingSettings {

  private static final String WHOLE = "must be a whole number";
  private static final String NUMBER = "must be a number";

  private StoppingSettings() {}

  /**
   * Reads them.
   *
   * @param of the mapping that has them
   * @param mistakes is told what does not go together
   */
  static Optional<EarlyStopping> read(Mapping of, Mistakes mistakes) {
    EarlyStopping.Builder builder = EarlyStopping.builder();
    of.text("watch").ifPresent(builder::watch);
    of.text("layer").ifPresent(builder::layer);
    of.text("reference").ifPresent(builder::reference);
    of.value("mode", "must be max or min", StoppingSettings::mode).ifPresent(builder::mode);
    of.value("patience", WHOLE, Integer::valueOf).ifPresent(builder::patience);
    of.value("min-delta", NUMBER, Double::valueOf).ifPresent(builder::minDelta);
    of.value("start-from", WHOLE, Long::valueOf).ifPresent(builder::startFrom);
    of.value("start-from-epoch", NUMBER, Double::valueOf).ifPresent(builder::startFromEpoch);
    of.value("baseline", NUMBER, Double::valueOf).ifPresent(builder::baseline);
    of.value("stopping-threshold", NUMBER, Double::valueOf).ifPresent(builder::stoppingThreshold);
    of.value("divergence-threshold", NUMBER, Double::valueOf)
        .ifPresent(builder::divergenceThreshold);
    of.truth("check-finite").ifPresent(builder::checkFinite);
    of.truth("restore-best").ifPresent(builder::restoreBest);
    if (of.text("significant").filter("false"::equals).isPresent()) {
      builder.withoutSignificance();
    } else {
      of.value("significant", NUMBER + ", or false", Double::valueOf)
          .ifPresent(builder::significant);
    }
    of.requireNoOthers();
    try {
      return Optional.of(builder.build());
    } catch (IllegalArgumentException e) {
      mistakes.add("early-stopping: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Mode mode(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "max" -> Mode.MAX;
      case "min" -> Mode.MIN;
      default -> throw new NumberFormatException("neither");
    };
  }
}
