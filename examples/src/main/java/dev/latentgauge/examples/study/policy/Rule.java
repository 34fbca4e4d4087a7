package dev.latentgauge.examples.study.policy;

import dev.latentgauge.stopping.Hyperband;
import dev.latentgauge.stopping.MedianRule;
import dev.latentgauge.stopping.StopRule;
import dev.latentgauge.stopping.SuccessiveHalving;
import java.util.List;
import java.util.OptionalDouble;

/** The rules that are tried, as shares of what a whole training takes. */
enum Rule {
  MEDIAN("median"),
  HALVING_BY_3("halving by 3"),
  HALVING_BY_2("halving by 2"),
  HYPERBAND("hyperband"),
  HALVING_LATER("halving by 3 from a ninth"),
  HALVING_BY_2_LATER("halving by 2 from a quarter"),
  MEDIAN_LATER("median from a quarter"),
  HALVING_8_PEERS("halving by 3, 8 peers");

  /** The rules themselves. */
  static final List<Rule> PLAIN = List.of(MEDIAN, HALVING_BY_3, HALVING_BY_2, HYPERBAND);

  /** One of them with other settings. */
  static final List<Rule> VARIED =
      List.of(HALVING_BY_3, HALVING_8_PEERS, HALVING_LATER, HALVING_BY_2_LATER, MEDIAN_LATER);

  /** What policies have unless they are told otherwise. */
  static final int MIN_PEERS = 4;

  private final String title;

  Rule(String title) {
    this.title = title;
  }

  /** What it is called, for people. */
  String title() {
    return title;
  }

  /** The rule for trainings of so many steps. */
  StopRule of(double steps) {
    return switch (this) {
      case MEDIAN -> new MedianRule(steps / 10, steps / 10, OptionalDouble.of(steps), MIN_PEERS);
      case HALVING_BY_3 -> halving(3, steps / 27, steps, MIN_PEERS);
      case HALVING_BY_2 -> halving(2, steps / 16, steps, MIN_PEERS);
      case HYPERBAND -> new Hyperband(steps / 27, 3, steps, MIN_PEERS);
      case HALVING_LATER -> halving(3, steps / 9, steps, MIN_PEERS);
      case HALVING_BY_2_LATER -> halving(2, steps / 4, steps, MIN_PEERS);
      case MEDIAN_LATER ->
          new MedianRule(steps / 4, steps / 10, OptionalDouble.of(steps), MIN_PEERS);
      case HALVING_8_PEERS -> halving(3, steps / 27, steps, 8);
    };
  }

  private static StopRule halving(double factor, double first, double steps, int peers) {
    return new SuccessiveHalving(first, factor, OptionalDouble.of(steps), peers);
  }
}
