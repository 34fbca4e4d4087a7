package dev.latentgauge.cli.settings;

import java.util.List;

/** A command that can say what is wrong with its options before it runs. */
public interface Checked {

  /**
   * What is wrong with the values that the options have now.
   *
   * @return sentences that begin with the name of the option, such as {@code port must be from 0 to
   *     65535, but is 70000}; empty if nothing is wrong
   */
  List<String> mistakes();
}
