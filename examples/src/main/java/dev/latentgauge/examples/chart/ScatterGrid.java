package dev.latentgauge.examples.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * The picture of how a measure goes together with accuracy: one panel a task, one small dot a run,
 * with colour and shape by category.
 *
 * <p>Each panel has axes of its own, which reach as far as its dots. The dots let each other shine
 * through, so that hundreds in a panel stay legible.
 */
public final class ScatterGrid {

  private final String title;
  private final String subtitle;
  private final String label;
  private final String accuracyLabel;
  private final int columns;
  private final String legend;
  private final List<String> categories;
  private final List<Panel> panels;

  private ScatterGrid(Builder builder) {
    this.title = builder.title;
    this.subtitle = builder.subtitle;
    this.label = builder.label;
    this.accuracyLabel = builder.accuracyLabel;
    this.columns = builder.columns;
    this.legend = builder.legend;
    this.categories = builder.categories;
    this.panels = List.copyOf(builder.panels);
  }

  /**
   * One run.
   *
   * @param value of the measure; finite
   * @param accuracy the share of right answers, in [0, 1]
   * @param category one of those in the legend
   */
  public record Dot(double value, double accuracy, String category) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if a number is not finite or out of its range
     */
    public Dot {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("the value must be finite, but is " + value);
      }
      if (!(accuracy >= 0 && accuracy <= 1)) {
        throw new IllegalArgumentException("the accuracy must be in [0, 1], but is " + accuracy);
      }
    }
  }

  /**
   * The runs of one task.
   *
   * @param heading the name of the task
   * @param caption below it, in up to three lines, broken at spaces; may be blank
   * @param dots in the order in which they are drawn, the last on top; may be empty
   */
  public record Panel(String heading, String caption, List<Dot> dots) {

    /** Keeps the dots. */
    public Panel {
      dots = List.copyOf(dots);
    }
  }

  /**
   * A grid to be, four panels wide and with nothing in it.
   *
   * @param title above everything; may be blank
   * @return what to add categories and panels to
   */
  public static Builder titled(String title) {
    return new Builder(title);
  }

  /**
   * The chart as a picture.
   *
   * @return to be written as SVG or PNG
   */
  public Picture picture() {
    ScatterFigure figure = new ScatterFigure(this);
    return new Picture(
        title, figure.description(), ScatterFigure.WIDTH, figure.height(), figure::draw);
  }

  String title() {
    return title;
  }

  String subtitle() {
    return subtitle;
  }

  String label() {
    return label;
  }

  String accuracyLabel() {
    return accuracyLabel;
  }

  int columns() {
    return columns;
  }

  /** What the categories are. */
  String legend() {
    return legend;
  }

  List<String> categories() {
    return categories;
  }

  List<Panel> panels() {
    return panels;
  }

  /** Collects what the grid shows. */
  public static final class Builder {

    private static final int MOST_COLUMNS = 6;

    private final String title;
    private String subtitle = "";
    private String label = "";
    private String accuracyLabel = "";
    private int columns = 4;
    private String legend = "";
    private List<String> categories = List.of();
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
     * Names the axes of all panels.
     *
     * @param measure what goes to the right
     * @param accuracy what goes up, in per cent
     * @return this
     */
    public Builder axes(String measure, String accuracy) {
      this.label = measure;
      this.accuracyLabel = accuracy;
      return this;
    }

    /**
     * Sets how many panels stand side by side, 4 unless told otherwise.
     *
     * @param columns from 1 to 6
     * @return this
     */
    public Builder columns(int columns) {
      this.columns = columns;
      return this;
    }

    /**
     * Names what dots are told apart by. The first six differ in both colour and shape.
     *
     * @param legend what the categories are, such as {@code Label noise}; may be blank
     * @param categories in the order of the legend, which decides how they look
     * @return this
     */
    public Builder categories(String legend, List<String> categories) {
      this.legend = legend;
      this.categories = List.copyOf(categories);
      return this;
    }

    /**
     * Adds a panel, after those already there.
     *
     * @param panel the runs of one task
     * @return this
     */
    public Builder panel(Panel panel) {
      panels.add(panel);
      return this;
    }

    /**
     * Checks that everything fits together.
     *
     * @return the grid; without panels it says that there is nothing to see
     * @throws IllegalArgumentException if there are too few or too many columns, a category is
     *     there twice, or a dot has one that is not there; the message lists all of it
     */
    public ScatterGrid build() {
      Mistakes mistakes = new Mistakes();
      if (columns < 1 || columns > MOST_COLUMNS) {
        mistakes.add("columns must be from 1 to %d, but is %d".formatted(MOST_COLUMNS, columns));
      }
      mistakes.checkCategories(categories);
      for (Panel panel : panels) {
        mistakes.checkCategories(
            panel.heading(), panel.dots().stream().map(Dot::category), categories);
      }
      mistakes.requireNone("grid");
      return new ScatterGrid(this);
    }
  }
}
