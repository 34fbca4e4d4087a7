package dev.latentgauge.collector;

import java.util.List;

/** Settings that are out of their ranges, or contradict each other; names all that are. */
public final class InvalidOptionsException extends IllegalArgumentException {

  private final List<String> mistakes;

  /**
   * Names what is wrong.
   *
   * @param mistakes sentences that begin with the name of a setting, at least one
   */
  public InvalidOptionsException(List<String> mistakes) {
    super(String.join("; ", mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  /**
   * What is wrong.
   *
   * @return sentences that begin with the name of a setting
   */
  public List<String> mistakes() {
    return mistakes;
  }
}
