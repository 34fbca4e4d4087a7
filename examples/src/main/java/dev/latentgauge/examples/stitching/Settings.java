package dev.latentgauge.examples.stitching;

import ai.djl.engine.Engine;
import dev.latentgauge.examples.data.DataException;
import dev.latentgauge.examples.data.FashionMnist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all experiments can be told, to be mixed in. */
public final class Settings {

  /** How much is trained. */
  public enum Scale {
    /** Enough to see that everything works. */
    SMOKE,
    /** What the report is made of. */
    REPORT
  }

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Folder with the data as published, or with a folder for each data set; found or"
              + " downloaded if not given.")
  private @Nullable Path data;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Folder for tables, figures and report (default: ${DEFAULT-VALUE}).")
  private Path output = Path.of("examples/target/stitching");

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "How often each network is trained, at least 2 (default: 5, or 2 in a smoke run).")
  private int seeds;

  @Option(
      names = "--scale",
      description =
          "${COMPLETION-CANDIDATES}: a smoke run, or what the report is made of (default:"
              + " ${DEFAULT-VALUE}).")
  private Scale scale = Scale.REPORT;

  /**
   * The seeds of the trainings.
   *
   * @return 1, 2 and so on
   * @throws IOException if there are too few
   */
  public List<Integer> seeds() throws IOException {
    int count = seeds == 0 ? (isSmoke() ? 2 : 5) : seeds;
    if (count < 2) {
      throw new IOException("--seeds must be at least 2, but is " + count);
    }
    return IntStream.rangeClosed(1, count).boxed().toList();
  }

  /**
   * Whether only to see that everything works.
   *
   * @return true if so
   */
  public boolean isSmoke() {
    return scale == Scale.SMOKE;
  }

  /**
   * One number or another.
   *
   * @param report what the report is made with
   * @param smoke what a smoke run is made with
   * @return one of them
   */
  public int scaled(int report, int smoke) {
    return isSmoke() ? smoke : report;
  }

  /**
   * Where a data set is to be looked for.
   *
   * @param name of its folder, such as {@code trec}
   * @return the folder; absent if it is to be found or downloaded
   */
  public Optional<Path> data(String name) {
    if (data == null) {
      return Optional.empty();
    }
    Path own = data.resolve(name);
    return Optional.of(Files.isDirectory(own) ? own : data);
  }

  /**
   * Fashion-MNIST, which several experiments use.
   *
   * @return the images in the folder that was given, or found or downloaded
   * @throws DataException if there are none, saying where they were looked for
   */
  public FashionMnist images() throws DataException {
    Optional<Path> folder = data("fashion-mnist");
    return folder.isPresent() ? FashionMnist.load(folder.get()) : FashionMnist.find();
  }

  /**
   * A file of the experiment's, in a folder that exists.
   *
   * @param name such as {@code text.csv}
   * @return where it is to be
   * @throws IOException if there can be no folder
   */
  public Path file(String name) throws IOException {
    Files.createDirectories(output);
    return output.resolve(name);
  }

  /**
   * What was typed to get a document, and when, as its last paragraph.
   *
   * @param experiment the command
   * @return a sentence of Markdown
   * @throws IOException if there are too few seeds
   */
  public String provenance(String experiment) throws IOException {
    return "Made by `examples/stitching.sh %s --seeds %d%s` on %s, in float32 on %s.%s"
        .formatted(
            experiment,
            seeds().size(),
            isSmoke() ? " --scale " + scale.name().toLowerCase(Locale.ROOT) : "",
            LocalDate.now(ZoneOffset.UTC),
            Engine.getInstance().defaultDevice().isGpu() ? "a GPU" : "a CPU",
            isSmoke() ? " **A smoke run: its numbers mean nothing.**" : "");
  }
}
