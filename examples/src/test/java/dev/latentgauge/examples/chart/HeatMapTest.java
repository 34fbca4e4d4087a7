package dev.latentgauge.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.latentgauge.examples.chart.Drawn.Box;
import dev.latentgauge.examples.chart.HeatMap.Panel;
import java.awt.Color;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeatMapTest {

  @Test
  void eachCellHasTheColourOfItsNumberAndTheNumberInIt() {
    Drawn drawn = drawn(builder().panel(panel(0.0, 0.25, 0.5, 1.0)).build());

    ColorScale scale = new ColorScale(0, 1);
    for (double value : new double[] {0, 0.25, 0.5}) {
      Drawn.Text number = drawn.text("%.2f".formatted(value));
      assertThat(cell(drawn, number).color()).isEqualTo(scale.of(value));
    }
    assertThat(drawn.text("0.00").x()).isLessThan(drawn.text("0.25").x());
    assertThat(drawn.text("0.00").y()).isLessThan(drawn.text("0.50").y());
    assertThat(drawn.text("0.50").x()).isLessThan(drawn.text("1.00").x());
  }

  @Test
  void whatIsBeyondTheScaleHasTheColourOfItsEndAndItsOwnNumber() {
    Drawn drawn = drawn(builder().panel(panel(-3.0, 0.0, 1.0, 47.0)).build());

    assertThat(cell(drawn, drawn.text("-3.00")).color())
        .isEqualTo(cell(drawn, drawn.text("0.00")).color());
    assertThat(cell(drawn, drawn.text("47.00")).color())
        .isEqualTo(cell(drawn, drawn.text("1.00")).color());
  }

  @Test
  void whatIsMissingIsGreyAndExplained() {
    Drawn drawn = drawn(builder().panel(panel(0.2, 0.3, Double.NaN, 0.4)).build());

    // In its cell, and in the key.
    List<Drawn.Text> signs =
        drawn.lettering().stream().filter(text -> text.text().equals("–")).toList();
    assertThat(signs)
        .hasSize(2)
        .allSatisfy(sign -> assertThat(cell(drawn, sign).color()).isEqualTo(Canvas.GRID));
    assertThat(drawn.texts()).contains("missing");
    assertThat(drawn(builder().panel(panel(0.2, 0.3, 0.4, 0.5)).build()).texts())
        .doesNotContain("missing");
  }

  @Test
  void screenReadersAreToldAllNumbers() {
    Drawn drawn = drawn(builder().panel(panel(0.25, 0.5, Double.NaN, 1.0)).build());

    assertThat(drawn.only("desc"))
        .isEqualTo("accuracy. Panel: a: c 0.25, d 0.50; b: c missing, d 1.00.");
  }

  @Test
  void numbersBecomeSmallerWhereCellsAreAndVanishWhereNoneWouldBeLegible() {
    Drawn small = drawn(MadeUpLatents.heat(2, 16));
    Drawn tiny = drawn(MadeUpLatents.heat(3, 40));

    assertThat(small.lettering().stream().filter(t -> t.text().equals("90.0")))
        .hasSize(32)
        .allSatisfy(text -> assertThat(text.font().getSize()).isBetween(7, 12));
    assertThat(tiny.texts()).doesNotContain("90.0");
    assertThat(tiny.only("desc")).contains("encoder 40: 1 ");
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 5", "2, 16", "3, 8", "5, 4", "3, 40"})
  void nothingIsClippedAndNoTextCoversAnother(int panels, int side) throws IOException {
    HeatMap map = MadeUpLatents.heat(panels, side);
    Drawn.keep(map.picture().toSvg(), "heat-" + panels + "-" + side);

    assertThat(Drawn.hasWhiteEdges(map.picture().toPng())).isTrue();
    assertThat(drawn(map).overlaps()).isEmpty();
  }

  @Test
  void namesThatAreTooLongAreShortened() throws IOException {
    String name = "a name of a hundred characters and more ".repeat(12).strip();
    HeatMap map =
        HeatMap.titled(name)
            .subtitle(name)
            .rows(name, List.of(name, "b" + name))
            .columns(name, List.of(name, "d" + name))
            .scale(name, 0, 1, 2)
            .panel(new Panel(name, name, List.of(List.of(0.0, 1.0), List.of(1.0, 0.5))))
            .build();

    assertThat(Drawn.hasWhiteEdges(map.picture().toPng())).isTrue();
    assertThat(drawn(map).overlaps()).isEmpty();
  }

  @Test
  void withoutPanelsOrCellsThePictureSaysThatNothingWasMeasured() {
    assertThat(drawn(builder().build()).texts()).contains("nothing measured");
    assertThat(drawn(HeatMap.titled("").panel(new Panel("Panel", "", List.of())).build()).texts())
        .containsExactly("nothing measured");
  }

  @Test
  void allMistakesAreListed() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                builder()
                    .scale("accuracy", 1, 1, 7)
                    .panel(new Panel("Panel", "", List.of(List.of(0.1), List.of(0.2, 0.3))))
                    .build())
        .withMessage(
            "the map cannot be built: the scale must go from one finite number up to another, but"
                + " goes from 1.0 to 1.0; decimals must be from 0 to 6, but are 7;"
                + " Panel must have 2 rows of 2 numbers, but has rows of [1, 2]");
  }

  @Test
  void lightnessFallsFromStepToStepOverTheWholeScale() {
    ColorScale scale = new ColorScale(0, 100);
    for (int i = 0; i < 100; i++) {
      assertThat(ColorScale.luminance(scale.of(i + 1)))
          .isLessThan(ColorScale.luminance(scale.of(i)));
    }
    assertThat(ColorScale.luminance(scale.of(0))).isGreaterThan(0.85);
    assertThat(ColorScale.luminance(scale.of(100))).isLessThan(0.06);
  }

  @Test
  void theInkOfANumberIsLegibleOnEveryColour() {
    ColorScale scale = new ColorScale(0, 100);
    for (int i = 0; i <= 100; i++) {
      double background = ColorScale.luminance(scale.of(i));
      double ink = ColorScale.luminance(ColorScale.ink(scale.of(i)));
      double contrast = (Math.max(ink, background) + 0.05) / (Math.min(ink, background) + 0.05);
      // What WCAG 2 asks of text at level AA.
      assertThat(contrast).isGreaterThan(4.5);
    }
    // White, black, and the middle grey as WCAG computes it: ((118/255 + .055)/1.055)^2.4.
    assertThat(ColorScale.luminance(Color.WHITE)).isEqualTo(1);
    assertThat(ColorScale.luminance(Color.BLACK)).isZero();
    assertThat(ColorScale.luminance(new Color(118, 118, 118))).isCloseTo(0.1812, within(1e-4));
  }

  private static Box cell(Drawn drawn, Drawn.Text number) {
    List<Box> around =
        drawn.boxes().stream()
            .filter(box -> !box.color().equals(Color.WHITE))
            .filter(box -> box.bounds().contains(number.box()))
            .toList();
    assertThat(around).hasSize(1);
    return around.get(0);
  }

  private static Panel panel(double a, double b, double c, double d) {
    return new Panel("Panel", "", List.of(List.of(a, b), List.of(c, d)));
  }

  private static HeatMap.Builder builder() {
    return HeatMap.titled("Map")
        .rows("encoder", List.of("a", "b"))
        .columns("head", List.of("c", "d"))
        .scale("accuracy", 0, 1, 2);
  }

  private static Drawn drawn(HeatMap map) {
    return Drawn.of(map.picture().toSvg());
  }
}
