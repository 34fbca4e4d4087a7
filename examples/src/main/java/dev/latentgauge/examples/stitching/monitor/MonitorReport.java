package dev.latentgauge.examples.stitching.monitor;

import dev.latentgauge.examples.chart.ScatterGrid;
import dev.latentgauge.examples.report.Markdown;
import dev.latentgauge.examples.stitching.Estimate;
import dev.latentgauge.examples.stitching.Numbers;
import dev.latentgauge.examples.stitching.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The section of the report on what the score predicts. */
final class MonitorReport {

  private static final String NAME = "monitor";

  /** As many dots as a picture can take. */
  private static final int MOST_DOTS = 600;

  private static final Map<String, ToDoubleFunction<Pair>> MEASURES = measures();

  private final List<Pair> pairs;
  private final int lastStep;
  private final Settings settings;

  MonitorReport(List<Pair> pairs, Settings settings) {
    this.pairs = pairs;
    this.lastStep = pairs.stream().mapToInt(Pair::headStep).max().orElseThrow();
    this.settings = settings;
  }

  private static Map<String, ToDoubleFunction<Pair>> measures() {
    Map<String, ToDoubleFunction<Pair>> measures = new LinkedHashMap<>();
    measures.put("score", Pair::score);
    measures.put("raw cosine", Pair::cosine);
    measures.put("control: the worse own accuracy", p -> Math.min(p.encoderOwn(), p.headOwn()));
    measures.put("control: the earlier step", p -> Math.min(p.encoderStep(), p.headStep()));
    return measures;
  }

  void write() throws IOException {
    Files.writeString(settings.file(NAME + ".csv"), table());
    scatter().picture().writeSvg(settings.file(NAME + ".svg"));
    Files.writeString(settings.file(NAME + ".md"), document());
  }

  private String document() throws IOException {
    return new Markdown()
        .heading(1, "Does the monitor predict stitchability?")
        .paragraph(
            """
            Classifiers of Fashion-MNIST on relative representations, three architectures and %d \
            seeds, kept at five steps of their training: every encoder with every head of another \
            training, at all steps of both. The score (default profile; 256 anchors, 512 of the test \
            images as probes) and the paper's raw cosine are without labels. What they are held \
            against is the accuracy of the stitched pair on 4,000 other test images, and what is \
            lost against the worse of the two own accuracies. Spearman's correlation over pairs; ± is \
            half a 95 %% interval over trainings, not pairs (jackknife, Student). A score that is \
            undefined would count as 0."""
                .formatted(settings.seeds().size()))
        .heading(2, "With the accuracy of the stitched pair")
        .table(header(), rows(Pair::stitched, false))
        .heading(2, "With what is lost by stitching")
        .paragraph("Negative is good: the higher the score, the less is lost.")
        .table(header(), rows(Pair::lost, false))
        .heading(2, "With what is lost, given both own accuracies")
        .paragraph(
            "What the two own accuracies say was taken off the ranks of both sides first: what is left"
                + " is what nobody would know who had labels for each network by itself.")
        .table(header(), rows(Pair::lost, true))
        .picture(NAME + ".svg", "Accuracy of stitched pairs against score and raw cosine")
        .paragraph(settings.provenance(NAME))
        .toString();
  }

  /** Which pairs a column is about. */
  private Map<String, Predicate<Pair>> selections() {
    Predicate<Pair> atEnd = p -> p.encoderStep() == lastStep && p.headStep() == lastStep;
    Map<String, Predicate<Pair>> selections = new LinkedHashMap<>();
    selections.put("all steps", p -> true);
    selections.put("both at the same step", p -> p.encoderStep() == p.headStep());
    selections.put("both at the end", atEnd);
    selections.put("at the end, one architecture", atEnd.and(Pair::isOfOneArchitecture));
    return selections;
  }

  private List<String> header() {
    List<String> header = new ArrayList<>(List.of("measure"));
    selections()
        .forEach(
            (name, which) ->
                header.add("%s (%,d)".formatted(name, pairs.stream().filter(which).count())));
    return header;
  }

  private List<List<String>> rows(ToDoubleFunction<Pair> outcome, boolean isGivenOwn) {
    List<List<String>> rows = new ArrayList<>();
    MEASURES.forEach(
        (name, measure) -> {
          if (isGivenOwn && name.contains("accuracy")) {
            return;
          }
          List<String> row = new ArrayList<>(List.of(name));
          for (Predicate<Pair> which : selections().values()) {
            List<Pair> some = pairs.stream().filter(which).toList();
            row.add(
                text(
                    isGivenOwn
                        ? Association.givenOwn(some, measure, outcome)
                        : Association.plain(some, measure, outcome)));
          }
          rows.add(row);
        });
    return rows;
  }

  private static String text(Estimate estimate) {
    return Double.isNaN(estimate.mean()) ? "–" : Numbers.withReach(estimate, 1);
  }

  private ScatterGrid scatter() {
    List<String> steps =
        pairs.stream().map(Pair::headStep).collect(Collectors.toCollection(TreeSet::new)).stream()
            .map(step -> "step %,d".formatted(step))
            .toList();
    ScatterGrid.Builder grid =
        ScatterGrid.titled("Does the score say how well two trainings fit together?")
            .subtitle(
                "A dot is the encoder of one training with the head of another, both at the same step:"
                    + " Fashion-MNIST, three architectures, some of the pairs.")
            .axes("between the two trainings", "accuracy of the stitched pair")
            .columns(2)
            .categories("", steps);
    List<Pair> sameStep =
        pairs.stream().filter(pair -> pair.encoderStep() == pair.headStep()).toList();
    int every = Math.max(1, sameStep.size() / MOST_DOTS);
    for (String measure : List.of("score", "raw cosine")) {
      List<ScatterGrid.Dot> dots = new ArrayList<>();
      for (int i = 0; i < sameStep.size(); i += every) {
        Pair pair = sameStep.get(i);
        dots.add(
            new ScatterGrid.Dot(
                (measure.equals("score") ? pair.score() : pair.cosine()),
                pair.stitched(),
                "step %,d".formatted(pair.headStep())));
      }
      grid.panel(new ScatterGrid.Panel(measure, "", dots));
    }
    return grid.build();
  }

  private String table() {
    StringBuilder table =
        new StringBuilder(
            "encoder,encoder_seed,encoder_step,head,head_seed,head_step,score,cosine,encoder_own,head_own,stitched\n");
    for (Pair pair : pairs) {
      table.append(
          String.format(
              Locale.ROOT,
              "%s,%d,%d,%s,%d,%d,%.4f,%.4f,%.4f,%.4f,%.4f%n",
              pair.encoder().kind(),
              pair.encoder().seed(),
              pair.encoderStep(),
              pair.head().kind(),
              pair.head().seed(),
              pair.headStep(),
              pair.score(),
              pair.cosine(),
              pair.encoderOwn(),
              pair.headOwn(),
              pair.stitched()));
    }
    return table.toString();
  }
}
