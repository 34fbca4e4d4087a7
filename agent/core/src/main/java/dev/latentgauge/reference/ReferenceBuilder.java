package dev.latentgauge.reference;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.observation.Names;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.relative.Gauge;
import dev.latentgauge.relative.Measurement;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Optional;

/**
 * Collects what a reference is made of: a good model's description of a probe set, and, where they
 * are known, the models at the ends of its scale.
 */
public final class ReferenceBuilder {

  private final String name;
  private final Optional<ProbeSet> given;
  private final Optional<EmbeddingFile> file;
  private final Source source;
  private Profile profile = Profile.defaultProfile();
  private Clock clock = Clock.systemUTC();
  private Optional<Source> floor = Optional.empty();
  private Optional<Source> ceiling = Optional.empty();
  private Optional<String> modelName = Optional.empty();
  private Optional<String> layerName = Optional.empty();

  /** Computes a description whose arrays belong to a manager. */
  interface Source {
    Description describe(NDManager manager) throws IOException;
  }

  ReferenceBuilder(String name, ProbeSet probes, Source source) {
    this.name = name;
    this.given = Optional.of(probes);
    this.file = Optional.empty();
    this.source = source;
  }

  ReferenceBuilder(String name, EmbeddingFile file) {
    this.name = name;
    this.given = Optional.empty();
    this.file = Optional.of(file);
    this.source = source(file);
    this.floor = file.floor().map(ReferenceBuilder::source);
    this.ceiling = file.ceiling().map(ReferenceBuilder::source);
  }

  private static Source source(EmbeddingFile embeddings) {
    return manager -> Description.of(embeddings, manager);
  }

  /**
   * Sets how runs are compared.
   *
   * @param profile unless set, {@link Profile#defaultProfile}
   * @return this builder
   */
  public ReferenceBuilder profile(Profile profile) {
    this.profile = profile;
    return this;
  }

  /**
   * Sets the floor: how a model scores that has learned nothing.
   *
   * @param model a model of the kind that will be monitored, initialized and untrained
   * @param layer its layer
   * @return this builder
   * @throws IllegalStateException if this reference is made from embeddings
   */
  public ReferenceBuilder floor(Model model, Layer layer) {
    floor = Optional.of(source(model, layer));
    return this;
  }

  /**
   * Sets the floor: how a model scores that has learned nothing.
   *
   * @param embeddings what an untrained model makes of the same anchors and probes; must stay open
   *     until the reference is built
   * @return this builder
   */
  public ReferenceBuilder floor(EmbeddingFile embeddings) {
    floor = Optional.of(source(embeddings));
    return this;
  }

  /**
   * Sets the ceiling: how a second good training scores.
   *
   * @param model a model that was trained as well as that of the reference, from another seed
   * @param layer its layer
   * @return this builder
   * @throws IllegalStateException if this reference is made from embeddings
   */
  public ReferenceBuilder ceiling(Model model, Layer layer) {
    ceiling = Optional.of(source(model, layer));
    return this;
  }

  /**
   * Sets the ceiling: how a second good training scores.
   *
   * @param embeddings what it makes of the same anchors and probes; must stay open until the
   *     reference is built
   * @return this builder
   */
  public ReferenceBuilder ceiling(EmbeddingFile embeddings) {
    ceiling = Optional.of(source(embeddings));
    return this;
  }

  private Source source(Model model, Layer layer) {
    ProbeSet described =
        given.orElseThrow(
            () ->
                new IllegalStateException(
                    "a reference that is made from embeddings has no inputs to embed with a"
                        + " model: give the embeddings of floor and ceiling too"));
    return manager -> Description.of(model, layer, described, manager);
  }

  /**
   * Sets what the model is called, for people.
   *
   * @param model unless set, the name of the model or of the file with its embeddings
   * @return this builder
   */
  public ReferenceBuilder modelName(String model) {
    modelName = Optional.of(model);
    return this;
  }

  /**
   * Sets which layer the embeddings are from.
   *
   * @param layer its name, see {@link Names}; unless set, what model or file say
   * @return this builder
   */
  public ReferenceBuilder layerName(String layer) {
    Names.require("the name of a layer", layer);
    layerName = Optional.of(layer);
    return this;
  }

  /**
   * Sets what tells when the reference was made.
   *
   * @param clock unless set, that of the system
   * @return this builder
   */
  public ReferenceBuilder clock(Clock clock) {
    this.clock = clock;
    return this;
  }

  /**
   * Makes the reference. Takes one forward pass over the probe set for each model.
   *
   * @return the reference, to be closed
   * @throws IllegalArgumentException if a model does not have the layer or is not of the same
   *     anchors and probes, if the reference tells the probes too little apart to be compared with,
   *     or if floor and ceiling do not differ
   * @throws UncheckedIOException if embeddings cannot be read
   */
  public Reference build() {
    NDManager manager = NDManager.newBaseManager(Device.cpu());
    Optional<ProbeSet> read = Optional.empty();
    try {
      read = file.isPresent() ? file.get().inputs() : Optional.empty();
      return new Reference(parts(given.isPresent() ? given : read, read.isPresent(), manager));
    } catch (IOException e) {
      release(manager, read);
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      release(manager, read);
      throw e;
    }
  }

  private static void release(NDManager manager, Optional<ProbeSet> read) {
    manager.close();
    read.ifPresent(ProbeSet::close);
  }

  private Reference.Parts parts(Optional<ProbeSet> probes, boolean ownsProbes, NDManager manager)
      throws IOException {
    Description description = source.describe(manager).withProbes(probes);
    Optional<FixedPoint> low = Optional.empty();
    Optional<FixedPoint> high = Optional.empty();
    try (Gauge gauge = Gauge.of(description.relative(), profile)) {
      if (floor.isPresent()) {
        low = Optional.of(measured("floor", floor.get(), gauge, description, manager));
      }
      if (ceiling.isPresent()) {
        high = Optional.of(measured("ceiling", ceiling.get(), gauge, description, manager));
      }
    }
    return new Reference.Parts(
        name,
        provenance(description),
        profile,
        description,
        probes,
        low,
        high,
        Optional.empty(),
        ownsProbes);
  }

  private Provenance provenance(Description description) {
    return new Provenance(
        modelName.orElse(description.model()),
        description.modelHash(),
        layerName.or(description::layer),
        clock.instant(),
        Provenance.currentVersion());
  }

  private static FixedPoint measured(
      String which, Source source, Gauge gauge, Description reference, NDManager manager)
      throws IOException {
    try (NDManager scratch = manager.newSubManager()) {
      Description description = source.describe(scratch);
      reference.requireSameProbes("the " + which, description);
      Measurement measurement = gauge.measure(description.relative());
      if (measurement.outcome() instanceof Score score) {
        return new FixedPoint(
            description.model(),
            score.value(),
            score.standardError(),
            gauge.anchorError(description.relative()));
      }
      throw new IllegalArgumentException(
          "the " + which + " has no score: " + ((Undefined) measurement.outcome()).reason());
    }
  }
}
