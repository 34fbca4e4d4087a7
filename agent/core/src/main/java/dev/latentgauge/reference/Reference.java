package dev.latentgauge.reference;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.latentgauge.observation.Names;
import dev.latentgauge.probe.Embedder;
import dev.latentgauge.probe.Embeddings;
import dev.latentgauge.probe.Fingerprint;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.relative.Gauge;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.RelativeRepresentation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * A frozen model's relative representation of a probe set: what runs are compared with.
 *
 * <p>Take the best model there is for the data, trained in whatever way; its architecture and its
 * number of dimensions do not matter. A bad reference gives a bad gauge. A reference knows its
 * probe set, so that one file is enough to attach a monitor. Kept in main memory; not thread-safe.
 */
public final class Reference implements AutoCloseable {

  /** How many digits of the fingerprint are part of {@link #id}. */
  private static final int SHORT_FINGERPRINT = 12;

  private final String name;
  private final Provenance provenance;
  private final Profile profile;
  private final ProbeSet probes;
  private final NDArray relative;
  private final String fingerprint;
  private final boolean ownsProbes;

  Reference(
      String name,
      Provenance provenance,
      Profile profile,
      ProbeSet probes,
      NDArray relative,
      boolean ownsProbes) {
    this.name = Names.require("the name of a reference", name);
    this.provenance = provenance;
    this.profile = profile;
    this.probes = probes;
    this.relative = relative;
    this.ownsProbes = ownsProbes;
    this.fingerprint = Fingerprint.of(List.of(new NDList(relative)));
    Names.require("the name of a reference and its fingerprint", id());
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
    return of(name, model, layer, probes, Profile.defaultProfile(), Clock.systemUTC());
  }

  /**
   * Describes the probes with a model.
   *
   * @param name what the reference is called, see {@link Names}; with room for 13 more characters
   * @param model a good model, trained
   * @param layer the layer whose output is the embedding
   * @param probes anchors and probes; the reference does not close them, and must not outlive them
   * @param profile the profile under which runs are compared with it
   * @param clock tells when the reference was made
   * @return the reference, to be closed
   * @throws IllegalArgumentException if the model does not have the layer, or tells the probes too
   *     little apart to be compared with
   */
  public static Reference of(
      String name, Model model, Layer layer, ProbeSet probes, Profile profile, Clock clock) {
    NDManager manager = NDManager.newBaseManager(Device.cpu());
    try (NDManager scratch = model.getNDManager().newSubManager();
        Embedder embedder = new Embedder(probes, layer, scratch)) {
      Embeddings embeddings = embedder.embed(model.getBlock(), scratch);
      NDArray cosines =
          RelativeRepresentation.of(embeddings.anchors(), embeddings.probes())
              .toType(DataType.FLOAT32, false)
              .toDevice(Device.cpu(), true);
      cosines.attach(manager);
      Provenance provenance = Provenance.of(model, layer, clock.instant());
      return usable(new Reference(name, provenance, profile, probes, cosines, false));
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /**
   * Reads a reference from a file, with its probe set.
   *
   * @param file a file that {@link #save} wrote
   * @return the reference, to be closed
   * @throws InvalidFileException if the file is not a reference, with the reason
   * @throws IOException if the file cannot be read
   */
  public static Reference load(Path file) throws IOException {
    return ReferenceFile.read(file);
  }

  /** Refuses a reference that nothing can be compared with. */
  static Reference usable(Reference reference) {
    reference.gauge(reference.relative.getManager()).close();
    return reference;
  }

  /**
   * Writes the reference and its probe set to one file, atomically.
   *
   * @param file replaced if it exists
   * @throws IOException if the file cannot be written; then what was there is untouched
   */
  public void save(Path file) throws IOException {
    ReferenceFile.write(this, file);
  }

  /**
   * What runs are scored with.
   *
   * @param manager decides on the device, and is closed no earlier than the gauge
   * @return a new gauge, to be closed
   * @throws IllegalArgumentException if nothing can be compared with this reference
   */
  public Gauge gauge(NDManager manager) {
    try (NDArray onDevice = relative.toDevice(manager.getDevice(), true)) {
      onDevice.attach(manager);
      return Gauge.of(onDevice, profile);
    }
  }

  /**
   * What the reference is called.
   *
   * @return a name, see {@link Names}
   */
  public String name() {
    return name;
  }

  /**
   * Tells references apart by their contents.
   *
   * @return the name, {@code @}, and the first 12 digits of the fingerprint of the relative
   *     representation
   */
  public String id() {
    return name + "@" + fingerprint.substring(0, SHORT_FINGERPRINT);
  }

  /**
   * Where the reference comes from.
   *
   * @return its model, layer and time
   */
  public Provenance provenance() {
    return provenance;
  }

  /**
   * How runs are compared with it.
   *
   * @return the profile
   */
  public Profile profile() {
    return profile;
  }

  /**
   * What is described.
   *
   * @return anchors and probes, closed with a reference that was read from a file
   */
  public ProbeSet probes() {
    return probes;
  }

  /**
   * The description.
   *
   * @return the n x k cosines of the probes to the anchors, in float32, in main memory; not to be
   *     changed
   */
  public NDArray relative() {
    return relative;
  }

  /** Releases the description, and the probe set if it came from the same file. */
  @Override
  public void close() {
    relative.getManager().close();
    if (ownsProbes) {
      probes.close();
    }
  }
}
