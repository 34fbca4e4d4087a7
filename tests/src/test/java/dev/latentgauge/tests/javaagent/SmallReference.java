package dev.latentgauge.tests.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/** A reference of the small network's first layer, made by the agent; and what is made of it. */
record SmallReference(Path file) {

  /** The run that {@link #settings} name. */
  static final String RUN = "small";

  /** How often it is measured in an epoch of 64 batches, the first time before them. */
  static final String CADENCE = "16 batches";

  /**
   * Makes one.
   *
   * @param folder where it will be
   * @param program the training, without an agent
   */
  static SmallReference of(Path folder, Program program) throws Exception {
    Path file = folder.resolve("small.safetensors");
    Program.Result result =
        program
            .attached(
                "create-reference: {file: '" + file + "', layer: stem, anchors: 32, probes: 128}\n")
            .run("FIT", "1", "3");
    assertThat(result.status()).as(result.errors()).isZero();
    assertThat(file).as(result.errors()).isRegularFile();
    return new SmallReference(file);
  }

  /** Settings by which a run is monitored, and reported to a file. */
  String settings(Path reports) {
    return "reference: '"
        + file
        + "'\nrun: "
        + RUN
        + "\ncadence: "
        + CADENCE
        + "\njson-lines: '"
        + reports
        + "'\n";
  }
}
