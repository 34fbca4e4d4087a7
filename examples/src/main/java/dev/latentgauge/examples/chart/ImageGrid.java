package dev.latentgauge.examples.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * The picture of small images in rows and columns, such as what several decoders make of the same
 * inputs: a row a decoder, a column an input.
 *
 * <p>The images are parts of the SVG, as a PNG each.
 */
public final class ImageGrid {

  private final String title;
  private final String subtitle;
  private final List<String> columns;
  private final List<Row> rows;

  private ImageGrid(Builder builder) {
    this.title = builder.title;
    this.subtitle = builder.subtitle;
    this.columns = builder.columns;
    this.rows = List.copyOf(builder.rows);
  }

  /**
   * Images side by side.
   *
   * @param label what they are
   * @param caption below it, in up to three lines, broken at spaces; may be blank
   * @param images one a column
   */
  public record Row(String label, String caption, List<GreyImage> images) {

    /** Keeps the images. */
    public Row {
      images = List.copyOf(images);
    }
  }

  /**
   * A grid to be, with nothing in it.
   *
   * @param title above everything; may be blank
   * @return what to add columns and rows to
   */
  public static Builder titled(String title) {
    return new Builder(title);
  }

  /**
   * The grid as a picture.
   *
   * @return to be written as SVG or PNG
   */
  public Picture picture() {
    ImageFigure figure = new ImageFigure(this);
    return new Picture(
        title, figure.description(), ImageFigure.WIDTH, figure.height(), figure::draw);
  }

  String title() {
    return title;
  }

  String subtitle() {
    return subtitle;
  }

  List<String> columns() {
    return columns;
  }

  List<Row> rows() {
    return rows;
  }

  /** Collects what the grid shows. */
  public static final class Builder {

    private static final int MOST_COLUMNS = 20;

    private final String title;
    private String subtitle = "";
    private List<String> columns = List.of();
    private final List<Row> rows = new ArrayList<>();

    private Builder(String title) {
      this.title = title;
    }

    /**
     * Says more below the title.
     *
     * @param subtitle in up to two lines, broken at spaces
     * @return this
     */
    public Builder subtitle(String subtitle) {
      this.subtitle = subtitle;
      return this;
    }

    /**
     * Names the columns.
     *
     * @param labels from left to right, up to 20; may be blank
     * @return this
     */
    public Builder columns(List<String> labels) {
      this.columns = List.copyOf(labels);
      return this;
    }

    /**
     * Adds a row, below those already there.
     *
     * @param row of images
     * @return this
     */
    public Builder row(Row row) {
      rows.add(row);
      return this;
    }

    /**
     * Checks that everything fits together.
     *
     * @return the grid; without rows or columns it says that there is nothing to see
     * @throws IllegalArgumentException if there are too many columns, or a row has not an image for
     *     each; the message lists all of it
     */
    public ImageGrid build() {
      Mistakes mistakes = new Mistakes();
      if (columns.size() > MOST_COLUMNS) {
        mistakes.add(
            "columns must be at most %d, but are %d".formatted(MOST_COLUMNS, columns.size()));
      }
      rows.stream()
          .filter(row -> row.images().size() != columns.size())
          .map(
              row ->
                  "%s must have an image for each of %d columns, but has %d"
                      .formatted(row.label(), columns.size(), row.images().size()))
          .forEach(mistakes::add);
      mistakes.requireNone("grid");
      return new ImageGrid(this);
    }
  }
}
