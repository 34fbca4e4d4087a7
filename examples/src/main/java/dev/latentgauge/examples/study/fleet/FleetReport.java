package dev.latentgauge.examples.study.fleet;

import dev.latentgauge.examples.report.Markdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says in tables how far consensus follows accuracy. */
public final class FleetReport {

  /** Its name beside the study's report. */
  public static final String FILE = "fleets.md";

  private static final List<String> HEAD =
      List.of(
          "",
          "Pearson: consensus",
          "score",
          "Spearman: consensus",
          "score",
          "lost: consensus",
          "score",
          "by chance");

  private final Markdown document;

  /**
   * A report with nothing in it yet.
   *
   * @param command what makes it
   */
  public FleetReport(String command) {
    document =
        new Markdown()
            .heading(1, "Runs without a reference")
            .paragraph(
                """
                The consensus of a run is its score against the mean profile of the other runs of its
                fleet, and needs no reference. Here 200 fleets were drawn from the runs of each task of
                the study, at their last step, and compared under the default profile. Beside it is the
                score of the same runs against the study's reference. Correlations with accuracy are
                means over the fleets; "lost" is by how many points of accuracy the run with the
                highest consensus, or score, is below the best of its fleet, on average. Made by `%s`.
                """
                    .formatted(command));
  }

  /**
   * Draws fleets of every kind for which there are enough runs, and adds what was found.
   *
   * @param title of the task and how it is looked at
   * @param runs to draw from
   */
  public void add(String title, List<Member> runs) {
    List<List<String>> rows = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      if (runs.size() >= kind.fewest()) {
        rows.add(row(Fleets.of(runs, kind)));
      }
    }
    document.heading(2, title + ", " + runs.size() + " runs");
    if (rows.isEmpty()) {
      document.paragraph("Too few to draw fleets from.");
    } else {
      document.table(HEAD, rows);
    }
  }

  private static List<String> row(Fleets fleets) {
    return List.of(
        fleets.kind().title(),
        number(fleets.consensus().pearson()),
        number(fleets.score().pearson()),
        number(fleets.consensus().spearman()),
        number(fleets.score().spearman()),
        points(fleets.consensus().lost()),
        points(fleets.score().lost()),
        points(fleets.byChance()));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String points(double share) {
    return String.format(Locale.ROOT, "%.1f", 100 * share);
  }

  /**
   * Writes it.
   *
   * @param folder where the report goes
   * @throws IOException if it cannot be written
   */
  public void writeTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(FILE), document.toString());
  }
}
