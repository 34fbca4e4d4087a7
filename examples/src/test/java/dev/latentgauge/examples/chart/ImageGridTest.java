package dev.latentgauge.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latentgauge.examples.chart.Drawn.Image;
import dev.latentgauge.examples.chart.ImageGrid.Row;
import java.awt.Color;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageGridTest {

  // Black, grey and white, and below them what is beyond black and white.
  private static final GreyImage SIX =
      GreyImage.of(3, new float[] {0, 0.4f, 1, -5, Float.NEGATIVE_INFINITY, 7});

  @Test
  void theSvgHasEachImagePixelByPixel() throws IOException {
    List<Image> images = drawn(grid(SIX)).images();

    assertThat(images).hasSize(1);
    assertThat(levels(images.get(0))).containsExactly(0, 102, 255, 0, 0, 255);
  }

  @Test
  void thePictureOfPixelsShowsTheImagesWithSharpPixels() throws IOException {
    ImageGrid grid = grid(SIX);
    Image image = drawn(grid).images().get(0);
    byte[] png = grid.picture().toPng();

    double third = image.box().getWidth() / 3;
    for (double inside : new double[] {0.1, 0.5, 0.9}) {
      int pixel =
          Drawn.pixel(
              png, image.box().getX() + (1 + inside) * third, image.box().getY() + third / 2);
      assertThat(new Color(pixel).getBlue()).isEqualTo(102);
    }
  }

  @Test
  void imagesStandInTheirRowsAndColumns() {
    Drawn drawn = drawn(MadeUpLatents.images(2, 3));

    List<Image> images = drawn.images();
    assertThat(images).hasSize(6);
    for (int i = 0; i < 3; i++) {
      Drawn.Text label = drawn.text(MadeUpLatents.CLASSES.get(i));
      assertThat(images.get(i).box().getX()).isEqualTo(images.get(i + 3).box().getX());
      assertThat(images.get(i).box().getMinX()).isLessThan(label.box().getCenterX());
      assertThat(images.get(i).box().getMaxX()).isGreaterThan(label.box().getCenterX());
      assertThat(images.get(i).box().getMinY()).isGreaterThan(label.y());
    }
    double row = drawn.text("stitched, relative 1").y();
    assertThat(images.get(3).box().getMinY()).isLessThan(row);
    assertThat(images.get(3).box().getMaxY()).isGreaterThan(row);
    assertThat(images.get(2).box().getMaxY()).isLessThan(images.get(3).box().getMinY());
  }

  @Test
  void screenReadersAreToldRowsAndColumns() {
    Drawn drawn = drawn(MadeUpLatents.images(2, 3));

    assertThat(drawn.only("title")).isEqualTo("What decoders make of the same inputs");
    assertThat(drawn.only("desc"))
        .isEqualTo(
            "Columns: shirt, trouser, pullover. Rows: original; stitched, relative 1: mean squared"
                + " error 0.01.");
  }

  @Test
  void withoutRowsOrColumnsThePictureSaysThatThereIsNothing() {
    assertThat(drawn(ImageGrid.titled("").build()).texts()).containsExactly("nothing to see");
    assertThat(drawn(ImageGrid.titled("").row(new Row("original", "", List.of())).build()).texts())
        .containsExactly("nothing to see");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "4, 10", "6, 3"})
  void nothingIsClippedAndNoTextCoversAnother(int rows, int columns) throws IOException {
    ImageGrid grid = MadeUpLatents.images(rows, columns);
    Drawn.keep(grid.picture().toSvg(), "images-" + rows + "-" + columns);

    assertThat(Drawn.hasWhiteEdges(grid.picture().toPng())).isTrue();
    assertThat(drawn(grid).overlaps()).isEmpty();
  }

  @Test
  void namesThatAreTooLongAreShortened() throws IOException {
    String name = "a name of a hundred characters and more ".repeat(12).strip();
    ImageGrid grid =
        ImageGrid.titled(name)
            .subtitle(name)
            .columns(List.of(name, name))
            .row(new Row(name, name, List.of(SIX, SIX)))
            .row(new Row(name, name, List.of(SIX, SIX)))
            .build();

    assertThat(Drawn.hasWhiteEdges(grid.picture().toPng())).isTrue();
    assertThat(drawn(grid).overlaps()).isEmpty();
  }

  @Test
  void allMistakesAreListed() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ImageGrid.titled("")
                    .columns(Collections.nCopies(21, ""))
                    .row(new Row("original", "", List.of(SIX)))
                    .build())
        .withMessage(
            "the grid cannot be built: columns must be at most 20, but are 21;"
                + " original must have an image for each of 21 columns, but has 1");
  }

  @Test
  void anImageHasFullRowsOfNumbers() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GreyImage.of(3, new float[] {0, 0}))
        .withMessage(
            "an image must have full rows of at least 1 pixel, but has 2 pixels in rows of 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GreyImage.of(1, new float[] {0, Float.NaN}))
        .withMessage("a brightness must be a number, but pixel 1 is not");
  }

  private static ImageGrid grid(GreyImage image) {
    return ImageGrid.titled("")
        .columns(List.of("column"))
        .row(new Row("row", "", List.of(image)))
        .build();
  }

  private static int[] levels(Image image) {
    int width = image.content().getWidth();
    return image
        .content()
        .getRaster()
        .getSamples(0, 0, width, image.content().getHeight(), 0, (int[]) null);
  }

  private static Drawn drawn(ImageGrid grid) {
    return Drawn.of(grid.picture().toSvg());
  }
}
