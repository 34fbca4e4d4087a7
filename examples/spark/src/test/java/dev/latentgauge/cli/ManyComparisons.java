package dev.latentgauge.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/**
 * Runs {@code latentgauge compare --json} many times in one process, which starts the engine once.
 */
public final class ManyComparisons {

  private ManyComparisons() {}

  /**
   * Runs the commands.
   *
   * @param arguments the file to write to, an object with {@code code}, {@code out} and {@code err}
   *     for each command; then a reference and a candidate for each
   */
  public static void main(String... arguments) throws IOException {
    JsonArray results = new JsonArray();
    for (int i = 1; i < arguments.length; i += 2) {
      results.add(compare(arguments[i], arguments[i + 1]));
    }
    Files.writeString(Path.of(arguments[0]), results.toString());
  }

  private static JsonObject compare(String reference, String candidate) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    JsonObject result = new JsonObject();
    result.addProperty("code", command.execute("compare", "--json", reference, candidate));
    result.addProperty("out", out.toString());
    result.addProperty("err", err.toString());
    return result;
  }
}
