package dev.latentgauge.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.examples.chart.RunCurve.Point;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

class ScoreChartTest {

  private static final List<RunCurve> RUNS = MadeUpRuns.eight();

  private static final ScoreChart CHART =
      new ScoreChart(
          "The score knows which run will be best, without a label",
          "Fashion-MNIST, 8 made-up runs, 128 anchors, 512 probes",
          RUNS);

  @Test
  void theSvgIsXmlWithTheSizeOfThePicture() throws Exception {
    Document svg = parse(CHART.picture().toSvg());

    assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
    assertThat(svg.getDocumentElement().getAttribute("width")).isEqualTo("1120");
  }

  @Test
  void theSvgHasEveryNameAndTheTitleAsText() throws Exception {
    assertThat(texts(CHART))
        .contains(CHART.title(), CHART.subtitle(), "Score", "True test accuracy")
        .containsAll(RUNS.stream().map(RunCurve::name).toList());
  }

  @Test
  void theSvgSaysWhatItIsToPeopleWhoDoNotSeeIt() throws Exception {
    Document svg = parse(CHART.picture().toSvg());

    assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo(CHART.title());
    assertThat(svg.getElementsByTagName("desc").item(0).getTextContent())
        .isEqualTo(CHART.subtitle());
  }

  @Test
  void charactersThatMeanSomethingInXmlAreWrittenAsThemselves() throws Exception {
    ScoreChart chart = chart(new RunCurve("a<b & c>\"d\" 'e'", points(3)));

    assertThat(texts(chart)).contains("a<b & c>\"d\" 'e'");
  }

  @Test
  void charactersThatXmlCannotHaveAreReplaced() throws Exception {
    assertThat(texts(chart(new RunCurve("a\u0000b\uD800c", points(3)))))
        .contains("a\uFFFDb\uFFFDc");
  }

  @Test
  void thePngIsTwiceAsLargeAsTheSvgEachWay() throws Exception {
    BufferedImage png = image(CHART);
    Document svg = parse(CHART.picture().toSvg());

    assertThat(png.getWidth()).isEqualTo(2240);
    assertThat(2 * Integer.parseInt(svg.getDocumentElement().getAttribute("height")))
        .isEqualTo(png.getHeight());
  }

  @Test
  void thePngIsWhiteAtItsEdgesSoThatNothingIsClipped() throws IOException {
    BufferedImage png = image(CHART);
    int white = Color.WHITE.getRGB();

    assertThat(IntStream.range(0, png.getWidth()).map(x -> png.getRGB(x, 0))).containsOnly(white);
    assertThat(IntStream.range(0, png.getWidth()).map(x -> png.getRGB(x, png.getHeight() - 1)))
        .containsOnly(white);
    assertThat(IntStream.range(0, png.getHeight()).map(y -> png.getRGB(0, y))).containsOnly(white);
    assertThat(IntStream.range(0, png.getHeight()).map(y -> png.getRGB(png.getWidth() - 1, y)))
        .containsOnly(white);
  }

  @Test
  void theSameRunsGiveTheSameBytes() {
    ScoreChart again = new ScoreChart(CHART.title(), CHART.subtitle(), MadeUpRuns.eight());

    assertThat(again.picture().toSvg()).isEqualTo(CHART.picture().toSvg());
    assertThat(again.picture().toPng()).isEqualTo(CHART.picture().toPng());
  }

  @Test
  void theLegendListsTheRunsByFinalAccuracy() throws Exception {
    List<RunCurve> worstFirst =
        List.of(
            new RunCurve("unknown", List.of()),
            new RunCurve(
                "worst", List.of(Point.of(0, 0.1, 0.01, 0.9), Point.of(9, 0.2, 0.01, 0.3))),
            new RunCurve(
                "best", List.of(Point.of(0, 0.1, 0.01, 0.1), Point.of(9, 0.4, 0.01, 0.8))));

    assertThat(texts(new ScoreChart("", "", worstFirst)))
        .containsSubsequence("1", "best", "80.0 %", "2", "worst", "30.0 %", "3", "unknown", "–");
  }

  @Test
  void theCornerHasTheCorrelations() throws Exception {
    // Final pairs (.1, .5), (.2, .7), (.3, .6): Spearman 1 - 6*(0+1+1)/(3*8) = .5, Pearson
    // (.1*.1)/sqrt(.02*.02) = .5 as well, as the values are equidistant.
    List<RunCurve> runs =
        List.of(
            new RunCurve("a", List.of(Point.of(5, 0.1, 0.01, 0.5))),
            new RunCurve("b", List.of(Point.of(5, 0.2, 0.01, 0.7))),
            new RunCurve("c", List.of(Point.of(5, 0.3, 0.01, 0.6))));

    assertThat(texts(new ScoreChart("", "", runs))).contains("Spearman 0.50", "Pearson 0.50");
  }

  @Test
  void noCorrelationIsClaimedOfTwoRuns() throws Exception {
    assertThat(texts(new ScoreChart("", "", RUNS.subList(0, 2))))
        .contains("Spearman –", "Pearson –");
  }

  @Test
  void aRunWithoutPointsIsInTheLegendOnly() throws Exception {
    ScoreChart chart = chart(new RunCurve("empty", List.of()));

    assertThat(texts(chart)).contains("empty", "–").doesNotContain("nothing measured");
    assertThat(image(chart).getWidth()).isEqualTo(2240);
  }

  @Test
  void aRunWithOnePointHasAMarker() throws Exception {
    ScoreChart chart = new ScoreChart("", "", List.of(new RunCurve("one", points(1))));

    assertThat(texts(chart)).contains("one", "50.0 %");
    assertThat(image(chart).getWidth()).isEqualTo(2240);
  }

  @Test
  void withoutRunsThePanelsSayThatNothingWasMeasured() throws Exception {
    assertThat(texts(new ScoreChart("", "", List.of())))
        .filteredOn("nothing measured"::equals)
        .hasSize(3);
  }

  @Test
  void anUndefinedScoreLeavesAGapInTheBand() {
    List<Point> gap = new ArrayList<>(points(9));
    gap.set(4, Point.unscored(4, 0.5));

    assertThat(bands(points(9))).isEqualTo(1);
    assertThat(bands(gap)).isEqualTo(2);
  }

  @Test
  void aRunWithoutAnyScoreStillHasAnAccuracy() throws Exception {
    List<Point> points = List.of(Point.unscored(0, 0.1), Point.unscored(10, 0.75));

    List<String> texts = texts(new ScoreChart("", "", List.of(new RunCurve("blind", points))));

    assertThat(texts).contains("blind", "75.0 %");
    assertThat(texts).filteredOn("nothing measured"::equals).hasSize(2);
  }

  @Test
  void aRunWithoutAnyAccuracyStillHasAScore() throws Exception {
    Point scored =
        new Point(3, OptionalDouble.of(0.4), OptionalDouble.empty(), OptionalDouble.empty());

    List<String> texts =
        texts(new ScoreChart("", "", List.of(new RunCurve("unevaluated", List.of(scored)))));

    assertThat(texts).contains("unevaluated", "–");
    assertThat(texts).filteredOn("nothing measured"::equals).hasSize(2);
  }

  @Test
  void manyRunsWithLongNamesFindRoom() throws Exception {
    List<RunCurve> runs = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      runs.add(new RunCurve("a-name-of-128-characters".repeat(6).substring(16), points(i + 1)));
    }
    ScoreChart chart = new ScoreChart("t".repeat(300), "s".repeat(300), runs);
    write(chart, "long-names");

    assertThat(texts(chart)).contains(runs.get(0).name());
    assertThat(image(chart).getHeight()).isGreaterThan(image(CHART).getHeight());
  }

  @Test
  void tenCloseRunsAreDistinguishable() throws IOException {
    ScoreChart chart = new ScoreChart("Ten runs", "", MadeUpRuns.ten());
    write(chart, "ten-runs");

    assertThat(RankedRun.of(chart.runs()))
        .extracting(run -> run.style().color())
        .doesNotHaveDuplicates();
  }

  @Test
  void theOrderOfTheRunsDecidesNothingButTheirColours() throws Exception {
    List<RunCurve> reversed = new ArrayList<>(RUNS);
    Collections.reverse(reversed);

    assertThat(texts(new ScoreChart(CHART.title(), CHART.subtitle(), reversed)))
        .isEqualTo(texts(CHART));
  }

  private static Path write(ScoreChart chart, String name) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "charts"));
    chart.picture().writeSvg(folder.resolve(name + ".svg"));
    chart.picture().writePng(folder.resolve(name + ".png"));
    return folder;
  }

  private static ScoreChart chart(RunCurve another) {
    List<RunCurve> runs = new ArrayList<>(RUNS);
    runs.add(another);
    return new ScoreChart("", "", runs);
  }

  private static List<Point> points(int count) {
    return IntStream.range(0, count)
        .mapToObj(step -> Point.of(step, 0.4 + 0.01 * step, 0.02, 0.5))
        .toList();
  }

  private static int bands(List<Point> points) {
    ScoreChart chart = new ScoreChart("", "", List.of(new RunCurve("a", points)));
    // Nothing but bands is filled and nearly transparent.
    return chart.picture().toSvg().replace(" ", "").split("fill-opacity:0.1", -1).length - 1;
  }

  private static BufferedImage image(ScoreChart chart) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(chart.picture().toPng()));
  }

  private static List<String> texts(ScoreChart chart)
      throws ParserConfigurationException, IOException, SAXException {
    NodeList nodes = parse(chart.picture().toSvg()).getElementsByTagName("text");
    return IntStream.range(0, nodes.getLength())
        .mapToObj(i -> nodes.item(i).getTextContent())
        .toList();
  }

  private static Document parse(String svg)
      throws ParserConfigurationException, IOException, SAXException {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }
}
