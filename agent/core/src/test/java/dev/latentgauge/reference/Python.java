package dev.latentgauge.reference;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a script of the tests with the system's Python, which must be there. */
final class Python {

  private Python() {}

  /** Answers what the script writes to standard output. */
  static String run(String script, Object... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("/usr/bin/python3", "src/test/python/" + script));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new IOException("this test needs /usr/bin/python3 (Debian's package python3)", e);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(Path.of(script) + " ended with " + process.exitValue());
    }
    return output;
  }
}
