package dev.latentgauge.cli.settings;

import java.util.Arrays;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Help that says of each option which variable gives it too. */
final class SettingsHelp extends Help {

  SettingsHelp(CommandSpec command, ColorScheme colours) {
    super(command, colours);
  }

  @Override
  public IOptionRenderer createDefaultOptionRenderer() {
    IOptionRenderer plain = super.createDefaultOptionRenderer();
    return (option, labels, colours) -> withVariable(plain.render(option, labels, colours), option);
  }

  private Ansi.Text[][] withVariable(Ansi.Text[][] rows, OptionSpec option) {
    if (!SettingsOptions.isInEnvironment(option)) {
      return rows;
    }
    Ansi.Text[][] more = Arrays.copyOf(rows, rows.length + 1);
    Ansi.Text[] row = new Ansi.Text[rows[0].length];
    Arrays.fill(row, colorScheme().text(""));
    row[row.length - 1] = colorScheme().text("  Variable: " + Variables.name(option));
    more[rows.length] = row;
    return more;
  }
}
