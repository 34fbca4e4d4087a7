package dev.latentgauge.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.latentgauge.examples.chart.Drawn.Circle;
import dev.latentgauge.examples.chart.Drawn.Line;
import dev.latentgauge.examples.chart.Drawn.Text;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalChartTest {

  // The SVG has two decimals.
  private static final Offset<Double> EXACT = within(0.011);

  @Test
  void aDotLiesInProportionBetweenTheEndsOfTheAxis() {
    Drawn drawn = one(Map.of("score", new Interval(0.5, 0.25, 0.75)));

    double start = gridLine(drawn, "-1.0");
    double end = gridLine(drawn, "1.0");
    // .5 is three quarters of the way from -1 to 1.
    assertThat(dot(drawn).x()).isCloseTo(start + 0.75 * (end - start), EXACT);
  }

  @Test
  void anIntervalGoesFromItsLowerEndToItsUpperOneAtTheHeightOfTheDot() {
    Drawn drawn = one(Map.of("score", new Interval(0.5, 0.25, 0.75)));

    double start = gridLine(drawn, "-1.0");
    double length = gridLine(drawn, "1.0") - start;
    Line reach = reaches(drawn).get(0);
    // .25 and .75 are 5/8 and 7/8 of the way.
    assertThat(reach.x1()).isCloseTo(start + 0.625 * length, EXACT);
    assertThat(reach.x2()).isCloseTo(start + 0.875 * length, EXACT);
    assertThat(reach.y1()).isEqualTo(reach.y2()).isEqualTo(dot(drawn).y());
    assertThat(arrows(drawn)).isEmpty();
  }

  @Test
  void whatReachesBeyondTheAxisEndsAtThePanelWithAnArrow() throws IOException {
    IntervalChart chart =
        IntervalChart.titled("Beyond the panel")
            .axis("score", 0, 1)
            .group("", List.of("left", "right", "both"))
            .panel(
                panel(
                    Map.of(
                        "left", new Interval(0.1, -0.2, 0.3),
                        "right", new Interval(0.9, 0.8, 1.0001),
                        "both", new Interval(0.5, Double.NEGATIVE_INFINITY, 7))))
            .build();
    Drawn drawn = drawn(chart);
    Drawn.keep(chart.picture().toSvg(), "intervals-beyond");

    double start = gridLine(drawn, "0.0");
    double end = gridLine(drawn, "1.0");
    List<Line> reaches = reaches(drawn);
    assertThat(reaches.get(0).x1()).isCloseTo(start, EXACT);
    assertThat(reaches.get(1).x2()).isCloseTo(end, EXACT);
    assertThat(reaches.get(2).x1()).isCloseTo(start, EXACT);
    assertThat(reaches.get(2).x2()).isCloseTo(end, EXACT);
    List<Rectangle2D> arrows = arrows(drawn);
    // Their tips; the last one is the sample in the key.
    assertThat(arrows).hasSize(5);
    assertThat(arrows.get(0).getMinX()).isCloseTo(start, EXACT);
    assertThat(arrows.get(1).getMaxX()).isCloseTo(end, EXACT);
    assertThat(arrows.get(2).getMinX()).isCloseTo(start, EXACT);
    assertThat(arrows.get(3).getMaxX()).isCloseTo(end, EXACT);
    assertThat(drawn.texts()).contains("goes on beyond the panel");
  }

  @Test
  void anIntervalThatReachesNoFartherThanTheAxisHasNoArrow() {
    Drawn drawn = one(Map.of("score", new Interval(0, -1, 1)));

    assertThat(arrows(drawn)).isEmpty();
    assertThat(drawn.texts()).doesNotContain("goes on beyond the panel");
  }

  @Test
  void aValueBeyondTheAxisIsANumberAndAnArrowButNoDot() {
    Drawn drawn = one(Map.of("score", new Interval(-3, -4, -2)));

    assertThat(drawn.texts()).contains("-3.00");
    assertThat(arrows(drawn).get(0).getMinX()).isCloseTo(gridLine(drawn, "-1.0"), EXACT);
    // The key has one of each.
    assertThat(drawn.circles()).hasSize(1);
    assertThat(reaches(drawn)).isEmpty();
  }

  @Test
  void aMissingMeasureIsNotAvailable() {
    Drawn drawn = one(Map.of());

    assertThat(drawn.texts()).contains("score", "n/a");
    assertThat(drawn.circles()).hasSize(1);
    assertThat(drawn.only("desc")).isEqualTo("Pearson. Cora, 80 runs: score not available.");
  }

  @Test
  void rowsAreAtTheHeightOfTheirNamesInEveryPanel() {
    Map<String, Interval> intervals =
        Map.of("first", Interval.exactly(0.1), "second", Interval.exactly(0.2));
    Drawn drawn =
        drawn(
            IntervalChart.titled("")
                .group("group", List.of("first"))
                .group("another", List.of("second"))
                .panel(new IntervalChart.Panel("a", "", intervals, OptionalDouble.empty()))
                .panel(new IntervalChart.Panel("b", "", intervals, OptionalDouble.empty()))
                .build());

    List<Circle> dots = drawn.circles();
    double shift = dots.get(0).y() - drawn.text("first").y();
    assertThat(dots.get(1).y() - drawn.text("second").y()).isCloseTo(shift, EXACT);
    assertThat(dots.get(2).y()).isEqualTo(dots.get(0).y());
    assertThat(dots.get(3).y()).isEqualTo(dots.get(1).y());
    // The same distance below the name of the first panel as below that of the second.
    assertThat(drawn.text("a").y()).isEqualTo(drawn.text("b").y());
  }

  @Test
  void headingsStandAboveTheirMeasuresInTheOrderGiven() {
    Drawn drawn = drawn(MadeUpStudy.intervals(1));

    assertThat(drawn.texts())
        .containsSubsequence("Representation scores", "Need a head", "Need labels", "Controls");
    assertThat(
            List.of(
                drawn.text("neighbours, k/16").y(),
                drawn.text("Need labels").y(),
                drawn.text("training loss").y(),
                drawn.text("Controls").y(),
                drawn.text("step counter").y()))
        .isSorted();
  }

  @Test
  void theEmphasisedMeasureHasAColourAndAWeightOfItsOwn() {
    Map<String, Interval> intervals =
        Map.of("plain", Interval.exactly(0.5), "default", Interval.exactly(-0.5));
    Drawn drawn =
        drawn(
            IntervalChart.titled("")
                .group("", List.of("plain", "default"))
                .emphasise("default")
                .panel(panel(intervals))
                .build());

    double start = gridLine(drawn, "-1.0");
    double end = gridLine(drawn, "1.0");
    Circle standingOut = drawn.circles().get(1);
    // -.5 is a quarter of the way.
    assertThat(standingOut.x()).isCloseTo(start + 0.25 * (end - start), EXACT);
    assertThat(standingOut.color()).isEqualTo(IntervalPanel.EMPHASIS);
    assertThat(standingOut.radius()).isGreaterThan(drawn.circles().get(0).radius());
    assertThat(drawn.circles().get(0).color()).isEqualTo(IntervalPanel.ORDINARY);
    assertThat(drawn.text("default").font().isBold()).isTrue();
    assertThat(drawn.text("plain").font().isBold()).isFalse();
  }

  @Test
  void aLineMarksZeroWhereTheAxisHasIt() {
    assertThat(zeroLines(one(Map.of()))).hasSize(1);
    assertThat(
            zeroLines(
                drawn(
                    IntervalChart.titled("")
                        .axis("", 0.5, 1)
                        .group("", List.of("score"))
                        .panel(panel(Map.of()))
                        .build())))
        .isEmpty();
  }

  @Test
  void aPanelMayHaveACeiling() {
    IntervalChart.Builder builder = IntervalChart.titled("").group("", List.of("score"));
    Drawn without = drawn(builder.panel(panel(Map.of())).build());
    Drawn with =
        drawn(
            builder
                .panel(new IntervalChart.Panel("b", "", Map.of(), OptionalDouble.of(0.9)))
                .build());

    assertThat(without.texts()).doesNotContain("ceiling");
    assertThat(with.texts()).contains("ceiling");
    // One in the panel and a sample in the key.
    assertThat(with.dashed()).hasSize(2);
  }

  @Test
  void aCeilingBeyondTheAxisIsNotDrawn() {
    Drawn drawn =
        drawn(
            IntervalChart.titled("")
                .group("", List.of("score"))
                .panel(new IntervalChart.Panel("a", "", Map.of(), OptionalDouble.of(1.5)))
                .build());

    assertThat(drawn.dashed()).isEmpty();
    assertThat(drawn.texts()).doesNotContain("ceiling");
  }

  @Test
  void moreThanFourPanelsGoOnBelowInRowsOfAboutTheSameLength() {
    Drawn drawn = drawn(MadeUpStudy.intervals(5));

    assertThat(drawn.text("TREC").y()).isEqualTo(drawn.text("Cora").y());
    assertThat(drawn.text("Digits").y()).isGreaterThan(drawn.text("Cora").y() + 300);
    assertThat(drawn.text("Digits").x()).isEqualTo(drawn.text("Cora").x());
    assertThat(drawn.text("AG News").x()).isEqualTo(drawn.text("Fashion-MNIST").x());
    assertThat(drawn.texts()).filteredOn("step counter"::equals).hasSize(2);
  }

  @Test
  void numbersHaveTwoDecimalsHoweverNarrowThePanelIs() {
    for (int panels : new int[] {1, 2, 4}) {
      IntervalChart.Builder builder = IntervalChart.titled("").group("", List.of("score"));
      for (int i = 0; i < panels; i++) {
        builder.panel(panel(Map.of("score", Interval.exactly(-0.123))));
      }

      assertThat(drawn(builder.build()).texts()).filteredOn("-0.12"::equals).hasSize(panels);
    }
  }

  @Test
  void theDescriptionSaysAllNumbers() {
    Map<String, Interval> intervals = new LinkedHashMap<>();
    intervals.put("score", new Interval(0.844, 0.796, Double.POSITIVE_INFINITY));

    assertThat(one(intervals).only("desc"))
        .isEqualTo("Pearson. Cora, 80 runs: score 0.84 (0.80 to ∞).");
    assertThat(one(intervals).only("title")).isEqualTo("One");
  }

  @Test
  void charactersThatMeanSomethingInXmlAreWrittenAsThemselves() {
    String name = "a<b & c>\"d\" 'e'";
    Drawn drawn =
        drawn(
            IntervalChart.titled(name)
                .group(name, List.of("<score>"))
                .panel(new IntervalChart.Panel(name, "", Map.of(), OptionalDouble.empty()))
                .build());

    assertThat(drawn.texts()).filteredOn(name::equals).hasSize(3);
    assertThat(drawn.only("title")).isEqualTo(name);
    assertThat(drawn.only("desc")).isEqualTo(name + ": <score> not available.");
  }

  @Test
  void namesThatAreTooLongAreShortened() throws IOException {
    String name = "a name of a hundred characters and more ".repeat(4).strip();
    IntervalChart chart =
        IntervalChart.titled(name + name)
            .subtitle(name + name + name)
            .axis(name, -1, 1)
            .group(name, List.of(name))
            .emphasise(name)
            .panel(new IntervalChart.Panel(name, name, Map.of(), OptionalDouble.empty()))
            .panel(panel(Map.of(name, Interval.exactly(0.5))))
            .build();
    Drawn.keep(chart.picture().toSvg(), "intervals-long-names");
    Drawn drawn = drawn(chart);

    assertThat(drawn.texts()).filteredOn(text -> text.endsWith("…")).hasSizeGreaterThan(5);
    double panel = gridLine(drawn, "-1.0");
    assertThat(drawn.lettering())
        .filteredOn(text -> text.x() < 40 && text.y() > 150 && text.text().endsWith("…"))
        .isNotEmpty()
        .allSatisfy(
            text ->
                assertThat(text.x() + Canvas.width(text.text(), Canvas.BOLD)).isLessThan(panel));
    assertThat(Drawn.hasWhiteEdges(chart.picture().toPng())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 5, 8})
  void nothingIsClippedAndNoTextCoversAnother(int tasks) throws IOException {
    IntervalChart chart = MadeUpStudy.intervals(tasks);
    Drawn.keep(chart.picture().toSvg(), "intervals-" + tasks);

    assertThat(Drawn.hasWhiteEdges(chart.picture().toPng())).isTrue();
    assertThat(drawn(chart).overlaps()).isEmpty();
  }

  @Test
  void withoutPanelsOrMeasuresThePictureSaysThatNothingWasMeasured() {
    assertThat(drawn(MadeUpStudy.intervals(0)).texts()).contains("nothing measured");
    assertThat(drawn(IntervalChart.titled("").panel(panel(Map.of())).build()).texts())
        .containsExactly("nothing measured");
  }

  @Test
  void theSameStudyGivesTheSameBytes() {
    assertThat(MadeUpStudy.intervals(4).picture().toSvg())
        .isEqualTo(MadeUpStudy.intervals(4).picture().toSvg());
  }

  @Test
  void theOrderOfTheIntervalsDecidesNothing() {
    Map<String, Interval> forwards = new LinkedHashMap<>();
    Map<String, Interval> backwards = new LinkedHashMap<>();
    List<String> names = IntStream.range(0, 16).mapToObj(i -> "measure " + i).toList();
    for (int i = 0; i < 16; i++) {
      forwards.put(names.get(i), Interval.exactly(i / 16.0));
      backwards.put(names.get(15 - i), Interval.exactly((15 - i) / 16.0));
    }

    assertThat(
            IntervalChart.titled("")
                .group("", names)
                .panel(panel(forwards))
                .build()
                .picture()
                .toSvg())
        .isEqualTo(
            IntervalChart.titled("")
                .group("", names)
                .panel(panel(backwards))
                .build()
                .picture()
                .toSvg());
  }

  @Test
  void theFileIsWritten(@TempDir Path folder) throws IOException {
    Path svg = folder.resolve("chart.svg");
    Files.writeString(svg, "what was there before");
    IntervalChart chart = MadeUpStudy.intervals(1);

    chart.picture().writeSvg(svg);

    assertThat(svg).hasContent(chart.picture().toSvg());
  }

  @Test
  void allMistakesAreListed() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                IntervalChart.titled("")
                    .axis("", 1, 1)
                    .group("", List.of("a", "b"))
                    .group("", List.of("a"))
                    .emphasise("c")
                    .panel(panel(Map.of("d", Interval.exactly(0))))
                    .build())
        .withMessage(
            "the chart cannot be built:"
                + " the axis must go from one finite number up to another, but goes from 1.0 to 1.0;"
                + " each measure must be there once, but there are two of a;"
                + " the measure to emphasise must be in a group, but is c;"
                + " the measures of Cora must be in a group, but one is d");
  }

  @Test
  void anIntervalMustBeInOrderButNeedNotContainItsValue() {
    assertThat(new Interval(0.9, 0.1, 0.2).value()).isEqualTo(0.9);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Interval(0, 0.2, 0.1))
        .withMessage("the lower end must not be above the upper one, but they are 0.2 and 0.1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Interval(0, Double.NaN, 0.1))
        .withMessage("the lower end must not be above the upper one, but they are NaN and 0.1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Interval.exactly(Double.NaN))
        .withMessage("the value must be finite, but is NaN");
  }

  @Test
  void aCeilingMustBeFinite() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new IntervalChart.Panel("Cora", "", Map.of(), OptionalDouble.of(Double.NaN)))
        .withMessage("the ceiling of Cora must be finite, but is NaN");
  }

  private static Drawn one(Map<String, Interval> intervals) {
    return drawn(
        IntervalChart.titled("One")
            .axis("Pearson", -1, 1)
            .group("", List.of("score"))
            .panel(panel(intervals))
            .build());
  }

  private static IntervalChart.Panel panel(Map<String, Interval> intervals) {
    return new IntervalChart.Panel("Cora", "80 runs", intervals, OptionalDouble.empty());
  }

  private static Drawn drawn(IntervalChart chart) {
    return Drawn.of(chart.picture().toSvg());
  }

  /** Where the first grid line below which a number stands is. */
  private static double gridLine(Drawn drawn, String number) {
    Text text =
        drawn.lettering().stream().filter(t -> t.text().equals(number)).findFirst().orElseThrow();
    double middle = text.x() + Canvas.width(number, Canvas.TEXT) / 2;
    return drawn.lines().stream()
        .filter(Line::isVertical)
        .mapToDouble(Line::x1)
        .filter(x -> Math.abs(x - middle) < 0.5)
        .findFirst()
        .orElseThrow();
  }

  private static Circle dot(Drawn drawn) {
    return drawn.circles().get(0);
  }

  /** The intervals, without the sample in the key. */
  private static List<Line> reaches(Drawn drawn) {
    List<Line> all =
        drawn.lines().stream()
            .filter(line -> !line.isVertical())
            .filter(line -> line.color().equals(IntervalPanel.ORDINARY))
            .filter(line -> line.width() > 1.5)
            .toList();
    return all.subList(0, all.size() - 1);
  }

  private static List<Rectangle2D> arrows(Drawn drawn) {
    return drawn.outlines(IntervalPanel.ORDINARY);
  }

  private static List<Line> zeroLines(Drawn drawn) {
    return drawn.lines().stream()
        .filter(Line::isVertical)
        .filter(line -> line.color().equals(Canvas.MUTED))
        .toList();
  }
}
