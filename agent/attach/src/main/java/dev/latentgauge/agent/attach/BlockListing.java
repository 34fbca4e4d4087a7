package dev.latentgauge.agent.attach;

import ai.djl.Model;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The layers of a model, one a line: the path that names it, what it is, its parameters. */
final class BlockListing {

  private record Row(String path, String type, long parameters) {}

  private BlockListing() {}

  static List<String> of(Model model) {
    List<Row> rows = new ArrayList<>();
    collect(model.getBlock(), "", rows);
    int width = rows.stream().mapToInt(row -> row.path().length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    lines.add(
        "model "
            + model.getName()
            + ", a "
            + type(model.getBlock())
            + (rows.isEmpty() ? ", has no layers inside" : ", has these layers:"));
    for (Row row : rows) {
      String padded = row.path() + " ".repeat(width - row.path().length());
      lines.add(
          String.format(
              Locale.ROOT, "  %s  %s, %,d parameters", padded, row.type(), row.parameters()));
    }
    return lines;
  }

  private static void collect(Block block, String prefix, List<Row> rows) {
    for (Pair<String, Block> child : block.getChildren()) {
      String path = prefix + child.getKey();
      rows.add(new Row(path, type(child.getValue()), parameters(child.getValue())));
      collect(child.getValue(), path + ".", rows);
    }
  }

  private static String type(Block block) {
    String name = block.getClass().getSimpleName();
    return name.isEmpty() ? block.getClass().getName() : name;
  }

  private static long parameters(Block block) {
    return block.getParameters().values().stream()
        .filter(Parameter::isInitialized)
        .mapToLong(parameter -> parameter.getArray().size())
        .sum();
  }
}
