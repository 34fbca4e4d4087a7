package dev.latentgauge.cli;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line with two more commands: one that computes, one that prints much. */
final class EngineProgram {

  private EngineProgram() {}

  @Command(name = "sum", description = "Adds 1, 2 and 4 with the engine.")
  static final class Sum implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();
    @Mixin private EngineOptions engine = new EngineOptions();

    @Override
    public Integer call() throws IOException {
      engine.load();
      try (NDManager manager = NDManager.newBaseManager()) {
        float sum = manager.create(new float[] {1, 2, 4}).sum().getFloat();
        spec.commandLine().getOut().println(sum);
      }
      return 0;
    }
  }

  /** Prints more than a pipe holds. */
  @Command(name = "flood")
  static final class Flood implements Runnable {

    private static final int LINES = 100_000;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      for (int line = 0; line < LINES; line++) {
        spec.commandLine().getOut().println("line " + line);
      }
    }
  }

  public static void main(String... arguments) {
    Logging.configure();
    System.exit(
        Main.exitCode(
            Main.commandLine().addSubcommand(new Sum()).addSubcommand(new Flood()), arguments));
  }
}
