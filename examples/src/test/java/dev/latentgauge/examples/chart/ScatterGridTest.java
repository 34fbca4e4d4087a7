package dev.latentgauge.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.latentgauge.examples.chart.Drawn.Circle;
import dev.latentgauge.examples.chart.Drawn.Line;
import dev.latentgauge.examples.chart.ScatterGrid.Dot;
import dev.latentgauge.examples.chart.ScatterGrid.Panel;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScatterGridTest {

  // The SVG has two decimals.
  private static final Offset<Double> EXACT = within(0.011);

  @Test
  void dotsLieInProportionBetweenTheGridLines() {
    Drawn drawn =
        one(new Dot(0.2, 0.5, "cnn"), new Dot(0.35, 0.8, "cnn"), new Dot(0.6, 0.9, "cnn"));

    List<Circle> dots = drawn.circles();
    double from = column(drawn, "0.2");
    double to = column(drawn, "0.6");
    double low = row(drawn, "50 %");
    double high = row(drawn, "90 %");
    // .35 is 3/8 of the way from .2 to .6, and 80 % is 3/4 of the way from 50 % to 90 %.
    assertThat(dots.get(0).x()).isCloseTo(from, EXACT);
    assertThat(dots.get(1).x()).isCloseTo(from + 0.375 * (to - from), EXACT);
    assertThat(dots.get(2).x()).isCloseTo(to, EXACT);
    assertThat(dots.get(0).y()).isCloseTo(low, EXACT);
    assertThat(dots.get(1).y()).isCloseTo(low + 0.75 * (high - low), EXACT);
    assertThat(dots.get(2).y()).isCloseTo(high, EXACT);
    assertThat(high).isLessThan(low);
  }

  @Test
  void categoriesDifferInColourAndShapeAndStandInTheLegendInTheirOrder() {
    Drawn drawn = one(new Dot(0.2, 0.5, "mlp"), new Dot(0.35, 0.8, "cnn"));

    assertThat(drawn.texts()).containsSubsequence("Architecture", "cnn", "mlp");
    // A circle and a square in the panel, and one of each in the legend.
    assertThat(drawn.circles()).hasSize(2);
    assertThat(drawn.outlines(RunStyle.of(1).color())).hasSize(2);
    assertThat(IntStream.range(0, 6).mapToObj(i -> RunStyle.of(i).color())).doesNotHaveDuplicates();
    assertThat(IntStream.range(0, 6).mapToObj(i -> RunStyle.of(i).marker()))
        .doesNotHaveDuplicates();
  }

  @Test
  void manyDotsAreAllThereAndSmallerThanFew() {
    Drawn few = one(dots(80));
    Drawn many = one(dots(640));

    // The last is the sample in the legend.
    assertThat(few.circles()).hasSize(80 + 1);
    assertThat(many.circles()).hasSize(640 + 1);
    assertThat(many.circles().get(0).radius()).isLessThan(few.circles().get(0).radius());
  }

  @Test
  void panelsStandInRowsOfTheWidthGiven() {
    Drawn drawn = drawn(MadeUpStudy.scatters(7, 3));

    assertThat(drawn.text("TREC").y()).isEqualTo(drawn.text("Cora").y());
    assertThat(drawn.text("Digits").x()).isEqualTo(drawn.text("Cora").x());
    assertThat(drawn.text("Digits").y()).isGreaterThan(drawn.text("Cora").y());
    assertThat(drawn.text("Speech commands").y()).isGreaterThan(drawn.text("Digits").y());
    // Once a panel, and once a row.
    assertThat(drawn.texts()).filteredOn("score at the last step"::equals).hasSize(7);
    assertThat(drawn.texts()).filteredOn("test accuracy"::equals).hasSize(3);
  }

  @Test
  void aLongCaptionGoesOnInTheNextLine() {
    String caption = "Pearson 0.84, Spearman 0.60 (best third), 80 runs";
    ScatterGrid.Builder builder = builder().columns(4);
    for (String heading : List.of("a", "b", "c", "d")) {
      builder.panel(new Panel(heading, caption, List.of()));
    }
    Drawn drawn = drawn(builder.build());

    assertThat(drawn.texts()).doesNotContain(caption).noneMatch(text -> text.endsWith("…"));
    assertThat(String.join(" ", drawn.texts())).contains(caption);
    assertThat(drawn.only("desc")).startsWith("a: " + caption + ". b: ");
  }

  @Test
  void withoutDotsAPanelSaysThatNothingWasMeasured() {
    Drawn drawn = drawn(builder().panel(new Panel("Cora", "0 runs", List.of())).build());

    assertThat(drawn.texts()).contains("Cora", "0 runs", "nothing measured");
  }

  @Test
  void withoutPanelsThePictureSaysThatNothingWasMeasured() {
    assertThat(drawn(ScatterGrid.titled("").build()).texts()).contains("nothing measured");
  }

  @Test
  void charactersThatMeanSomethingInXmlAreWrittenAsThemselves() {
    String name = "a<b & c>\"d\" 'e'";
    Drawn drawn =
        drawn(
            ScatterGrid.titled(name)
                .categories("", List.of("<mlp>"))
                .panel(new Panel(name, name, List.of()))
                .build());

    assertThat(drawn.texts()).contains("<mlp>").filteredOn(name::equals).hasSize(3);
    assertThat(drawn.only("title")).isEqualTo(name);
    assertThat(drawn.only("desc")).isEqualTo(name + ": " + name + ".");
  }

  @Test
  void namesThatAreTooLongAreShortened() throws IOException {
    String name = "a name of a hundred characters and more ".repeat(12).strip();
    ScatterGrid.Builder builder =
        ScatterGrid.titled(name)
            .subtitle(name)
            .axes(name, name)
            .categories(name, List.of(name, "-" + name, "+" + name, "short"));
    for (int i = 0; i < 4; i++) {
      builder.panel(new Panel(name, name, List.of(new Dot(i, 0.5, name))));
    }
    ScatterGrid grid = builder.build();
    Drawn.keep(grid.picture().toSvg(), "scatters-long-names");

    assertThat(Drawn.hasWhiteEdges(grid.picture().toPng())).isTrue();
    assertThat(drawn(grid).overlaps()).isEmpty();
    assertThat(drawn(grid).texts()).contains("short");
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "2, 2", "7, 3", "12, 4", "6, 6"})
  void nothingIsClippedAndNoTextCoversAnother(int tasks, int columns) throws IOException {
    ScatterGrid grid = MadeUpStudy.scatters(tasks, columns);
    Drawn.keep(grid.picture().toSvg(), "scatters-" + tasks + "-" + columns);

    assertThat(Drawn.hasWhiteEdges(grid.picture().toPng())).isTrue();
    assertThat(drawn(grid).overlaps()).isEmpty();
  }

  @Test
  void theSameRunsGiveTheSameBytes() {
    assertThat(MadeUpStudy.scatters(3, 3).picture().toSvg())
        .isEqualTo(MadeUpStudy.scatters(3, 3).picture().toSvg());
  }

  @Test
  void allMistakesAreListed() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ScatterGrid.titled("")
                    .columns(0)
                    .categories("", List.of("mlp", "mlp"))
                    .panel(new Panel("Cora", "", List.of(new Dot(0, 0, "gin"))))
                    .build())
        .withMessage(
            "the grid cannot be built: columns must be from 1 to 6, but is 0;"
                + " each category must be there once, but they are [mlp, mlp];"
                + " the categories of Cora must be among [mlp, mlp], but one is gin");
  }

  @Test
  void numbersMustBeInRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Dot(Double.NaN, 0.5, "cnn"))
        .withMessage("the value must be finite, but is NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Dot(0.5, 84, "cnn"))
        .withMessage("the accuracy must be in [0, 1], but is 84.0");
  }

  private static Drawn one(Dot... dots) {
    return drawn(builder().panel(new Panel("Cora", "", List.of(dots))).build());
  }

  private static Dot[] dots(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Dot(i, i / 1000.0, "cnn"))
        .toArray(Dot[]::new);
  }

  private static ScatterGrid.Builder builder() {
    return ScatterGrid.titled("Grid")
        .axes("score", "accuracy")
        .categories("Architecture", List.of("cnn", "mlp"));
  }

  private static Drawn drawn(ScatterGrid grid) {
    return Drawn.of(grid.picture().toSvg());
  }

  /** Where the vertical grid line above a number is. */
  private static double column(Drawn drawn, String number) {
    double middle = drawn.text(number).box().getCenterX();
    return nearest(middle, drawn.lines().stream().filter(Line::isVertical).map(Line::x1).toList());
  }

  /** Where the horizontal grid line beside a number is. */
  private static double row(Drawn drawn, String number) {
    Rectangle2D box = drawn.text(number).box();
    return nearest(
        box.getCenterY(),
        drawn.lines().stream().filter(line -> !line.isVertical()).map(Line::y1).toList());
  }

  private static double nearest(double place, List<Double> lines) {
    double[] near =
        lines.stream().mapToDouble(x -> x).filter(x -> Math.abs(x - place) < 1).toArray();
    assertThat(Arrays.stream(near).distinct()).hasSize(1);
    return near[0];
  }
}
