package dev.latentgauge.examples.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * The picture of matrices of numbers: panels side by side with the same rows and columns, in which
 * each cell has a colour by its number, and the number written in it where it fits.
 *
 * <p>All panels share one scale of colours, dark for large numbers. Up to three stand side by side,
 * more go on below.
 */
public final class HeatMap {

  private final String title;
  private final String subtitle;
  private final Side rows;
  private final Side columns;
  private final Scale scale;
  private final List<Panel> panels;

  private HeatMap(Builder builder) {
    this.title = builder.title;
    this.subtitle = builder.subtitle;
    this.rows = builder.rows;
    this.columns = builder.columns;
    this.scale = builder.scale;
    this.panels = List.copyOf(builder.panels);
  }

  /** The rows or the columns: what they are, and each of them. */
  record Side(String caption, List<String> labels) {}

  /** What the numbers are, where colours start and end, and how numbers are written. */
  record Scale(String measure, double low, double high, int decimals) {}

  /**
   * One matrix.
   *
   * @param heading what it is about
   * @param caption below it, in up to three lines, broken at spaces; may be blank
   * @param values row by row; NaN where there is none
   */
  public record Panel(String heading, String caption, List<List<Double>> values) {

    /** Keeps the numbers. */
    public Panel {
      values = values.stream().map(List::copyOf).toList();
    }
  }

  /**
   * A map to be, with colours for 0 to 1 and nothing in it.
   *
   * @param title above everything; may be blank
   * @return what to add rows, columns and panels to
   */
  public static Builder titled(String title) {
    return new Builder(title);
  }

  /**
   * The map as a picture, whose description says all numbers.
   *
   * @return to be written as SVG or PNG
   */
  public Picture picture() {
    HeatFigure figure = new HeatFigure(this);
    return new Picture(
        title, figure.description(), HeatFigure.WIDTH, figure.height(), figure::draw);
  }

  String title() {
    return title;
  }

  String subtitle() {
    return subtitle;
  }

  Side rows() {
    return rows;
  }

  Side columns() {
    return columns;
  }

  Scale scale() {
    return scale;
  }

  List<Panel> panels() {
    return panels;
  }

  /** Collects what the map shows. */
  public static final class Builder {

    private static final int MOST_DECIMALS = 6;

    private final String title;
    private String subtitle = "";
    private Side rows = new Side("", List.of());
    private Side columns = new Side("", List.of());
    private Scale scale = new Scale("", 0, 1, 2);
    private final List<Panel> panels = new ArrayList<>();

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
     * Names the rows of all panels.
     *
     * @param caption what they are, such as {@code encoder}; may be blank
     * @param labels from top to bottom
     * @return this
     */
    public Builder rows(String caption, List<String> labels) {
      this.rows = new Side(caption, List.copyOf(labels));
      return this;
    }

    /**
     * Names the columns of all panels.
     *
     * @param caption what they are, such as {@code head}; may be blank
     * @param labels from left to right
     * @return this
     */
    public Builder columns(String caption, List<String> labels) {
      this.columns = new Side(caption, List.copyOf(labels));
      return this;
    }

    /**
     * Says what the numbers are.
     *
     * @param measure such as {@code accuracy, %}; may be blank
     * @param low what has the lightest colour, as has what is below; finite
     * @param high what has the darkest colour, as has what is above; finite and above {@code low}
     * @param decimals how many digits numbers have after the point, from 0 to 6
     * @return this
     */
    public Builder scale(String measure, double low, double high, int decimals) {
      this.scale = new Scale(measure, low, high, decimals);
      return this;
    }

    /**
     * Adds a panel, after those already there.
     *
     * @param panel with as many rows and columns as were named
     * @return this
     */
    public Builder panel(Panel panel) {
      panels.add(panel);
      return this;
    }

    /**
     * Checks that everything fits together.
     *
     * @return the map; without cells it says that there is nothing to see
     * @throws IllegalArgumentException if the scale has no length, numbers cannot have so many
     *     digits, or a panel has not a number for each row and column; the message lists all of it
     */
    public HeatMap build() {
      Mistakes mistakes = new Mistakes();
      mistakes.checkRange("scale", scale.low(), scale.high());
      if (scale.decimals() < 0 || scale.decimals() > MOST_DECIMALS) {
        mistakes.add(
            "decimals must be from 0 to %d, but are %d".formatted(MOST_DECIMALS, scale.decimals()));
      }
      panels.stream()
          .filter(panel -> !fits(panel))
          .map(
              panel ->
                  "%s must have %d rows of %d numbers, but has rows of %s"
                      .formatted(
                          panel.heading(),
                          rows.labels().size(),
                          columns.labels().size(),
                          panel.values().stream().map(List::size).toList()))
          .forEach(mistakes::add);
      mistakes.requireNone("map");
      return new HeatMap(this);
    }

    private boolean fits(Panel panel) {
      return panel.values().size() == rows.labels().size()
          && panel.values().stream().allMatch(row -> row.size() == columns.labels().size());
    }
  }
}
