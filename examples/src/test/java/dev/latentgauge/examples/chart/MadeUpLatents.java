package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.PointGrid.Axes;
import dev.latentgauge.examples.chart.PointGrid.Panel;
import dev.latentgauge.examples.chart.PointGrid.Point;
import dev.latentgauge.examples.chart.PointGrid.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** What experiments on latent spaces could find, made up with some noise. */
final class MadeUpLatents {

  static final List<String> CLASSES =
      List.of(
          "shirt", "trouser", "pullover", "dress", "coat", "sandal", "top", "shoe", "bag", "boot");

  private MadeUpLatents() {}

  /** Two rows of panels, each panel with as many points. */
  static PointGrid points(int panels, int count) {
    return PointGrid.titled("Latent spaces of some trainings")
        .subtitle("Made-up points in ten classes")
        .categories("Class", CLASSES)
        .row(
            new Row(
                "Absolute",
                "Each training has axes of its own.",
                new Axes("dimension 1", "dimension 2", false),
                IntStream.range(0, panels).mapToObj(i -> panel(i, 20 * i, count)).toList()))
        .row(
            new Row(
                "Relative",
                "",
                new Axes("axis 1", "axis 2", true),
                IntStream.range(0, panels).mapToObj(i -> panel(i, 0, count)).toList()))
        .build();
  }

  private static Panel panel(int index, double degrees, int count) {
    Random random = new Random(index);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int category = random.nextInt(CLASSES.size());
      double angle = Math.toRadians(degrees + 36 * category + 9 * random.nextGaussian());
      double reach = (index + 1) * (3 + random.nextGaussian());
      points.add(
          new Point(reach * Math.cos(angle), 4 + reach * Math.sin(angle), CLASSES.get(category)));
    }
    return new Panel("Seed " + (index + 1), "", points);
  }

  /** Panels of as many cells each way, one of them missing. */
  static HeatMap heat(int panels, int side) {
    List<String> names = IntStream.rangeClosed(1, side).mapToObj(i -> "encoder " + i).toList();
    HeatMap.Builder builder =
        HeatMap.titled("Every encoder with every head")
            .subtitle("Made-up accuracies")
            .rows("encoder", names)
            .columns("head", IntStream.rangeClosed(1, side).mapToObj(i -> "" + i).toList())
            .scale("accuracy, %", 0, 100, 1);
    for (int panel = 0; panel < panels; panel++) {
      Random random = new Random(panel);
      List<List<Double>> rows = new ArrayList<>();
      for (int i = 0; i < side; i++) {
        List<Double> row = new ArrayList<>();
        for (int j = 0; j < side; j++) {
          row.add(i == 1 && j == 0 ? Double.NaN : i == j ? 90.0 : 10 + 80 * random.nextDouble());
        }
        rows.add(row);
      }
      builder.panel(new HeatMap.Panel("Representation " + (panel + 1), "five seeds", rows));
    }
    return builder.build();
  }

  /** Rows of images in which a bright square moves. */
  static ImageGrid images(int rows, int columns) {
    ImageGrid.Builder builder =
        ImageGrid.titled("What decoders make of the same inputs")
            .subtitle("Made-up images")
            .columns(IntStream.range(0, columns).mapToObj(CLASSES::get).toList());
    for (int row = 0; row < rows; row++) {
      int shift = 2 * row;
      builder.row(
          new ImageGrid.Row(
              row == 0 ? "original" : "stitched, relative " + row,
              row == 0 ? "" : "mean squared error 0.0" + row,
              IntStream.range(0, columns).mapToObj(i -> square(shift, i)).toList()));
    }
    return builder.build();
  }

  private static GreyImage square(int shift, int index) {
    float[] brightness = new float[28 * 28];
    for (int i = 0; i < brightness.length; i++) {
      int x = i % 28 - shift;
      int y = i / 28 - index;
      brightness[i] = x >= 4 && x < 16 && y >= 4 && y < 16 ? (x + y) / 32f : 0.05f;
    }
    return GreyImage.of(28, brightness);
  }
}
