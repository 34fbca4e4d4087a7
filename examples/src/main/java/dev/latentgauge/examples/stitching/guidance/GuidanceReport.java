package dev.latentgauge.examples.stitching.guidance;

import dev.latentgauge.examples.chart.Interval;
import dev.latentgauge.examples.chart.IntervalChart;
import dev.latentgauge.examples.report.Markdown;
import dev.latentgauge.examples.stitching.Estimate;
import dev.latentgauge.examples.stitching.Numbers;
import dev.latentgauge.examples.stitching.Result.Kin;
import dev.latentgauge.examples.stitching.Results;
import dev.latentgauge.examples.stitching.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The section of the report on the score as an objective. */
final class GuidanceReport {

  private static final String NAME = "guidance";
  private static final String SEEDS = "behind other seeds' heads";
  private static final String OWN = "own";

  private final Results results;
  private final Settings settings;

  GuidanceReport(Results results, Settings settings) {
    this.results = results;
    this.settings = settings;
  }

  void write() throws IOException {
    results.write(settings.file(NAME + ".csv"));
    chart().picture().writeSvg(settings.file(NAME + ".svg"));
    Files.writeString(settings.file(NAME + ".md"), document());
  }

  private String document() throws IOException {
    return new Markdown()
        .heading(1, "The score as an objective")
        .paragraph(
            """
            %ss on Fashion-MNIST with heads on relative representations, %d seeds for each weight: by \
            their labels, and in the same steps by `RelativeSimilarityLoss` times the weight, towards \
            a %s that was trained by its labels alone. The objective sees the 256 anchors and 256 of \
            the test images, without labels; the score is by 256 other test images, and accuracy is \
            that on the rest, in per cent. ± is half a 95 %% interval over trainings (jackknife, \
            Student); there is one reference, and what another would give is not in it."""
                .formatted(Guidance.GUIDED, settings.seeds().size(), Guidance.GUIDING))
        .table(
            List.of(
                "weight",
                "score",
                "own accuracy",
                "behind the reference's head",
                "head behind the reference's encoder",
                "behind other seeds' heads"),
            Guidance.WEIGHTS.stream().map(this::row).toList())
        .picture(NAME + ".svg", "Accuracy against the weight of the objective")
        .paragraph(
            "Weight 0 is plain training. Guided networks see 256 images more than others, without"
                + " labels.")
        .paragraph(settings.provenance(NAME))
        .toString();
  }

  private List<String> row(double weight) {
    Map<String, Estimate> found = found(weight);
    return List.of(
        Numbers.plain(weight),
        Numbers.withReach(results.of(Guidance.title(weight), Guidance.SCORE, Kin.OWN).mean(), 1),
        text(found, OWN),
        text(found, Guidance.TO_REFERENCE),
        text(found, Guidance.FROM_REFERENCE),
        text(found, SEEDS));
  }

  private static String text(Map<String, Estimate> found, String what) {
    Estimate estimate = found.get(what);
    return estimate == null ? "–" : Numbers.withReach(estimate, 100);
  }

  private Map<String, Estimate> found(double weight) {
    String title = Guidance.title(weight);
    Map<String, Estimate> found = new LinkedHashMap<>();
    found.put(OWN, results.of(title, Guidance.ACCURACY, Kin.OWN).mean());
    for (String measure : List.of(Guidance.TO_REFERENCE, Guidance.FROM_REFERENCE)) {
      found.put(measure, results.of(title, measure, Kin.OWN).mean());
    }
    found.put(SEEDS, results.of(title, Guidance.ACCURACY, Kin.OTHER_SEED).mean());
    return found;
  }

  private IntervalChart chart() {
    IntervalChart.Builder chart =
        IntervalChart.titled("Does training towards a reference make parts exchangeable?")
            .subtitle(
                "Accuracy on the test images of Fashion-MNIST, with 95 % intervals over trainings.")
            .axis("accuracy", 0.5, 1)
            .group("", List.copyOf(found(0).keySet()));
    for (double weight : Guidance.WEIGHTS) {
      Map<String, Interval> intervals = new LinkedHashMap<>();
      found(weight).forEach((name, estimate) -> intervals.put(name, estimate.interval(1)));
      chart.panel(
          new IntervalChart.Panel(Guidance.title(weight), "", intervals, OptionalDouble.empty()));
    }
    return chart.build();
  }
}
