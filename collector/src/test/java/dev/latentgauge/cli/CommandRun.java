package dev.latentgauge.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command that ran in this process has left. */
public record CommandRun(int code, String out, String err) {

  /** Runs a command. */
  public static CommandRun of(Object... arguments) {
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(texts);
    return new CommandRun(code, out.toString(), err.toString());
  }
}
