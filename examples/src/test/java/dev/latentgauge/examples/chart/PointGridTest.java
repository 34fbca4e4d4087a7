package dev.latentgauge.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.latentgauge.examples.chart.Drawn.Circle;
import dev.latentgauge.examples.chart.PointGrid.Axes;
import dev.latentgauge.examples.chart.PointGrid.Panel;
import dev.latentgauge.examples.chart.PointGrid.Point;
import dev.latentgauge.examples.chart.PointGrid.Row;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointGridTest {

  // Dots lie at tenths of pixels.
  private static final Offset<Double> EXACT = within(0.11);

  private static final Axes OWN = new Axes("right", "up", false);
  private static final Axes SHARED = new Axes("right", "up", true);

  @Test
  void theSameLengthIsTheSameNumberInBothDirections() {
    List<Circle> dots =
        one(OWN, panel(new Point(0, 0, "cat"), new Point(8, 0, "cat"), new Point(0, 2, "cat")))
            .dots();

    double right = dots.get(1).x() - dots.get(0).x();
    double up = dots.get(0).y() - dots.get(2).y();
    assertThat(right).isGreaterThan(100).isCloseTo(4 * up, within(0.5));
    assertThat(dots.get(1).y()).isEqualTo(dots.get(0).y());
    assertThat(dots.get(2).x()).isEqualTo(dots.get(0).x());
  }

  @Test
  void dotsAreWhereTheNumbersOfTheAxesSay() {
    Drawn drawn = one(OWN, panel(new Point(-10, 10, "cat"), new Point(10, -10, "cat")));

    // Two dots at opposite corners, so that a number is there for the axis below and the one
    // beside.
    List<Circle> dots = drawn.dots();
    List<Drawn.Text> tens =
        drawn.lettering().stream().filter(text -> text.text().equals("10")).toList();
    assertThat(tens).hasSize(2);
    assertThat(tens)
        .anySatisfy(t -> assertThat(t.box().getCenterX()).isCloseTo(dots.get(1).x(), within(1.0)));
    assertThat(tens)
        .anySatisfy(t -> assertThat(t.box().getCenterY()).isCloseTo(dots.get(0).y(), within(1.0)));
  }

  @Test
  void panelsWithSharedAxesShowTheSamePlaceAtTheSamePlace() {
    Panel small = panel(new Point(0, 0, "cat"), new Point(1, 1, "cat"));
    Panel large = panel(new Point(0, 0, "cat"), new Point(10, 10, "cat"));
    List<Circle> shared = one(SHARED, small, large).dots();
    List<Circle> own = one(OWN, small, large).dots();

    assertThat(shared.get(0).y()).isCloseTo(shared.get(2).y(), EXACT);
    // A tenth of the way.
    assertThat(shared.get(1).y() - shared.get(0).y())
        .isCloseTo((shared.get(3).y() - shared.get(2).y()) / 10, EXACT);
    assertThat(own.get(1).y()).isCloseTo(own.get(3).y(), EXACT);
  }

  @Test
  void tenCategoriesDifferInColourAndStandInTheLegendInTheirOrder() {
    List<String> names = MadeUpLatents.CLASSES;
    Drawn drawn = drawn(MadeUpLatents.points(1, 500));

    assertThat(drawn.texts()).containsSubsequence(names);
    assertThat(drawn.dots().stream().map(Circle::color).distinct()).hasSize(10);
    // The samples of the legend.
    assertThat(drawn.circles().stream().map(Circle::color))
        .containsExactlyElementsOf(
            IntStream.range(0, 10).mapToObj(i -> RunStyle.of(i).color()).toList());
  }

  @Test
  void everyCategoryIsOnTopSomewhereHoweverThePointsAreSorted() {
    List<Point> sorted =
        IntStream.range(0, 400)
            .mapToObj(i -> new Point(i % 20, i % 7, i % 2 == 0 ? "cat" : "dog"))
            .toList();
    List<Circle> dots = one(OWN, panel(sorted.toArray(Point[]::new))).dots();

    List<Color> colors = dots.stream().map(Circle::color).toList();
    assertThat(dots).hasSize(400);
    assertThat(colors.lastIndexOf(RunStyle.of(0).color()))
        .isGreaterThan(colors.indexOf(RunStyle.of(1).color()));
  }

  @Test
  void tenPanelsOfFiveHundredPointsAreSmall() {
    String svg = MadeUpLatents.points(5, 500).picture().toSvg();

    assertThat(Drawn.of(svg).dots()).hasSize(5000);
    assertThat(svg.getBytes(StandardCharsets.UTF_8).length).isLessThan(400_000);
  }

  @Test
  void screenReadersAreToldHeadingsAndCaptions() {
    Drawn drawn =
        drawn(
            builder()
                .row(
                    new Row(
                        "Absolute", "As it is.", OWN, List.of(new Panel("Seed 1", "", List.of()))))
                .build());

    assertThat(drawn.only("title")).isEqualTo("Grid");
    assertThat(drawn.only("desc")).isEqualTo("Absolute: As it is. Seed 1.");
  }

  @Test
  void withoutPointsOrRowsThePictureSaysThatNothingWasMeasured() {
    assertThat(one(OWN, panel()).texts()).contains("nothing measured");
    assertThat(drawn(PointGrid.titled("").build()).texts()).contains("nothing measured");
  }

  @Test
  void namesThatAreTooLongAreShortened() throws IOException {
    String name = "a name of a hundred characters and more ".repeat(12).strip();
    Axes axes = new Axes(name, name, true);
    Panel panel = new Panel(name, name, List.of(new Point(1e-3, -123456, name)));
    PointGrid grid =
        PointGrid.titled(name)
            .subtitle(name)
            .categories(name, List.of(name))
            .row(new Row(name, name, axes, List.of(panel, panel)))
            .build();

    assertThat(Drawn.hasWhiteEdges(grid.picture().toPng())).isTrue();
    assertThat(drawn(grid).overlaps()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "2, 3000", "5, 500", "6, 500"})
  void nothingIsClippedAndNoTextCoversAnother(int panels, int points) throws IOException {
    PointGrid grid = MadeUpLatents.points(panels, points);
    Drawn.keep(grid.picture().toSvg(), "points-" + panels + "-" + points);

    assertThat(Drawn.hasWhiteEdges(grid.picture().toPng())).isTrue();
    assertThat(drawn(grid).overlaps()).isEmpty();
  }

  @Test
  void thePictureOfPixelsShowsDotsToo() throws IOException {
    Panel panel = panel(new Point(0, 0, "cat"));
    PointGrid grid = builder().row(new Row("", "", OWN, List.of(panel))).build();
    Circle dot = drawn(grid).dots().get(0);

    int pixel = Drawn.pixel(grid.picture().toPng(), dot.x(), dot.y());
    // Blue that lets a quarter of the white below it through.
    assertThat(new Color(pixel).getBlue() - new Color(pixel).getRed()).isGreaterThan(80);
  }

  @Test
  void allMistakesAreListed() {
    Panel panel = panel(new Point(0, 0, "cow"));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PointGrid.titled("")
                    .categories("", List.of("cat", "cat"))
                    .row(new Row("", "", OWN, List.of(panel)))
                    .build())
        .withMessage(
            "the grid cannot be built: each category must be there once, but they are [cat, cat];"
                + " the categories of Panel must be among [cat, cat], but one is cow");
  }

  @Test
  void numbersMustBeInRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Point(0, Double.NaN, "cat"))
        .withMessage("a point must have finite coordinates, but is at (0.0, NaN)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Row("", "", OWN, Collections.nCopies(7, panel())))
        .withMessage("a row must have from 1 to 6 panels, but has 7");
  }

  private static Panel panel(Point... points) {
    return new Panel("Panel", "", List.of(points));
  }

  private static Drawn one(Axes axes, Panel... panels) {
    return drawn(builder().row(new Row("", "", axes, List.of(panels))).build());
  }

  private static PointGrid.Builder builder() {
    return PointGrid.titled("Grid").categories("Animal", List.of("cat", "dog"));
  }

  private static Drawn drawn(PointGrid grid) {
    return Drawn.of(grid.picture().toSvg());
  }
}
