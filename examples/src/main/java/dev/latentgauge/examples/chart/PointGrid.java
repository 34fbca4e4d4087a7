package dev.latentgauge.examples.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * The picture of points in planes: rows of panels, in each up to thousands of dots with their
 * colour by category, such as the latent spaces of several trainings.
 *
 * <p>In a panel, the same length is the same number to the right and upwards, so that shapes and
 * angles are what they are. The dots of a category share few elements of the SVG, which therefore
 * takes about 25 bytes a dot.
 */
public final class PointGrid {

  private final String title;
  private final String subtitle;
  private final String legend;
  private final List<String> categories;
  private final List<Row> rows;

  private PointGrid(Builder builder) {
    this.title = builder.title;
    this.subtitle = builder.subtitle;
    this.legend = builder.legend;
    this.categories = builder.categories;
    this.rows = List.copyOf(builder.rows);
  }

  /**
   * A place in a plane.
   *
   * @param x to the right; finite
   * @param y upwards; finite
   * @param category one of those in the legend
   */
  public record Point(double x, double y, String category) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is not finite
     */
    public Point {
      if (!Double.isFinite(x) || !Double.isFinite(y)) {
        throw new IllegalArgumentException(
            "a point must have finite coordinates, but is at (%s, %s)".formatted(x, y));
      }
    }
  }

  /**
   * One plane.
   *
   * @param heading what it is
   * @param caption below it, in up to three lines, broken at spaces; may be blank
   * @param points of any order of categories, none of which hides the others; may be empty
   */
  public record Panel(String heading, String caption, List<Point> points) {

    /** Keeps the points. */
    public Panel {
      points = List.copyOf(points);
    }
  }

  /**
   * What the directions of the panels of a row are.
   *
   * @param x what goes to the right; may be blank
   * @param y what goes up; may be blank
   * @param shared whether all panels of the row show the same part of the plane, or each as much as
   *     its points take
   */
  public record Axes(String x, String y, boolean shared) {}

  /**
   * Panels side by side, from one to six.
   *
   * @param heading what they have in common; may be blank
   * @param caption below it, in up to two lines, broken at spaces; may be blank
   * @param axes of all of them
   * @param panels from left to right
   */
  public record Row(String heading, String caption, Axes axes, List<Panel> panels) {

    private static final int MOST_PANELS = 6;

    /**
     * Keeps the panels.
     *
     * @throws IllegalArgumentException if there are none or too many
     */
    public Row {
      panels = List.copyOf(panels);
      if (panels.isEmpty() || panels.size() > MOST_PANELS) {
        throw new IllegalArgumentException(
            "a row must have from 1 to %d panels, but has %d"
                .formatted(MOST_PANELS, panels.size()));
      }
    }
  }

  /**
   * A grid to be, with nothing in it.
   *
   * @param title above everything; may be blank
   * @return what to add categories and rows to
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
    PointFigure figure = new PointFigure(this);
    return new Picture(
        title, figure.description(), PointFigure.WIDTH, figure.height(), figure::draw);
  }

  String title() {
    return title;
  }

  String subtitle() {
    return subtitle;
  }

  /** What the categories are. */
  String legend() {
    return legend;
  }

  List<String> categories() {
    return categories;
  }

  List<Row> rows() {
    return rows;
  }

  /** Collects what the grid shows. */
  public static final class Builder {

    private final String title;
    private String subtitle = "";
    private String legend = "";
    private List<String> categories = List.of();
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
     * Names what points are told apart by. The first ten differ in colour.
     *
     * @param legend what the categories are, such as {@code Class}; may be blank
     * @param categories in the order of the legend, which decides how they look
     * @return this
     */
    public Builder categories(String legend, List<String> categories) {
      this.legend = legend;
      this.categories = List.copyOf(categories);
      return this;
    }

    /**
     * Adds a row, below those already there.
     *
     * @param row of panels
     * @return this
     */
    public Builder row(Row row) {
      rows.add(row);
      return this;
    }

    /**
     * Checks that everything fits together.
     *
     * @return the grid; without rows it says that there is nothing to see
     * @throws IllegalArgumentException if a category is there twice, or a point has one that is not
     *     there; the message lists all of it
     */
    public PointGrid build() {
      Mistakes mistakes = new Mistakes();
      mistakes.checkCategories(categories);
      rows.stream()
          .flatMap(row -> row.panels().stream())
          .forEach(
              panel ->
                  mistakes.checkCategories(
                      panel.heading(), panel.points().stream().map(Point::category), categories));
      mistakes.requireNone("grid");
      return new PointGrid(this);
    }
  }
}
