package dev.latentgauge.examples.study.report;

import dev.latentgauge.examples.report.Markdown;
import dev.latentgauge.examples.study.measure.Measure;
import dev.latentgauge.examples.study.statistics.Bootstrap;
import dev.latentgauge.examples.study.statistics.Coefficient;
import dev.latentgauge.examples.study.statistics.Difference;
import dev.latentgauge.examples.study.statistics.Estimate;
import dev.latentgauge.examples.study.statistics.Statistic;
import dev.latentgauge.examples.study.statistics.Statistic.Across;
import dev.latentgauge.examples.study.statistics.Statistic.Regret;
import dev.latentgauge.examples.study.statistics.Statistic.Within;
import dev.latentgauge.examples.study.statistics.Subset;
import dev.latentgauge.examples.study.statistics.Summary;
import dev.latentgauge.examples.study.statistics.Trend;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Writes what the tables of the study say. */
public final class Report {

  static final Statistic PEARSON = new Across(Coefficient.PEARSON, Subset.ALL);
  static final Statistic SPEARMAN = new Across(Coefficient.SPEARMAN, Subset.ALL);
  static final Statistic PEARSON_HALF = new Across(Coefficient.PEARSON, Subset.ABOVE_HALF_OF_BEST);
  static final Statistic SPEARMAN_HALF =
      new Across(Coefficient.SPEARMAN, Subset.ABOVE_HALF_OF_BEST);
  static final Statistic PEARSON_THIRD = new Across(Coefficient.PEARSON, Subset.BEST_THIRD);
  static final Statistic SPEARMAN_THIRD = new Across(Coefficient.SPEARMAN, Subset.BEST_THIRD);
  static final Statistic WITHIN = new Within(Trend.KEPT, Summary.MEAN);
  static final Statistic WITHIN_LEAST = new Within(Trend.KEPT, Summary.MINIMUM);
  static final Statistic DETRENDED = new Within(Trend.REMOVED, Summary.MEAN);
  static final Statistic DETRENDED_LEAST = new Within(Trend.REMOVED, Summary.MINIMUM);
  static final Statistic REGRET = new Regret(Summary.MEAN);
  static final Statistic REGRET_TAIL = new Regret(Summary.PERCENTILE_90);

  private static final List<Measure> SUMMARISED =
      List.of(
          Measure.DEFAULT,
          Measure.RAW_COSINE,
          Measure.LINEAR_CKA,
          Measure.EFFECTIVE_RANK,
          Measure.AGREEMENT,
          Measure.TRAINING_LOSS);

  /** What a difference is stated of; regret last, where lower is better. */
  private static final List<Statistic> COMPARED =
      List.of(PEARSON, SPEARMAN, PEARSON_HALF, SPEARMAN_THIRD, WITHIN, DETRENDED, REGRET);

  private static final List<String> COMPARED_TITLES =
      List.of(
          "Pearson",
          "Spearman",
          "Pearson, above half",
          "Spearman, best third",
          "within runs",
          "within, detrended",
          "regret, points");

  private final List<Finding> findings;
  private final Provenance provenance;

  private Report(List<Finding> findings, Provenance provenance) {
    this.findings = findings;
    this.provenance = provenance;
  }

  /**
   * Analyses the tables.
   *
   * @param sections in the order in which they are shown
   * @param provenance what made them
   * @return the report
   */
  public static Report of(List<Section> sections, Provenance provenance) {
    Bootstrap bootstrap = Bootstrap.seeded(provenance.seed());
    return new Report(
        sections.stream().map(section -> Finding.of(section, bootstrap)).toList(), provenance);
  }

  /**
   * Writes the report and its figures.
   *
   * @param folder where {@code report.md} and the figures go
   * @throws IOException if they cannot be written
   */
  public void writeTo(Path folder) throws IOException {
    Figures figures = new Figures(findings);
    figures.correlations().picture().writeSvg(folder.resolve("correlations.svg"));
    figures.bestThird().picture().writeSvg(folder.resolve("best-third.svg"));
    figures.scatter().picture().writeSvg(folder.resolve("scatter.svg"));
    Files.writeString(folder.resolve("report.md"), text(), StandardCharsets.UTF_8);
  }

  private String text() {
    Markdown text = new Markdown();
    text.heading(1, "Does the score follow accuracy?");
    text.paragraph(
        ("Made on %s by `%s`, from the tables beside it. Intervals are percentiles of 2,000"
                + " resamples of the runs (95 %%, seed %d). This file is generated; what follows"
                + " from it is in `examples/study/README.md`.")
            .formatted(provenance.date(), provenance.command(), provenance.seed()));
    text.heading(2, "Summary");
    text.paragraph(
        "Pearson's correlation of each measure with accuracy over runs at their last step, for all"
            + " runs of a table. \"Ceiling\" is what a perfect measure could be expected to reach"
            + " with the accuracy of a finite test set. \"n=\" tells the number"
            + " of runs in which a measure is defined, where that is not all: a layer whose units have"
            + " died has no score.");
    text.table(
        concat(summaryHeader(), Stream.of("ceiling")),
        findings.stream()
            .map(
                finding ->
                    concat(
                        summary(finding, PEARSON),
                        Stream.of(
                            Numbers.value(
                                finding.analysis().ceiling().map(ceiling -> ceiling.pearson())))))
            .toList());
    text.picture("correlations.svg", "Pearson's correlation with accuracy over runs, by measure");
    text.paragraph(
        "The same by Spearman's correlation among the best third of the runs of each table, which"
            + " is where a measure has to choose among good ones.");
    text.table(
        summaryHeader(),
        findings.stream().map(finding -> summary(finding, SPEARMAN_THIRD)).toList());
    text.picture("best-third.svg", "Spearman's correlation among the best third of the runs");
    text.picture("scatter.svg", "Score and accuracy of every run at its last step");
    verdicts(text);
    for (Finding finding : findings) {
      details(text, finding);
    }
    return text.toString();
  }

  private static List<String> summaryHeader() {
    return concat(List.of("table", "runs"), SUMMARISED.stream().map(Measure::title));
  }

  private static List<String> summary(Finding finding, Statistic statistic) {
    return concat(
        List.of(finding.title(), Integer.toString(finding.runs(statistic))),
        SUMMARISED.stream().map(measure -> finding.cell(measure.name(), statistic)));
  }

  /** Where the default is clearly better or worse than what people would take instead. */
  private void verdicts(Markdown text) {
    text.heading(2, "The default against each alternative");
    text.paragraph(
        "In how many of the %d tables the default is clearly better / not told apart / clearly worse."
                .formatted(findings.size())
            + " Clearly: the interval of the paired difference, over the same resamples of the"
            + " runs, leaves out 0. Numbers that a measure has not are not counted. Tables of one"
            + " task share runs or data, so that these counts are not of independent trials.");
    List<List<String>> rows = new ArrayList<>();
    for (Measure other : Measure.all()) {
      if (!other.equals(Measure.DEFAULT)) {
        rows.add(concat(List.of(other.title()), COMPARED.stream().map(s -> verdict(other, s))));
      }
    }
    text.table(concat(List.of("the default is, against"), COMPARED_TITLES.stream()), rows);
  }

  private String verdict(Measure other, Statistic statistic) {
    int better = 0;
    int worse = 0;
    int open = 0;
    for (Finding finding : findings) {
      Optional<Estimate> difference =
          finding.overDefault(other.name(), statistic).map(Difference::estimate);
      if (difference.isPresent()) {
        boolean isHigher = difference.get().value() > 0;
        boolean isBetter = isHigher != (statistic instanceof Regret);
        if (!difference.get().isClear()) {
          open++;
        } else if (isBetter) {
          better++;
        } else {
          worse++;
        }
      }
    }
    return "%d / %d / %d".formatted(better, open, worse);
  }

  private void details(Markdown text, Finding finding) {
    text.heading(2, finding.title());
    text.paragraph(finding.section().description());
    text.paragraph(
        "%d runs, last accuracy from %s; %d of them above half of the best, %d in the best third. Ceiling within runs %s, detrended %s. n=: of how many runs, if not of all."
            .formatted(
                finding.analysis().runs(Subset.ALL),
                finding.accuracies(),
                finding.analysis().runs(Subset.ABOVE_HALF_OF_BEST),
                finding.analysis().runs(Subset.BEST_THIRD),
                Numbers.value(finding.analysis().ceiling(Trend.KEPT).map(c -> c.pearson())),
                Numbers.value(finding.analysis().ceiling(Trend.REMOVED).map(c -> c.pearson()))));
    text.table(
        List.of(
            "measure",
            "Pearson",
            "Spearman",
            "above half: Pearson",
            "Spearman",
            "best third: Pearson",
            "Spearman",
            "within runs: mean",
            "least",
            "detrended: mean",
            "least",
            "regret: mean, points",
            "90 % below"),
        finding.analysis().measures().stream().map(name -> detail(finding, name)).toList());
    text.paragraph("The default less each alternative, over the same runs:");
    text.table(
        concat(List.of("less"), COMPARED_TITLES.stream()),
        finding.analysis().measures().stream()
            .filter(name -> !name.equals(Measure.DEFAULT.name()))
            .map(name -> differences(finding, name))
            .toList());
    new Ablations(finding).addTo(text);
    new Coverage(finding, provenance.seed()).addTo(text);
  }

  private static List<String> detail(Finding finding, String name) {
    String title = title(name);
    return List.of(
        name.equals(Measure.DEFAULT.name()) ? "**" + title + "**" : title,
        finding.cell(name, PEARSON),
        finding.cell(name, SPEARMAN),
        finding.cell(name, PEARSON_HALF),
        finding.cell(name, SPEARMAN_HALF),
        finding.cell(name, PEARSON_THIRD),
        finding.cell(name, SPEARMAN_THIRD),
        finding.cell(name, WITHIN),
        Numbers.value(finding.estimate(name, WITHIN_LEAST)),
        finding.cell(name, DETRENDED),
        Numbers.value(finding.estimate(name, DETRENDED_LEAST)),
        Numbers.points(finding.estimate(name, REGRET)),
        Numbers.points(finding.estimate(name, REGRET_TAIL)));
  }

  private static List<String> differences(Finding finding, String name) {
    return concat(
        List.of(title(name)),
        COMPARED.stream()
            .map(
                statistic ->
                    Numbers.difference(
                        finding.overDefault(name, statistic),
                        statistic instanceof Regret ? 100 : 1)));
  }

  private static String title(String name) {
    return Measure.all().stream()
        .filter(measure -> measure.name().equals(name))
        .findFirst()
        .map(Measure::title)
        .orElse("step counter");
  }

  private static List<String> concat(List<String> first, Stream<String> others) {
    return Stream.concat(first.stream(), others).toList();
  }
}
