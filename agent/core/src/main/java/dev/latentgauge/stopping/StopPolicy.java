package dev.latentgauge.stopping;

import dev.latentgauge.observation.Names;
import dev.latentgauge.observation.ReportedValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;

/**
 * A rule by which runs of a group are stopped, and what of their reports it looks at.
 *
 * @param name what it is called, see {@link Names}
 * @param group the runs that are compared with each other
 * @param watch the value by which they are
 * @param mode whether larger values are better
 * @param layer the layer that it is of; absent if runs have no more than one
 * @param reference the reference that it is against, with or without {@code @} and the fingerprint;
 *     absent if runs have no more than one
 * @param resource what checkpoints are told in
 * @param rule when, and by what measure
 */
public record StopPolicy(
    String name,
    RunGroup group,
    ReportedValue watch,
    Mode mode,
    Optional<String> layer,
    Optional<String> reference,
    Resource resource,
    StopRule rule) {

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if one is not allowed
   */
  public StopPolicy {
    Names.require("the name of a policy", name);
    layer.ifPresent(text -> Names.require("layer", text));
    reference.ifPresent(text -> Names.require("reference", text));
  }

  /**
   * Whether observations are of the layer and the reference.
   *
   * @param observedLayer the layer that they are of
   * @param observedReference the reference, with {@code @} and its fingerprint
   * @return true if the policy asks for no others
   */
  public boolean watches(String observedLayer, String observedReference) {
    return layer.stream().allMatch(observedLayer::equals)
        && reference.stream()
            .allMatch(
                asked ->
                    observedReference.equals(asked) || observedReference.startsWith(asked + "@"));
  }

  /**
   * Compares a run with others that were at the same checkpoint.
   *
   * @param value what it has there
   * @param others theirs at the checkpoint, in any order
   * @return what comes of it
   */
  public Verdict judge(double value, double[] others) {
    if (mode == Mode.MAX) {
      return rule.judge(value, others);
    }
    Verdict verdict = rule.judge(-value, Arrays.stream(others).map(other -> -other).toArray());
    return new Verdict(
        verdict.action(),
        verdict.rank(),
        verdict.peers(),
        verdict.threshold().stream().map(threshold -> 0 - threshold).findFirst());
  }

  /**
   * Says why, in a sentence.
   *
   * @param checkpoint where the run was compared
   * @param value what it has there
   * @param verdict what came of it
   * @return a sentence for people, without a full stop
   */
  public String explain(double checkpoint, double value, Verdict verdict) {
    int runs = verdict.peers() + 1;
    boolean isClose =
        verdict.threshold().stream()
            .anyMatch(threshold -> threshold != value && number(threshold).equals(number(value)));
    DoubleFunction<String> digits = isClose ? Double::toString : StopPolicy::number;
    String found =
        "its "
            + watch
            + " at "
            + PolicyWire.text(resource)
            + " "
            + number(checkpoint)
            + " is "
            + digits.apply(value)
            + ", number "
            + verdict.rank()
            + " of "
            + runs
            + (runs == 1 ? " run; " : " runs; ");
    String needed =
        verdict.threshold().stream()
            .mapToObj(threshold -> digits.apply(threshold) + ", " + rule.meaning(verdict.peers()))
            .findFirst()
            .orElse("");
    return switch (verdict.action()) {
      case UNDECIDED ->
          found + "with fewer than " + rule.minPeers() + " others nothing is decided yet";
      case CONTINUE -> found + "to go on it needed " + needed;
      case STOP -> found + "to go on it would have needed " + needed;
    };
  }

  /** Whole numbers as they are, others with as many digits as people compare. */
  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) <= StopRule.LARGEST_RESOURCE
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.4g", value);
  }
}
