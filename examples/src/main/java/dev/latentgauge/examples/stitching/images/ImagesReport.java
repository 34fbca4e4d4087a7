package dev.latentgauge.examples.stitching.images;

import dev.latentgauge.examples.chart.HeatMap;
import dev.latentgauge.examples.report.Markdown;
import dev.latentgauge.examples.stitching.Alignment;
import dev.latentgauge.examples.stitching.Numbers;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Result.Kin;
import dev.latentgauge.examples.stitching.Results;
import dev.latentgauge.examples.stitching.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The section of the report on classifiers of images. */
final class ImagesReport {

  private static final String NAME = "images";

  private final Results results;
  private final Settings settings;

  ImagesReport(Results results, Settings settings) {
    this.results = results;
    this.settings = settings;
  }

  void write() throws IOException {
    results.write(settings.file(NAME + ".csv"));
    heatMap().picture().writeSvg(settings.file(NAME + ".svg"));
    Files.writeString(settings.file(NAME + ".md"), document());
  }

  private String document() throws IOException {
    return new Markdown()
        .heading(1, "Classification across seeds and architectures")
        .paragraph(
            """
            Fashion-MNIST by convolutions, a perceptron and a small vision transformer, %d seeds each: \
            every head behind every encoder, zero-shot. Accuracy on the test images in per cent; ± is \
            half a 95 %% interval over trainings (jackknife, Student). Points lost: own accuracy less \
            that behind another seed of the same architecture."""
                .formatted(settings.seeds().size()))
        .table(
            List.of(
                "head sees",
                "own",
                "other seed",
                "other architecture",
                "points lost to other seeds"),
            rows())
        .paragraph(
            "By architecture: the mean over seeds, own pairs left out. The paper has no such table for"
                + " Fashion-MNIST.")
        .picture(NAME + ".svg", "Accuracy of heads behind encoders of other trainings")
        .heading(2, "Protocol")
        .paragraph(protocol())
        .paragraph(settings.provenance(NAME))
        .toString();
  }

  private List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    for (String title : Representation.titlesWithTranslations()) {
      Results own = results.of(ownTitle(title), Images.ACCURACY, Kin.OWN);
      Results seeds = results.of(title, Images.ACCURACY, Kin.OTHER_SEED);
      Results kinds = results.of(title, Images.ACCURACY, Kin.OTHER_KIND);
      rows.add(
          List.of(
              title,
              Numbers.withReach(own.mean(), 100),
              Numbers.withReach(seeds.mean(), 100),
              Numbers.withReach(kinds.mean(), 100),
              Numbers.withReach(own.less(seeds), 100)));
    }
    return rows;
  }

  /** What is translated are the absolute networks. */
  private static String ownTitle(String title) {
    boolean isTranslated =
        Arrays.stream(Alignment.values()).anyMatch(alignment -> alignment.title().equals(title));
    return isTranslated ? Representation.ABSOLUTE.title() : title;
  }

  private HeatMap heatMap() {
    List<String> names = Arrays.stream(Architecture.values()).map(Enum::name).toList();
    HeatMap.Builder map =
        HeatMap.titled("Heads behind encoders of other trainings")
            .subtitle(
                "Accuracy on the test images of Fashion-MNIST in per cent, mean over seeds, own pairs"
                    + " left out.")
            .rows("encoder", names)
            .columns("head", names)
            .scale("accuracy in per cent", 0, 100, 1);
    for (String title : Representation.titlesWithTranslations()) {
      map.panel(new HeatMap.Panel(title, "", values(title, names)));
    }
    return map.build();
  }

  private List<List<Double>> values(String title, List<String> names) {
    return names.stream()
        .map(encoder -> names.stream().map(head -> 100 * mean(title, encoder, head)).toList())
        .toList();
  }

  private double mean(String title, String encoder, String head) {
    return results
        .between(encoder, head)
        .where(result -> result.representation().equals(title) && result.kin() != Kin.OWN)
        .mean()
        .mean();
  }

  private static String protocol() {
    return """
        Encoders end in a linear layer to d = %d; heads are one linear layer. k = %d anchors, training \
        images that nothing is trained on, embedded anew at each step, without gradients through them; \
        cosines brought to mean 0 and variance 1 over the anchors, as by the layer normalisation of \
        the paper's code. "Centred" takes the mean of the anchors' embeddings off first. Adam, \
        learning rate %s falling along a cosine, %,d steps of %d images, the same for all. Translated: \
        the absolute networks, with a map found from the embeddings of the same anchors: orthogonal \
        Procrustes, or affine least squares with the ridge that does best on anchors left out. All 10,000 test images."""
        .formatted(
            Architecture.DIMENSIONS,
            ImageTraining.ANCHORS,
            Float.toString(ImageTraining.LEARNING_RATE),
            ImageTraining.STEPS,
            ImageTraining.BATCH);
  }
}
