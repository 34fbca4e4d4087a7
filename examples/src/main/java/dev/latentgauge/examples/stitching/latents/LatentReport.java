package dev.latentgauge.examples.stitching.latents;

import dev.latentgauge.examples.report.Markdown;
import dev.latentgauge.examples.stitching.Estimate;
import dev.latentgauge.examples.stitching.Numbers;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Result;
import dev.latentgauge.examples.stitching.Results;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was found, in words and tables.
 *
 * @param results of all trainings and pairs of them
 * @param dimensions of the autoencoders, in the order of the columns
 * @param setup how they were trained
 */
record LatentReport(Results results, List<Integer> dimensions, Setup setup) {

  /**
   * How the autoencoders were trained and looked at.
   *
   * @param train images that they learn from
   * @param test images that are compared
   * @param anchors how many of the first are anchors
   * @param shown how many of the second are drawn
   * @param steps updates of a training
   */
  record Setup(int train, int test, int anchors, int shown, int steps) {}

  /** The share of the variance below which two spaces are called nearly the same. */
  private static final double NEARLY = 0.1;

  /** The picture of the latent spaces of so many dimensions. */
  static String figure(int dimensions) {
    return dimensions == 2 ? "latents.svg" : "latents-" + dimensions + ".svg";
  }

  /**
   * The document.
   *
   * @param provenance its last paragraph
   * @return Markdown
   */
  String document(String provenance) {
    Markdown document = new Markdown().heading(1, "The latent spaces of one autoencoder");
    document.paragraph(introduction());
    for (int each : dimensions) {
      document.heading(2, "In " + each + " dimensions");
      document.picture(
          figure(each),
          "The same test images in the latent spaces of all seeds, absolute above, relative below");
      document.paragraph(caption(each));
    }
    document.heading(2, "How far the spaces agree");
    document.paragraph(
        "Means over all pairs of seeds, in both directions, with 95 % intervals over trainings."
            + " First the squared difference of the two spaces as a share of the variance of the"
            + " second, in per cent: 0 is the same space, and 100 what the mean alone would reach."
            + " Rotation, reflection, scale and shift, and the affine map, are those that fit these"
            + " images best; nothing is fitted in the other rows.");
    document.table(header("squared difference, %"), differences());
    document.paragraph(
        "Then the paper's similarity, the mean cosine of the two descriptions of an image; the same"
            + " for descriptions of different images, which is chance; and the score of this library"
            + " under its default profile, where 0 is chance and 1 is identity.");
    document.table(header("similarity"), similarities());
    document.paragraph(
        "All seeds learn about equally well. The squared error of their own reconstructions, as a"
            + " share of the variance of the test images' pixels, in per cent:");
    document.table(header("reconstruction"), List.of(reconstructions()));
    return document.heading(2, "Finding").paragraph(finding()).paragraph(provenance).toString();
  }

  private String introduction() {
    return ("An autoencoder of Fashion-MNIST (784 pixels, 128 and 64 units with ReLU, d dimensions,"
            + " and back) is trained on %,d images with Adam, %,d updates of %d images, from several"
            + " seeds. Only the seed, of weights and order, differs. Then all seeds embed the same"
            + " %,d test images, and the same %d anchors, the first training images. The relative"
            + " representation of an image is its cosines to the anchors; *centred* means that the"
            + " mean of the anchors' embeddings is taken off all embeddings first.")
        .formatted(setup.train(), setup.steps(), Autoencoder.BATCH, setup.test(), setup.anchors());
  }

  private String caption(int d) {
    String relative =
        ("Below, their cosines to the %d anchors (not centred), in the plane of the first two"
                + " principal axes of seed 1's cosines to all test images. The other seeds are drawn"
                + " in the same plane, with the same axes: nothing is fitted to them.")
            .formatted(setup.anchors());
    String first =
        "Above, the first %d test images as each seed embeds them".formatted(setup.shown());
    return d == 2
        ? first
            + ", with axes of its own. "
            + relative
            + " In two dimensions cosines know nothing of an embedding but its direction, so that all"
            + " lie on one ellipse."
        : first
            + ", in the plane of the first two principal axes of seed 1's embeddings. "
            + relative;
  }

  private List<String> header(String first) {
    return Stream.concat(Stream.of(first), dimensions.stream().map(d -> d + " dimensions"))
        .toList();
  }

  private List<List<String>> differences() {
    return List.of(
        percent("absolute, as they are", Representation.ABSOLUTE, Agreement.RESIDUAL),
        percent(
            "absolute, after rotation, reflection, scale and shift",
            Representation.ABSOLUTE,
            Agreement.RESIDUAL_ROTATED),
        percent(
            "absolute, after an affine map", Representation.ABSOLUTE, Agreement.RESIDUAL_AFFINE),
        percent("relative, as they are", Representation.RELATIVE, Agreement.RESIDUAL),
        percent("relative, centred, as they are", Representation.CENTRED, Agreement.RESIDUAL));
  }

  private List<List<String>> similarities() {
    List<List<String>> rows = new ArrayList<>();
    for (Representation representation : Representation.values()) {
      for (String measure : List.of(Agreement.COSINE, Agreement.CHANCE, Agreement.SCORE)) {
        if (representation != Representation.ABSOLUTE || !measure.equals(Agreement.SCORE)) {
          rows.add(
              row(
                  representation.title() + ": " + measure,
                  d -> Numbers.withReach(mean(representation, measure, d), 1)));
        }
      }
    }
    return rows;
  }

  private List<String> reconstructions() {
    return row(
        Agreement.RECONSTRUCTION,
        d ->
            Numbers.withReach(
                of(d)
                    .of(Representation.ABSOLUTE.title(), Agreement.RECONSTRUCTION, Result.Kin.OWN)
                    .mean(),
                100));
  }

  private List<String> percent(String title, Representation representation, String measure) {
    return row(title, d -> Numbers.withReach(mean(representation, measure, d), 100));
  }

  private List<String> row(String title, Function<Integer, String> cell) {
    return Stream.concat(Stream.of(title), dimensions.stream().map(cell)).toList();
  }

  private Estimate mean(Representation representation, String measure, int d) {
    return pairs(representation, measure, d).mean();
  }

  private Results pairs(Representation representation, String measure, int d) {
    return of(d).of(representation.title(), measure, Result.Kin.OTHER_SEED);
  }

  private Results of(int d) {
    return results.where(result -> result.encoder().kind().equals(Latents.kind(d)));
  }

  private String finding() {
    return dimensions.stream().map(this::finding).collect(Collectors.joining("\n\n"));
  }

  private String finding(int d) {
    DoubleSummaryStatistics rotated =
        pairs(Representation.ABSOLUTE, Agreement.RESIDUAL_ROTATED, d).all().stream()
            .mapToDouble(Result::value)
            .summaryStatistics();
    return ("**In %d dimensions**, the spaces of two seeds differ by %s %% of the variance as they are,"
            + " by %s %% after the best rotation, reflection, scale and shift (from %s %% to %s %%,"
            + " pair by pair), and by %s %% after the best affine map. %s Relative representations,"
            + " with nothing fitted, differ by %s %%, centred ones by %s %%. The mean cosine of"
            + " relative representations is %s where chance is %s; of centred ones %s, where chance"
            + " is %s.")
        .formatted(
            d,
            share(Representation.ABSOLUTE, Agreement.RESIDUAL, d),
            Numbers.plain(100 * rotated.getAverage()),
            Numbers.plain(100 * rotated.getMin()),
            Numbers.plain(100 * rotated.getMax()),
            share(Representation.ABSOLUTE, Agreement.RESIDUAL_AFFINE, d),
            verdict(rotated),
            share(Representation.RELATIVE, Agreement.RESIDUAL, d),
            share(Representation.CENTRED, Agreement.RESIDUAL, d),
            Numbers.plain(mean(Representation.RELATIVE, Agreement.COSINE, d).mean()),
            Numbers.plain(mean(Representation.RELATIVE, Agreement.CHANCE, d).mean()),
            Numbers.plain(mean(Representation.CENTRED, Agreement.COSINE, d).mean()),
            Numbers.plain(mean(Representation.CENTRED, Agreement.CHANCE, d).mean()));
  }

  private static String verdict(DoubleSummaryStatistics rotated) {
    if (rotated.getMax() < NEARLY) {
      return "So all are nearly the same space, turned and scaled, as the paper says of its example.";
    }
    return (rotated.getMin() < NEARLY
            ? "So some seeds have nearly the same space, turned and scaled, as the paper says of its"
                + " example, but **not** all of them:"
            : "So here seeds do **not** differ by a rotation, reflection and scale alone, as the"
                + " paper says of its example:")
        + " relative representations take off these alone, and keep the rest.";
  }

  private String share(Representation representation, String measure, int d) {
    return Numbers.plain(100 * mean(representation, measure, d).mean());
  }
}
