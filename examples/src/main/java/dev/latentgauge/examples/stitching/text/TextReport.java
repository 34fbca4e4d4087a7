package dev.latentgauge.examples.stitching.text;

import dev.latentgauge.examples.chart.Interval;
import dev.latentgauge.examples.chart.IntervalChart;
import dev.latentgauge.examples.data.Trec;
import dev.latentgauge.examples.report.Markdown;
import dev.latentgauge.examples.stitching.Estimate;
import dev.latentgauge.examples.stitching.F1;
import dev.latentgauge.examples.stitching.Numbers;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Result;
import dev.latentgauge.examples.stitching.Results;
import dev.latentgauge.examples.stitching.text.Questions.Part;
import dev.latentgauge.examples.study.task.text.SentenceEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * The tables and the figure.
 *
 * @param questions what was asked
 * @param plan how heads were trained
 * @param validation by number of anchors, what it was chosen by
 * @param test what came of it
 */
record TextReport(
    Questions questions, Trial.Plan plan, Map<Integer, Results> validation, Results test) {

  private static final String MINILM = Trial.title(SentenceEncoder.MINILM);
  private static final String E5 = Trial.title(SentenceEncoder.E5);
  private static final String ABSOLUTE = Representation.ABSOLUTE.title();
  private static final String RELATIVE = Representation.RELATIVE.title();
  private static final String CENTRED = Representation.CENTRED.title();

  private static final List<String> TITLES = Representation.titlesWithTranslations();

  /** What the paper has of some rows: own encoder, other encoder. */
  private static final Map<String, List<String>> PAPER =
      Map.of(ABSOLUTE, List.of("91.7", "21.5"), RELATIVE, List.of("88.1", "75.9 ± 5.4"));

  /** How heads do behind the other encoder, by F1 weighted by class. */
  static Estimate stitched(Map<Integer, Results> validation, int anchors) {
    return Objects.requireNonNull(validation.get(anchors))
        .of(CENTRED, Trial.WEIGHTED, Result.Kin.OTHER_KIND)
        .bySeed()
        .mean();
  }

  private Results some(String title, String measure, String encoder, String head) {
    return test.between(encoder, head)
        .where(result -> result.representation().equals(title) && result.measure().equals(measure));
  }

  private String pair(String title, String measure, String encoder, String head) {
    Results results = some(title, measure, encoder, head);
    return results.all().isEmpty() ? "" : Numbers.withReach(results.bySeed().mean(), 100);
  }

  private String kin(String title, String measure, Result.Kin kin) {
    Results results = test.of(title, measure, kin);
    return results.all().isEmpty() ? "" : Numbers.withReach(results.bySeed().mean(), 100);
  }

  /** A mean of what lies in [-1, 1]. */
  private String plain(String title, String measure, String encoder, String head) {
    return Numbers.withReach(some(title, measure, encoder, head).bySeed().mean(), 1);
  }

  private F1 guesses() {
    return F1.ofGuesses(
        questions.kinds(Part.TEST), questions.kinds(Part.TRAINING), Trec.KINDS.size());
  }

  IntervalChart chart() {
    return IntervalChart.titled("Heads behind another sentence encoder than their own")
        .subtitle(
            "%d anchors. Guesses are worth %.0f. Translations need no head of their own: they are"
                    .formatted(plan.anchors(), 100 * guesses().weighted())
                + " used with that of the absolute row.")
        .axis("weighted F1 on the test questions, × 100", 0, 100)
        .group("", TITLES)
        .emphasise(CENTRED)
        .panel(panel("MiniLM, own head", MINILM, MINILM))
        .panel(panel("MiniLM, head of E5", MINILM, E5))
        .panel(panel("E5, own head", E5, E5))
        .panel(panel("E5, head of MiniLM", E5, MINILM))
        .build();
  }

  private IntervalChart.Panel panel(String heading, String encoder, String head) {
    Map<String, Interval> intervals = new LinkedHashMap<>();
    for (String title : TITLES) {
      Results results = some(title, Trial.WEIGHTED, encoder, head);
      if (!results.all().isEmpty()) {
        intervals.put(title, results.bySeed().mean().interval(100));
      }
    }
    return new IntervalChart.Panel(heading, "", intervals, OptionalDouble.empty());
  }

  Markdown document(String provenance) {
    return new Markdown()
        .heading(1, "Heads on the embeddings of another sentence encoder")
        .paragraph(task())
        .table(
            List.of(
                "head sees",
                "own encoder",
                "paper",
                "other encoder",
                "paper",
                "macro F1, own",
                "macro F1, other"),
            TITLES.stream().map(this::row).toList())
        .paragraph(
            """
            F1, weighted by class unless it says macro, times 100, with 95 %% intervals over seeds. \
            Guesses that name classes as often as they are in training are worth %.1f, macro %.1f. \
            Translations have no head of their own."""
                .formatted(100 * guesses().weighted(), 100 * guesses().macro()))
        .picture("text.svg", "Weighted F1 of each head behind each encoder")
        .heading(2, "In each direction")
        .table(
            List.of(
                "head sees",
                "MiniLM, own head",
                "MiniLM, head of E5",
                "E5, own head",
                "E5, head of MiniLM"),
            TITLES.stream().map(this::directions).toList())
        .heading(2, "Why")
        .table(
            List.of("", ABSOLUTE, RELATIVE, CENTRED),
            List.of(
                crowding(MINILM),
                crowding(E5),
                agreement(Trial.OF_THE_SAME),
                agreement(Trial.OF_DIFFERENT)))
        .paragraph(why())
        .heading(2, "Number of anchors")
        .paragraph(selection())
        .heading(2, "What differs from the paper")
        .paragraph(differences())
        .paragraph(provenance);
  }

  private List<String> row(String title) {
    List<String> paper = PAPER.getOrDefault(title, List.of("", ""));
    return List.of(
        title,
        kin(title, Trial.WEIGHTED, Result.Kin.OWN),
        paper.get(0),
        kin(title, Trial.WEIGHTED, Result.Kin.OTHER_KIND),
        paper.get(1),
        kin(title, Trial.MACRO, Result.Kin.OWN),
        kin(title, Trial.MACRO, Result.Kin.OTHER_KIND));
  }

  private List<String> directions(String title) {
    return List.of(
        title,
        pair(title, Trial.WEIGHTED, MINILM, MINILM),
        pair(title, Trial.WEIGHTED, MINILM, E5),
        pair(title, Trial.WEIGHTED, E5, E5),
        pair(title, Trial.WEIGHTED, E5, MINILM));
  }

  private List<String> crowding(String encoder) {
    return List.of(
        Trial.CROWDING + ", " + encoder,
        plain(ABSOLUTE, Trial.CROWDING, encoder, encoder),
        plain(RELATIVE, Trial.CROWDING, encoder, encoder),
        plain(CENTRED, Trial.CROWDING, encoder, encoder));
  }

  private List<String> agreement(String measure) {
    return List.of(
        measure,
        plain(ABSOLUTE, measure, MINILM, E5),
        plain(RELATIVE, measure, MINILM, E5),
        plain(CENTRED, measure, MINILM, E5));
  }

  private String task() {
    return """
        Questions in English, and which of six kinds of answer they ask for (TREC; Li and Roth 2002), \
        as two frozen sentence encoders embed them, MiniLM-L6 and E5-small (quantised), both in %d \
        dimensions. A head learns behind the one and is used behind the other, with no further \
        training. Heads learn from %,d questions, anchors included; %,d more of those published for \
        training are for validation; what is reported are the %,d test questions. No text is in two \
        of these parts. A seed draws %,d anchors among the training questions, weights and order, so \
        that heads of different seeds see different anchors and are not mixed. A head is layer \
        normalisation, %d hidden units with tanh, dropout of %s and a linear layer; Adam with a \
        learning rate of %s, %d passes in batches of %d. Relative representations are brought to \
        mean 0 and variance 1 before it. Centred: the mean of the anchors' embeddings is taken off \
        first. Translated: what the other encoder makes of a question is taken to the space of the \
        head's own by a map that was fitted on the anchors, a rotation with scale and shift, or least \
        squares with a ridge (the one of .01, .1, 1 and 10 that, fitted on four fifths of the anchors, \
        does best on the others)."""
        .formatted(
            SentenceEncoder.DIMENSIONS,
            questions.count(Part.TRAINING),
            questions.count(Part.VALIDATION),
            questions.count(Part.TEST),
            plan.anchors(),
            Trial.WIDTH,
            Trial.DROPOUT,
            Trial.LEARNING_RATE,
            plan.epochs(),
            Trial.BATCH);
  }

  private String why() {
    return """
        Behind the other encoder, raw cosines give an F1 of %s, where the paper has 75.9 ± 5.4; \
        centred ones give %s. The paper's ± is a standard deviation, as we remember; ours is half a \
        95 %% interval over seeds, and that there are only 500 test questions adds 2.5 to 4 points.

        Agreement is the mean correlation, over anchors, of the relative representations that the \
        two encoders give one question, or two different ones; for absolute embeddings it is the \
        cosine, without their mean. To E5 any two questions are much alike, a cosine of %s; to MiniLM \
        they are not, %s. What a relative representation says of a question is a small difference \
        there, which the common part of all questions disturbs: the encoders agree to %s. Without \
        the mean of the anchors they agree to %s.

        Absolute embeddings of two encoders need have nothing in common; these agree to %s on one \
        question, and to %s on different ones. Both encoders were made from one language model, \
        MiniLM (Wang et al. 2020), as we remember, and seem to have kept some of its axes. That may \
        be why E5's heads on absolute embeddings do better on MiniLM's than guesses; MiniLM's on E5's \
        hardly do."""
        .formatted(
            kin(RELATIVE, Trial.WEIGHTED, Result.Kin.OTHER_KIND),
            kin(CENTRED, Trial.WEIGHTED, Result.Kin.OTHER_KIND),
            plain(RELATIVE, Trial.CROWDING, E5, E5),
            plain(RELATIVE, Trial.CROWDING, MINILM, MINILM),
            plain(RELATIVE, Trial.OF_THE_SAME, MINILM, E5),
            plain(CENTRED, Trial.OF_THE_SAME, MINILM, E5),
            plain(ABSOLUTE, Trial.OF_THE_SAME, MINILM, E5),
            plain(ABSOLUTE, Trial.OF_DIFFERENT, MINILM, E5));
  }

  private String selection() {
    StringBuilder text =
        new StringBuilder(
            "Chosen by weighted F1 behind the other encoder, centred, on the validation questions"
                + " with the first %d seeds:".formatted(Text.SELECTION_SEEDS));
    validation
        .keySet()
        .forEach(
            anchors ->
                text.append(
                    " %,d anchors give %s;"
                        .formatted(
                            anchors, Numbers.plain(100 * stitched(validation, anchors).mean()))));
    return text.append(" more were not tried, and the test questions had no part in it.")
        .toString();
  }

  private String differences() {
    return """
        The paper's encoders are four language models of 768 dimensions that were not trained for \
        sentences, each question represented by its first token; ours are two that were, by the mean \
        over its tokens. Its authors' notebook has 768 anchors, as many of each class as there are, \
        the same for all seeds; ours are drawn at random and anew with each seed. Its head has two \
        hidden layers as wide as its input, and normalises what is in them over the batch that is \
        asked, the whole test set; ours has one, narrower, and sees a question by itself. It trains \
        for five passes in batches of 32 with a learning rate of 1e-4. That notebook states F1 \
        weighted by class. The paper's numbers are given from memory: we could not look its table \
        up."""
        .strip();
  }
}
