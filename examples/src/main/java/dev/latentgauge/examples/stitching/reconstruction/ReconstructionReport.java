package dev.latentgauge.examples.stitching.reconstruction;

import dev.latentgauge.examples.report.Markdown;
import dev.latentgauge.examples.stitching.Alignment;
import dev.latentgauge.examples.stitching.Estimate;
import dev.latentgauge.examples.stitching.Numbers;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Result.Kin;
import dev.latentgauge.examples.stitching.Results;
import dev.latentgauge.examples.stitching.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The section of the report on autoencoders. */
final class ReconstructionReport {

  private static final String NAME = "reconstruction";

  private final Results results;
  private final Gallery gallery;
  private final Settings settings;

  ReconstructionReport(Results results, Gallery gallery, Settings settings) {
    this.results = results;
    this.gallery = gallery;
    this.settings = settings;
  }

  /** What the paper states for Fashion-MNIST: own and stitched. */
  private static final Map<String, String> PAPER =
      Map.of(
          "ae absolute", "1.57 → 120.5",
          "ae relative", "3.59 → 6.37",
          "vae absolute", "4.38 → 119.0",
          "vae relative", "6.81 → 24.0");

  void write() throws IOException {
    results.write(settings.file(NAME + ".csv"));
    gallery.grid().picture().writeSvg(settings.file(NAME + ".svg"));
    Files.writeString(settings.file(NAME + ".md"), document());
  }

  private String document() throws IOException {
    Markdown document =
        new Markdown()
            .heading(1, "Reconstruction")
            .paragraph(
                """
                Autoencoders of Fashion-MNIST (59,500 training images, 10,000 test images), the same \
                network from %d seeds. The error is the mean squared error of pixels in [0, 1], times \
                1,000, on the test images: of decoders behind their own encoder, and zero-shot behind \
                the encoder of every other seed. ± is half a 95 %% interval over trainings (jackknife, \
                Student)."""
                    .formatted(settings.seeds().size()));
    for (Autoencoder kind : Autoencoder.values()) {
      document
          .heading(2, kind == Autoencoder.PLAIN ? "Autoencoder" : "Variational autoencoder")
          .table(List.of("decoder sees", "own", "stitched", "stitched / own", "paper"), rows(kind));
    }
    return document
        .picture(NAME + ".svg", "Test images, and what decoders make of them")
        .heading(2, "Protocol, and where it differs from the paper's")
        .paragraph(protocol())
        .paragraph(settings.provenance(NAME))
        .toString();
  }

  private List<List<String>> rows(Autoencoder kind) {
    List<List<String>> rows = new ArrayList<>();
    for (Representation representation : Representation.values()) {
      String seen = representation.title();
      Results own = results.of(seen, kind.id(), Kin.OWN);
      Results stitched = results.of(seen, kind.id(), Kin.OTHER_SEED);
      rows.add(
          List.of(
              seen,
              Numbers.withReach(own.mean(), 1),
              Numbers.withReach(stitched.mean(), 1),
              Numbers.withReach(stitched.over(own), 1),
              PAPER.getOrDefault(kind.id() + " " + seen, "")));
    }
    Results absolute = results.of(Representation.ABSOLUTE.title(), kind.id(), Kin.OWN);
    for (Alignment alignment : Alignment.values()) {
      Results stitched = results.of(alignment.title(), kind.id(), Kin.OTHER_SEED);
      Estimate own = absolute.mean();
      rows.add(
          List.of(
              alignment.title(),
              Numbers.withReach(own, 1),
              Numbers.withReach(stitched.mean(), 1),
              Numbers.withReach(stitched.over(absolute), 1),
              ""));
    }
    return rows;
  }

  private static String protocol() {
    return """
        Three convolutions to d = %d; k = %d anchors, training images that nothing \
        is trained on, embedded anew at each step, no gradient through them, and cosines brought to \
        mean 0 and variance 1 over the anchors, as by the layer normalisation of the paper's code \
        (ours has no weights; the linear layer behind it does the same). "Centred" takes the mean of \
        the anchors' embeddings off first. Adam, learning rate %s falling along a cosine, %,d steps \
        of %d images: about %.0f epochs, where the paper's code trains for up to 50. Our networks are \
        smaller (16 and 32 channels), without batch normalisation, and have sub-pixel convolutions \
        where the paper's has transposed ones. The variational loss is that of the paper's code, with \
        the best variance for the batch; its mean and deviation are layers behind the representation, \
        and belong to the decoder, in the absolute case too. In evaluation the mean is decoded, not a \
        draw. Translated: the absolute networks, with a map found from the embeddings of \
        the same anchors: orthogonal Procrustes, or affine least squares with the ridge that does best \
        on anchors left out."""
        .formatted(
            Autoencoder.DIMENSIONS,
            Autoencoder.ANCHORS,
            Float.toString(Reconstruction.LEARNING_RATE),
            Reconstruction.STEPS,
            Reconstruction.BATCH,
            Reconstruction.STEPS * Reconstruction.BATCH / 59_500.0);
  }
}
