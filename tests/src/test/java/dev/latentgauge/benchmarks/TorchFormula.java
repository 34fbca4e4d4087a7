package dev.latentgauge.benchmarks;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A process of Python that measures by PyTorch, see {@code formula.py}. */
final class TorchFormula implements AutoCloseable {

  private static final Path PROGRAM = Path.of("tests", "src", "test", "python", "formula.py");
  private static final String PYTHON =
      System.getenv().getOrDefault("LATENTGAUGE_PYTHON", "/usr/bin/python3");

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter commands;
  private final String version;

  /**
   * Starts it.
   *
   * @param threads that it may use
   * @param device {@code cpu} or {@code cuda}
   * @throws IOException if there is no Python with PyTorch
   */
  TorchFormula(int threads, String device) throws IOException {
    Path here = PROGRAM.toAbsolutePath();
    Path program = here.toFile().exists() ? here : Path.of("..").resolve(PROGRAM);
    ProcessBuilder builder =
        new ProcessBuilder(PYTHON, program.toString(), Integer.toString(threads), device)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    // Debian's PyTorch multiplies with OpenBLAS, which has threads of its own, and lets them spin
    // for a while after their work: into the next one's turn.
    builder.environment().put("OPENBLAS_NUM_THREADS", Integer.toString(threads));
    builder.environment().put("OPENBLAS_THREAD_TIMEOUT", "20");
    process = builder.start();
    answers = process.inputReader();
    commands = process.outputWriter();
    version = answer();
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException(
          PYTHON
              + " must have PyTorch (on Debian, python3-torch; for a GPU, one with CUDA), and has"
              + " ended: see above");
    }
    return line;
  }

  String version() {
    return version;
  }

  private JsonElement ask(Object command) throws IOException {
    commands.write(new Gson().toJson(command) + "\n");
    commands.flush();
    return JsonParser.parseString(answer());
  }

  /**
   * Works with random embeddings of a size: {@code product}, {@code forward} or {@code backward}.
   */
  Turns.Arm arm(MeasurementSize size, String work) {
    JsonObject command = new JsonObject();
    command.addProperty("n", size.probes());
    command.addProperty("k", size.anchors());
    command.addProperty("d", size.dimensions());
    command.addProperty("work", work);
    return repetitions -> {
      command.addProperty("repetitions", repetitions);
      return ask(command).getAsDouble();
    };
  }

  /** The score of embeddings against others, and its standard error. */
  double[] score(float[][] anchors, float[][] probes, float[][] others, float[][] described)
      throws IOException {
    JsonElement answer =
        ask(
            Map.of(
                "anchors", anchors,
                "probes", probes,
                "other_anchors", others,
                "other_probes", described));
    return new Gson().fromJson(answer, double[].class);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
