package dev.latentgauge.reference;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.observation.Names;
import dev.latentgauge.probe.ArrayCopy;
import dev.latentgauge.probe.Fingerprint;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.relative.Gauge;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A frozen model's relative representation of a probe set: what runs are compared with.
 *
 * <p>Take the best model there is for the data, trained in whatever way; its architecture and its
 * number of dimensions do not matter. A bad reference gives a bad gauge. A reference that is made
 * with a model knows its probe set, so that one file is enough to attach a monitor; one that is
 * made from embeddings alone does not, and serves to score other embeddings.
 *
 * <p>A score of 0 is chance, not "untrained", and 1 is out of reach. So a reference may know its
 * floor, the score of an untrained model, and its ceiling, that of a second good training; {@link
 * #gaugedScore} says where a score lies between them. And it may know its {@link Calibration}, what
 * accuracy scores have meant. Kept in main memory; not thread-safe.
 */
public final class Reference implements AutoCloseable {

  /** How many digits of the fingerprint are part of {@link #id}. */
  private static final int SHORT_FINGERPRINT = 12;

  /** How many standard errors floor and ceiling must be apart. */
  private static final double LEAST_SEPARATION = 2;

  private final Parts parts;
  private final String fingerprint;

  /**
   * What a reference consists of.
   *
   * @param probes the probe set, if the reference was made with a model
   * @param description what the model makes of it; the reference closes the manager of its arrays
   * @param ownsProbes whether the reference closes the probe set
   */
  record Parts(
      String name,
      Provenance provenance,
      Profile profile,
      Description description,
      Optional<ProbeSet> probes,
      Optional<FixedPoint> floor,
      Optional<FixedPoint> ceiling,
      Optional<Calibration> calibration,
      boolean ownsProbes) {}

  /**
   * A reference that something can be compared with.
   *
   * @throws IllegalArgumentException if it is degenerate, or floor and ceiling do not differ
   */
  Reference(Parts parts) {
    this.parts = parts;
    Names.require("the name of a reference", parts.name());
    parts.provenance().layer().ifPresent(layer -> Names.require("the name of the layer", layer));
    this.fingerprint =
        Fingerprint.of(
            parts.profile().toString(), List.of(new NDList(parts.description().relative())));
    Names.require("the name of a reference and its fingerprint", id());
    gauge(parts.description().relative().getManager()).close();
    requireSeparation();
  }

  private void requireSeparation() {
    if (parts.floor().isEmpty() || parts.ceiling().isEmpty()) {
      return;
    }
    FixedPoint floor = parts.floor().get();
    FixedPoint ceiling = parts.ceiling().get();
    double error = Math.hypot(floor.standardError(), ceiling.standardError());
    if (!(ceiling.score() - floor.score() > LEAST_SEPARATION * error)) {
      throw new IllegalArgumentException(
          "the ceiling must score higher than the floor by more than "
              + LEAST_SEPARATION
              + " standard errors, but the ceiling scores "
              + ceiling.score()
              + ", the floor "
              + floor.score()
              + ", and the error is "
              + error);
    }
  }

  /**
   * Describes the probes with a model, to be compared under the default profile.
   *
   * @param name what the reference is called, see {@link Names}; with room for 13 more characters
   * @param model a good model, trained
   * @param layer the layer whose output is the embedding
   * @param probes anchors and probes; the reference does not close them, and must not outlive them
   * @return the reference, to be closed
   * @throws IllegalArgumentException if the model does not have the layer, or tells the probes too
   *     little apart to be compared with
   */
  public static Reference of(String name, Model model, Layer layer, ProbeSet probes) {
    return builder(name, model, layer, probes).build();
  }

  /**
   * Starts a reference that is made with a model.
   *
   * @param name what the reference is called, see {@link Names}; with room for 13 more characters
   * @param model a good model, trained
   * @param layer the layer whose output is the embedding
   * @param probes anchors and probes; the reference does not close them, and must not outlive them
   * @return a builder
   */
  public static ReferenceBuilder builder(String name, Model model, Layer layer, ProbeSet probes) {
    return new ReferenceBuilder(
        name, probes, manager -> Description.of(model, layer, probes, manager));
  }

  /**
   * Starts a reference that is made from embeddings. Floor, ceiling and inputs are those in the
   * file, if it has them and no others are set.
   *
   * @param name what the reference is called, see {@link Names}; with room for 13 more characters
   * @param embeddings what a good model made of anchors and probes; must stay open as long as the
   *     reference
   * @return a builder
   */
  public static ReferenceBuilder builder(String name, EmbeddingFile embeddings) {
    return new ReferenceBuilder(name, embeddings);
  }

  /**
   * Reads a reference from a file, with its probe set if it has one.
   *
   * @param file a file that {@link #save} wrote
   * @return the reference, to be closed
   * @throws InvalidFileException if the file is not a reference, with the reason
   * @throws IOException if the file cannot be read
   */
  public static Reference load(Path file) throws IOException {
    return ReferenceFile.read(file, true);
  }

  /**
   * Reads a reference from a file that may have a probe set, and leaves that where it is. It takes
   * n·(k + d) numbers then, however large the inputs are, and serves to score embeddings.
   *
   * @param file a file that {@link #save} wrote; whether its inputs are those that it was made with
   *     is not checked
   * @return the reference, to be closed
   * @throws InvalidFileException if the file is not a reference, with the reason
   * @throws IOException if the file cannot be read
   */
  public static Reference loadWithoutProbes(Path file) throws IOException {
    return ReferenceFile.read(file, false);
  }

  /**
   * Whether a file says of itself that it is a reference.
   *
   * @param file a file
   * @return true if its format is that of a reference, whether or not it is a valid one
   * @throws InvalidFileException if it is not a safetensors file
   * @throws IOException if the file cannot be read
   */
  public static boolean isReference(Path file) throws IOException {
    return ReferenceFile.isReference(file);
  }

  /**
   * How large the relative representation in a file is, told by its header alone.
   *
   * @param file a file that says of itself that it is a reference
   * @return n·k; 0 if it has none
   * @throws InvalidFileException if it is not a safetensors file
   * @throws IOException if the file cannot be read
   */
  public static long cosinesIn(Path file) throws IOException {
    return ReferenceFile.cosines(file);
  }

  /**
   * Writes the reference, and its probe set if it has one, to one file, atomically. Embeddings of
   * more than 2^24 numbers are left out: they serve one companion alone.
   *
   * @param file replaced if it exists
   * @throws IOException if the file cannot be written; then what was there is untouched
   */
  public void save(Path file) throws IOException {
    ReferenceFile.write(parts, file);
  }

  /**
   * What runs are scored with.
   *
   * @param manager decides on the device, and is closed no earlier than the gauge
   * @return a new gauge, to be closed
   * @throws IllegalArgumentException if nothing can be compared with this reference
   */
  public Gauge gauge(NDManager manager) {
    try (NDArray onDevice = copy(relative(), manager)) {
      return Gauge.of(onDevice, profile());
    }
  }

  /** A copy on the device of a manager, which receives it. */
  static NDArray copy(NDArray array, NDManager manager) {
    // A copy to a device belongs to a manager that is made for it below that of the original.
    try (NDManager scratch = manager.newSubManager()) {
      NDArray view = array.reshape(array.getShape());
      view.attach(scratch);
      NDArray copy = ArrayCopy.on(manager.getDevice(), view);
      copy.attach(manager);
      return copy;
    }
  }

  /**
   * What runs are measured with, in all respects. The reference must stay open as long.
   *
   * @param manager decides on the device, and is closed no earlier than the gauge
   * @return a new gauge, to be closed
   */
  public RunGauge runGauge(NDManager manager) {
    return new RunGauge(this, manager);
  }

  /**
   * Where a score lies between floor and ceiling.
   *
   * @param score a score against this reference
   * @return 0 at the floor, 1 at the ceiling, and beyond them outside; absent if either is unknown
   */
  public OptionalDouble gaugedScore(double score) {
    if (floor().isEmpty() || ceiling().isEmpty()) {
      return OptionalDouble.empty();
    }
    double floor = floor().get().score();
    return OptionalDouble.of((score - floor) / (ceiling().get().score() - floor));
  }

  /**
   * What the reference is called.
   *
   * @return a name, see {@link Names}
   */
  public String name() {
    return parts.name();
  }

  /**
   * Tells references apart by what a score against them means.
   *
   * @return the name, {@code @}, and the first 12 digits of the fingerprint of the relative
   *     representation and the profile
   */
  public String id() {
    return name() + "@" + fingerprint.substring(0, SHORT_FINGERPRINT);
  }

  /**
   * Where the reference comes from.
   *
   * @return its model, layer and time
   */
  public Provenance provenance() {
    return parts.provenance();
  }

  /**
   * How runs are compared with it.
   *
   * @return the profile
   */
  public Profile profile() {
    return parts.profile();
  }

  /**
   * What an untrained model scores.
   *
   * @return the lower point of the scale, if it is known
   */
  public Optional<FixedPoint> floor() {
    return parts.floor();
  }

  /**
   * What a second good training scores.
   *
   * @return the upper point of the scale, if it is known
   */
  public Optional<FixedPoint> ceiling() {
    return parts.ceiling();
  }

  /**
   * What accuracy scores have meant.
   *
   * @return the calibration, if there is one
   */
  public Optional<Calibration> calibration() {
    return parts.calibration();
  }

  /**
   * The same reference with another calibration. What scores mean does not change, nor does {@link
   * #id}.
   *
   * @param calibration fitted to scores against this reference
   * @return a reference that shares everything else with this one: whichever is closed first closes
   *     both
   */
  public Reference withCalibration(Calibration calibration) {
    return new Reference(
        new Parts(
            parts.name(),
            parts.provenance(),
            parts.profile(),
            parts.description(),
            parts.probes(),
            parts.floor(),
            parts.ceiling(),
            Optional.of(calibration),
            parts.ownsProbes()));
  }

  /**
   * What is described.
   *
   * @return anchors and probes, closed with a reference that was read from a file; absent if the
   *     reference was made from embeddings without their inputs
   */
  public Optional<ProbeSet> probes() {
    return parts.probes();
  }

  /**
   * Tells what is described from other probe sets.
   *
   * @return the fingerprint of the probe set, if it is known
   */
  public Optional<String> probesFingerprint() {
    return parts.description().probes();
  }

  /**
   * The number of anchors.
   *
   * @return k
   */
  public long anchorCount() {
    return relative().getShape().get(1);
  }

  /**
   * The number of probes.
   *
   * @return n
   */
  public long probeCount() {
    return relative().getShape().get(0);
  }

  /**
   * What the model makes of the probes.
   *
   * @return the description, not to be changed
   */
  public Description description() {
    return parts.description();
  }

  /**
   * What runs are compared with, by its score.
   *
   * @return the n x k cosines of the probes to the anchors, in main memory; not to be changed
   */
  public NDArray relative() {
    return parts.description().relative();
  }

  /**
   * The embeddings of the probes, which linear CKA is measured with.
   *
   * @return n x d; absent if the reference was read from a file that does not have them
   */
  public Optional<Rows> embeddings() {
    return parts.description().embeddings();
  }

  /**
   * What the model predicts for the probes.
   *
   * @return n classes, if they are known
   */
  public Optional<long[]> predictions() {
    return parts.description().predictions().map(NDArray::toLongArray);
  }

  /** Releases the description, and the probe set if it came from the same file. */
  @Override
  public void close() {
    relative().getManager().close();
    if (parts.ownsProbes()) {
      parts.probes().ifPresent(ProbeSet::close);
    }
  }
}
