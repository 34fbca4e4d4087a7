package dev.latentgauge.examples.chart;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The picture of several measures over several tasks: one panel a task, one row a measure, in each
 * a dot with its 95 % interval.
 *
 * <p>All panels share the rows and the axis, so that a row compares tasks and a panel compares
 * measures. What reaches beyond the axis ends at the panel with an arrow. Up to four panels stand
 * side by side, more go on below.
 */
public final class IntervalChart {

  private final String title;
  private final String subtitle;
  private final String label;
  private final double low;
  private final double high;
  private final List<Group> groups;
  private final String emphasised;
  private final List<Panel> panels;

  private IntervalChart(Builder builder) {
    this.title = builder.title;
    this.subtitle = builder.subtitle;
    this.label = builder.label;
    this.low = builder.low;
    this.high = builder.high;
    this.groups = List.copyOf(builder.groups);
    this.emphasised = builder.emphasised;
    this.panels = List.copyOf(builder.panels);
  }

  /**
   * Measures that belong together.
   *
   * @param heading what they have in common; blank for none
   * @param measures their names, from top to bottom
   */
  record Group(String heading, List<String> measures) {}

  /**
   * What was found on one task.
   *
   * @param task its name
   * @param caption below the name, such as the number of runs, in up to three lines, broken at
   *     spaces; may be blank
   * @param intervals by measure; one that is missing is shown as not available
   * @param ceiling what no measure can be expected to exceed, where known
   */
  public record Panel(
      String task, String caption, Map<String, Interval> intervals, OptionalDouble ceiling) {

    /**
     * Keeps the intervals.
     *
     * @throws IllegalArgumentException if the ceiling is not finite
     */
    public Panel {
      intervals = Map.copyOf(intervals);
      if (ceiling.isPresent() && !Double.isFinite(ceiling.getAsDouble())) {
        throw new IllegalArgumentException(
            "the ceiling of " + task + " must be finite, but is " + ceiling.getAsDouble());
      }
    }
  }

  /**
   * A chart to be, with an axis from -1 to 1 and nothing in it.
   *
   * @param title above everything; may be blank
   * @return what to add groups of measures and panels to
   */
  public static Builder titled(String title) {
    return new Builder(title);
  }

  /**
   * The chart as a picture, whose description says all numbers.
   *
   * @return to be written as SVG or PNG
   */
  public Picture picture() {
    IntervalFigure figure = new IntervalFigure(this);
    return new Picture(
        title, figure.description(), IntervalFigure.WIDTH, figure.height(), figure::draw);
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

  double low() {
    return low;
  }

  double high() {
    return high;
  }

  List<Group> groups() {
    return groups;
  }

  /** The measure that stands out; empty for none. */
  String emphasised() {
    return emphasised;
  }

  List<Panel> panels() {
    return panels;
  }

  /** Collects what the chart shows. */
  public static final class Builder {

    private final String title;
    private String subtitle = "";
    private String label = "";
    private double low = -1;
    private double high = 1;
    private final List<Group> groups = new ArrayList<>();
    private String emphasised = "";
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
     * Sets the axis that all panels share.
     *
     * @param label what its numbers are, such as {@code Pearson correlation}
     * @param low where it starts; finite
     * @param high where it ends; finite and above {@code low}
     * @return this
     */
    public Builder axis(String label, double low, double high) {
      this.label = label;
      this.low = low;
      this.high = high;
      return this;
    }

    /**
     * Adds rows, below those already there and a little apart from them.
     *
     * @param heading what the measures have in common; blank for none
     * @param measures their names, from top to bottom, each of them only once in the chart
     * @return this
     */
    public Builder group(String heading, List<String> measures) {
      groups.add(new Group(heading, List.copyOf(measures)));
      return this;
    }

    /**
     * Makes the row of one measure stand out by colour and weight.
     *
     * @param measure its name
     * @return this
     */
    public Builder emphasise(String measure) {
      this.emphasised = measure;
      return this;
    }

    /**
     * Adds a panel, after those already there.
     *
     * @param panel what was found on one task
     * @return this
     */
    public Builder panel(Panel panel) {
      panels.add(panel);
      return this;
    }

    /**
     * Checks that everything fits together.
     *
     * @return the chart; without measures or panels it says that there is nothing to see
     * @throws IllegalArgumentException if the axis has no length, a measure is there twice, or a
     *     panel or the emphasis names a measure that is not there; the message lists all of it
     */
    public IntervalChart build() {
      Mistakes mistakes = new Mistakes();
      mistakes.checkRange("axis", low, high);
      checkMeasures(mistakes);
      mistakes.requireNone("chart");
      return new IntervalChart(this);
    }

    private void checkMeasures(Mistakes mistakes) {
      Set<String> measures = new HashSet<>();
      groups.stream()
          .flatMap(group -> group.measures().stream())
          .filter(measure -> !measures.add(measure))
          .map(measure -> "each measure must be there once, but there are two of " + measure)
          .forEach(mistakes::add);
      if (!emphasised.isEmpty() && !measures.contains(emphasised)) {
        mistakes.add("the measure to emphasise must be in a group, but is " + emphasised);
      }
      for (Panel panel : panels) {
        panel.intervals().keySet().stream()
            .filter(measure -> !measures.contains(measure))
            .sorted()
            .map(
                measure ->
                    "the measures of %s must be in a group, but one is %s"
                        .formatted(panel.task(), measure))
            .forEach(mistakes::add);
      }
    }
  }
}
