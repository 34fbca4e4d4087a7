package dev.latentgauge.cli.settings;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Options that cannot be used, with all that is wrong with them. */
public final class InvalidSettingsException extends ParameterException {

  private final List<String> mistakes;

  InvalidSettingsException(CommandLine command, List<String> mistakes) {
    super(command, String.join("; ", mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  /**
   * What is wrong.
   *
   * @return sentences, at least one
   */
  public List<String> mistakes() {
    return mistakes;
  }
}
