package dev.latentgauge.agent.attach;

import java.lang.instrument.Instrumentation;
import java.net.URL;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The agent of a process: checks the settings, and waits for DJL to be loaded. */
public final class Agent {

  private static final int WRONG_SETTINGS = 2;

  private Agent() {}

  /**
   * Starts it.
   *
   * @param arguments the file of settings
   * @param instrumentation changes classes while they are loaded
   * @param jar where the agent's classes are
   */
  public static void start(@Nullable String arguments, Instrumentation instrumentation, URL jar) {
    if (arguments == null || arguments.isBlank()) {
      Console.say(
          "nothing is monitored: the agent needs a file of settings, as in"
              + " -javaagent:latentgauge-agent.jar=monitor.yaml");
      return;
    }
    Path file = Path.of(arguments.strip());
    Mistakes mistakes = new Mistakes(file);
    String text = SettingsFile.text(file, mistakes);
    Settings settings =
        SettingsFile.read(
            file,
            text,
            System.getenv(),
            mistakes.sentences().isEmpty() ? mistakes : new Mistakes(file));
    if (!mistakes.sentences().isEmpty()) {
      mistakes.sentences().forEach(Console::say);
      Console.say(
          settings.isStrict()
              ? "the program does not start, as strict is true"
              : "nothing is monitored; the program runs on");
      if (settings.isStrict()) {
        System.exit(WRONG_SETTINGS);
      }
      return;
    }
    Attachments attachments = new Attachments(file, text, settings.isStrict(), jar);
    instrumentation.addTransformer(new DjlClasses(instrumentation, attachments));
    Runtime.getRuntime()
        .addShutdownHook(new Thread(attachments::processEnds, "latentgauge-process-ends"));
  }
}
