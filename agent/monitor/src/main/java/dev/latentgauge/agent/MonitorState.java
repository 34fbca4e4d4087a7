package dev.latentgauge.agent;

import com.google.gson.Gson;
import dev.latentgauge.relative.Measurement;
import dev.latentgauge.relative.Score;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a monitor is in its training, so that another process can go on from there: steps and
 * epochs so far, and for every {@link EarlyStopping} its best value, its last improvement and how
 * long that is ago.
 *
 * <p>It belongs beside a checkpoint of the training, and is made at the same moment. It does not
 * hold the weights of the best check. Immutable.
 */
public final class MonitorState {

  private static final int FORMAT = 1;
  private static final Gson GSON = new Gson();

  private final Content content;

  private MonitorState(Content content) {
    this.content = content;
  }

  static MonitorState of(long step, long epoch, List<Rule> rules) {
    return new MonitorState(new Content(FORMAT, step, epoch, List.copyOf(rules)));
  }

  /**
   * Reads a state.
   *
   * @param file a file that {@link #save} wrote
   * @return the state
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if it is not a state, or of a format that is not known
   */
  public static MonitorState load(Path file) throws IOException {
    Content content = parsed(file, Files.readString(file));
    if (content.format() != FORMAT) {
      throw new IllegalArgumentException(
          file
              + " must be the state of a monitor in format "
              + FORMAT
              + ", but has format "
              + content.format());
    }
    return new MonitorState(content);
  }

  private static Content parsed(Path file, String text) {
    try {
      return Objects.requireNonNull(GSON.fromJson(text, Content.class), "empty");
    } catch (RuntimeException e) {
      // What the constructor of a record throws comes wrapped in one that is no more than this.
      throw new IllegalArgumentException(file + " is not the state of a monitor", e);
    }
  }

  /**
   * Writes the state; the file is there as a whole or not at all.
   *
   * @param file where to, in a folder that exists; what is there is replaced
   * @throws IOException if the file cannot be written
   */
  public void save(Path file) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "file");
    Path part = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".partial");
    try {
      write(part, GSON.toJson(content));
      move(part, file);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void write(Path file, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void move(Path part, Path file) throws IOException {
    try {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Optimiser updates so far.
   *
   * @return at least 0
   */
  public long step() {
    return content.step();
  }

  /**
   * Whole passes over the data so far.
   *
   * @return at least 0
   */
  public long epoch() {
    return content.epoch();
  }

  List<Rule> rules() {
    return content.rules();
  }

  private record Content(int format, long step, long epoch, List<Rule> rules) {
    Content {
      if (step < 0 || epoch < 0) {
        throw new IllegalArgumentException("step and epoch must be at least 0");
      }
      rules = rules == null ? List.of() : rules;
    }
  }

  /**
   * Where one rule is.
   *
   * @param watched what it watches, and of which layer and reference
   * @param waiting checks without an improvement so far
   * @param best its best check, if there was one
   * @param lastImprovement the last check that was an improvement, if there was one
   */
  record Rule(
      String watched,
      int waiting,
      @Nullable SavedCheck best,
      @Nullable SavedCheck lastImprovement) {

    static Rule of(
        String watched,
        int waiting,
        StoppingRule.@Nullable Check best,
        StoppingRule.@Nullable Check lastImprovement) {
      return new Rule(watched, waiting, SavedCheck.of(best), SavedCheck.of(lastImprovement));
    }

    Rule {
      Objects.requireNonNull(watched, "watched");
    }

    StoppingRule.@Nullable Check bestCheck() {
      return best == null ? null : best.check();
    }

    StoppingRule.@Nullable Check lastImprovedCheck() {
      return lastImprovement == null ? null : lastImprovement.check();
    }
  }

  /**
   * A check.
   *
   * @param score of a score, all of it
   * @param influences of a score, what each probe contributed
   */
  record SavedCheck(
      long step,
      long epoch,
      double value,
      @Nullable Score score,
      @Nullable List<Double> influences) {

    static @Nullable SavedCheck of(StoppingRule.@Nullable Check check) {
      if (check == null) {
        return null;
      }
      Optional<Measurement> measured = check.measurement();
      return new SavedCheck(
          check.step(),
          check.epoch(),
          check.value(),
          measured.map(measurement -> (Score) measurement.outcome()).orElse(null),
          measured
              .map(measurement -> Arrays.stream(measurement.influences()).boxed().toList())
              .orElse(null));
    }

    StoppingRule.Check check() {
      Optional<Measurement> measurement =
          score == null || influences == null
              ? Optional.empty()
              : Optional.of(
                  Measurement.of(
                      score, influences.stream().mapToDouble(Double::doubleValue).toArray()));
      return new StoppingRule.Check(step, epoch, value, measurement);
    }
  }
}
