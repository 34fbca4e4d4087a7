package dev.latentgauge.examples.chart;

import dev.latentgauge.examples.chart.Canvas.Align;
import dev.latentgauge.examples.chart.ImageGrid.Row;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where everything is in an {@link ImageGrid}, in pixels of the picture at its own size. */
final class ImageFigure {

  static final int WIDTH = 1040;

  private static final int BORDER = 24;
  private static final double LONGEST_NAME = 200;
  private static final double BESIDE_NAMES = 14;
  private static final int GAP = 6;
  private static final int LARGEST = 96;
  private static final int EMPTY = 120;
  private static final int MOST_CAPTION_LINES = 3;

  private final ImageGrid grid;
  private final Title title;
  private final double names;
  private final int side;
  private final int left;
  private final int top;

  ImageFigure(ImageGrid grid) {
    this.grid = grid;
    this.title = new Title(grid.title(), grid.subtitle(), WIDTH - 2 * BORDER);
    this.names =
        Math.min(
            LONGEST_NAME,
            grid.rows().stream()
                .mapToDouble(
                    row ->
                        Math.max(
                            Canvas.width(row.label(), Canvas.BOLD),
                            Canvas.width(row.caption(), Canvas.TEXT)))
                .max()
                .orElse(0));
    this.left = (int) Math.ceil(BORDER + names + BESIDE_NAMES);
    int columns = Math.max(1, grid.columns().size());
    this.side = Math.min(LARGEST, (WIDTH - BORDER - left - (columns - 1) * GAP) / columns);
    boolean named = grid.columns().stream().anyMatch(label -> !label.isBlank());
    this.top = (int) Math.ceil(BORDER + title.height() + (named ? Canvas.LINE + 4 : 0));
  }

  int height() {
    return isEmpty() ? top + EMPTY + BORDER : rowTop(grid.rows().size()) - GAP + BORDER;
  }

  void draw(Canvas canvas) {
    canvas.background(WIDTH, height());
    title.draw(canvas, BORDER, BORDER);
    if (isEmpty()) {
      canvas.notice("nothing to see", WIDTH / 2.0, top + EMPTY / 2.0);
      return;
    }
    for (int column = 0; column < grid.columns().size(); column++) {
      String label = Canvas.shortened(grid.columns().get(column), Canvas.TEXT, side);
      double middle = leftOf(column) + side / 2.0;
      canvas.text(label, middle, top - 7, Align.MIDDLE, Canvas.TEXT, Canvas.INK);
    }
    for (int row = 0; row < grid.rows().size(); row++) {
      drawRow(canvas, row);
    }
  }

  /** What is written beside and above the images. */
  String description() {
    String columns =
        grid.columns().stream().filter(label -> !label.isBlank()).collect(Collectors.joining(", "));
    String rows =
        grid.rows().stream()
            .map(row -> row.caption().isBlank() ? row.label() : row.label() + ": " + row.caption())
            .collect(Collectors.joining("; "));
    return Stream.of(
            columns.isEmpty() ? "" : "Columns: " + columns, rows.isEmpty() ? "" : "Rows: " + rows)
        .filter(sentence -> !sentence.isEmpty())
        .map(sentence -> sentence + ".")
        .collect(Collectors.joining(" "));
  }

  private void drawRow(Canvas canvas, int index) {
    Row row = grid.rows().get(index);
    List<String> caption =
        Canvas.lines(
            row.caption(), Canvas.TEXT, names, Math.min(MOST_CAPTION_LINES, captionLines()));
    double y = rowTop(index) + side / 2.0 - caption.size() * Canvas.LINE / 2;
    String label = Canvas.shortened(row.label(), Canvas.BOLD, names);
    canvas.textBeside(label, BORDER, y, Align.START, Canvas.BOLD, Canvas.INK);
    for (String line : caption) {
      y += Canvas.LINE;
      canvas.textBeside(line, BORDER, y, Align.START, Canvas.TEXT, Canvas.MUTED);
    }
    for (int column = 0; column < row.images().size(); column++) {
      canvas.image(row.images().get(column), leftOf(column), rowTop(index), side);
    }
  }

  /** As many as fit beside an image, below the label. */
  private int captionLines() {
    return Math.max(1, (int) (side / Canvas.LINE) - 1);
  }

  private int leftOf(int column) {
    return left + column * (side + GAP);
  }

  private int rowTop(int row) {
    return top + row * (Math.max(side, (int) (2 * Canvas.LINE)) + GAP);
  }

  private boolean isEmpty() {
    return grid.rows().isEmpty() || grid.columns().isEmpty();
  }
}
