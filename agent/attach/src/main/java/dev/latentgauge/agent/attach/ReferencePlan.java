package dev.latentgauge.agent.attach;

import dev.latentgauge.observation.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A reference that is to be made of the model which the program trains.
 *
 * @param file where it is written, when the trainer is closed
 * @param name what it is called
 * @param layer the layer that it is made of
 * @param anchors how many inputs are anchors
 * @param probes how many are probes
 */
record ReferencePlan(Path file, String name, String layer, int anchors, int probes) {

  private static final int DEFAULT_ANCHORS = 128;
  private static final int DEFAULT_PROBES = 512;
  private static final int FEWEST_ANCHORS = 1;
  private static final int FEWEST_PROBES = 3;
  private static final int MOST_INPUTS = 1 << 20;

  /**
   * Reads it; absent if it is wrong.
   *
   * @param of the mapping that has it
   */
  static Optional<ReferencePlan> read(Mapping of) {
    Optional<Path> made = of.value("file", "must be the name of a file", ReferencePlan::fresh);
    Optional<String> layer = of.text("layer");
    Optional<String> name =
        of.value("name", "must be a name", text -> Names.require("the name of a reference", text));
    int anchors = count(of, "anchors", FEWEST_ANCHORS, DEFAULT_ANCHORS);
    int probes = count(of, "probes", FEWEST_PROBES, DEFAULT_PROBES);
    of.require("file");
    of.require("layer");
    of.requireNoOthers();
    return made.isEmpty() || layer.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ReferencePlan(
                made.get(),
                name.orElseGet(() -> nameOf(made.get())),
                layer.get(),
                anchors,
                probes));
  }

  /** The file of a reference is somebody's work: none is written over. */
  private static Path fresh(String text) {
    Path made = OutputFile.requireWritable(text);
    if (Files.exists(made)) {
      throw new IllegalArgumentException("it must be a new file, but " + made + " exists");
    }
    return made;
  }

  private static String nameOf(Path made) {
    String name = made.getFileName().toString().replaceFirst("\\.[^.]+$", "");
    return Names.PATTERN.matcher(name).matches() ? name : "reference";
  }

  private static int count(Mapping of, String key, int fewest, int usual) {
    return of.value(
            key,
            "must be a whole number from " + fewest + " to " + MOST_INPUTS,
            text -> {
              int count = Integer.parseInt(text);
              if (count < fewest || count > MOST_INPUTS) {
                throw new NumberFormatException("out of range");
              }
              return count;
            })
        .orElse(usual);
  }
}
