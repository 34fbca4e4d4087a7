package dev.latentgauge.examples.stitching.latents;

import ai.djl.ndarray.NDArray;
import dev.latentgauge.examples.chart.Picture;
import dev.latentgauge.examples.chart.PointGrid;
import dev.latentgauge.examples.chart.PointGrid.Axes;
import dev.latentgauge.examples.chart.PointGrid.Panel;
import dev.latentgauge.examples.chart.PointGrid.Point;
import dev.latentgauge.examples.chart.PointGrid.Row;
import dev.latentgauge.examples.data.LabelledImages;
import dev.latentgauge.examples.stitching.Representation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Draws some images in the latent spaces of all trainings, absolute and relative.
 *
 * @param spaces of the same images, at most 6
 * @param images at least those that are drawn, in the order of the spaces' probes
 * @param shown how many of them are drawn, the first ones
 */
record LatentFigure(List<LatentSpace> spaces, LabelledImages images, int shown) {

  private static final List<String> CLASSES =
      List.of(
          "T-shirt",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  /**
   * Draws.
   *
   * @return a row of panels for each representation, a panel for each training
   */
  Picture picture() {
    long dimensions = spaces.get(0).probes().getShape().get(1);
    return PointGrid.titled("One autoencoder, trained " + spaces.size() + " times")
        .subtitle(
            ("The same %d test images of Fashion-MNIST in latent spaces of %d dimensions. Data and"
                    + " hyperparameters are the same; the seed of weights and order differs.")
                .formatted(shown, dimensions))
        .categories("", CLASSES)
        .row(
            dimensions == 2
                ? absolute()
                : projected(
                    Representation.ABSOLUTE,
                    "Absolute",
                    "The embeddings in the plane of the first two principal axes of seed 1's, which"
                        + " holds %s of their variance. All panels have the same axes."))
        .row(
            projected(
                Representation.RELATIVE,
                "Relative",
                "The cosines to "
                    + spaces.get(0).anchors().getShape().get(0)
                    + " anchors in the plane of the first two principal axes of seed 1's cosines,"
                    + " which holds %s of their variance. All panels have the same axes; nothing"
                    + " was fitted to the other seeds."))
        .build()
        .picture();
  }

  private Row absolute() {
    return new Row(
        "Absolute",
        "The embeddings as they are, each training with axes of its own.",
        new Axes("dimension 1", "dimension 2", false),
        spaces.stream().map(space -> panel(space, rows(space.probes()))).toList());
  }

  private Row projected(Representation representation, String heading, String caption) {
    List<double[][]> all =
        spaces.stream()
            .map(
                space -> {
                  NDArray described = space.as(representation);
                  double[][] rows = rows(described);
                  if (representation != Representation.ABSOLUTE) {
                    described.close();
                  }
                  return rows;
                })
            .toList();
    PrincipalAxes axes = PrincipalAxes.of(all.get(0));
    List<Panel> panels = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      double[][] places =
          Arrays.stream(all.get(i)).limit(shown).map(axes::place).toArray(double[][]::new);
      panels.add(panel(spaces.get(i), places));
    }
    return new Row(
        heading,
        caption.formatted(String.format(Locale.ROOT, "%.0f %%", 100 * axes.share())),
        new Axes("principal axis 1", "principal axis 2", true),
        panels);
  }

  private Panel panel(LatentSpace space, double[][] places) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < shown; i++) {
      points.add(new Point(places[i][0], places[i][1], CLASSES.get(images.label(i))));
    }
    return new Panel("Seed " + space.member().seed(), "", points);
  }

  private static double[][] rows(NDArray matrix) {
    float[] values = matrix.toFloatArray();
    int columns = Math.toIntExact(matrix.getShape().get(1));
    double[][] rows = new double[values.length / columns][columns];
    for (int i = 0; i < values.length; i++) {
      rows[i / columns][i % columns] = values[i];
    }
    return rows;
  }
}
