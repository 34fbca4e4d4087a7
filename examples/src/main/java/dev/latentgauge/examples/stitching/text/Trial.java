package dev.latentgauge.examples.stitching.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.latentgauge.examples.data.Trec;
import dev.latentgauge.examples.stitching.Alignment;
import dev.latentgauge.examples.stitching.F1;
import dev.latentgauge.examples.stitching.MeanCosine;
import dev.latentgauge.examples.stitching.Member;
import dev.latentgauge.examples.stitching.Network;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Result;
import dev.latentgauge.examples.stitching.text.Questions.Part;
import dev.latentgauge.examples.study.task.text.SentenceEncoder;
import dev.latentgauge.projection.RelativeProjection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What comes of one seed: of its anchors, and of heads trained behind each encoder. */
final class Trial implements AutoCloseable {

  static final String MACRO = "macro F1";
  static final String WEIGHTED = "weighted F1";
  static final String OF_THE_SAME = "agreement on the same question";
  static final String OF_DIFFERENT = "agreement on different questions";
  static final String CROWDING = "cosine of different questions";

  /**
   * How heads are trained.
   *
   * @param anchors how many
   * @param epochs passes over the training questions
   */
  record Plan(int anchors, int epochs) {}

  static final int WIDTH = 128;
  static final int BATCH = 64;
  static final float LEARNING_RATE = 1e-3F;
  static final float DROPOUT = 0.1F;

  private final Questions questions;
  private final Plan plan;
  private final int seed;
  private final NDManager scratch;
  private final Map<SentenceEncoder, NDArray> anchors = new EnumMap<>(SentenceEncoder.class);

  Trial(Questions questions, Plan plan, int seed) {
    this.questions = questions;
    this.plan = plan;
    this.seed = seed;
    this.scratch = questions.scratch();
    List<Integer> rows =
        IntStream.range(0, questions.count(Part.TRAINING)).boxed().collect(Collectors.toList());
    Collections.shuffle(rows, new Random(seed));
    int[] chosen = rows.stream().limit(plan.anchors()).mapToInt(Integer::intValue).toArray();
    for (SentenceEncoder encoder : SentenceEncoder.values()) {
      NDArray training = questions.embeddings(encoder, Part.TRAINING, scratch);
      anchors.put(encoder, training.get(new NDIndex("{}", scratch.create(chosen))));
    }
  }

  /** What an encoder is called in tables. */
  static String title(SentenceEncoder encoder) {
    return switch (encoder) {
      case MINILM -> "MiniLM";
      case E5 -> "E5";
    };
  }

  private Member member(SentenceEncoder encoder) {
    return new Member(title(encoder), seed);
  }

  private NDArray anchors(SentenceEncoder encoder) {
    return Objects.requireNonNull(anchors.get(encoder));
  }

  /**
   * Trains heads behind both encoders, and tries each behind both.
   *
   * @param representation what heads see
   * @param part the questions that are asked
   * @return numbers of all that were measured
   */
  List<Result> results(Representation representation, Part part) {
    try (NDManager pass = scratch.newSubManager();
        Network miniLm = network(SentenceEncoder.MINILM, representation);
        Network e5 = network(SentenceEncoder.E5, representation)) {
      Side one = side(SentenceEncoder.MINILM, miniLm, part, pass);
      Side other = side(SentenceEncoder.E5, e5, part, pass);
      List<Result> results = new ArrayList<>();
      for (Side encoder : List.of(one, other)) {
        for (Side head : List.of(one, other)) {
          add(results, representation.title(), encoder, head, encoder.seen());
        }
      }
      stitch(results, representation, one, other);
      stitch(results, representation, other, one);
      return results;
    }
  }

  /** An encoder with the head that was trained behind it, and the questions as they see them. */
  private record Side(
      SentenceEncoder encoder, Network network, Part part, NDArray embeddings, NDArray seen) {}

  private Side side(SentenceEncoder encoder, Network network, Part part, NDManager pass) {
    NDArray embeddings = questions.embeddings(encoder, part, pass);
    return new Side(encoder, network, part, embeddings, network.project(embeddings));
  }

  private Network network(SentenceEncoder encoder, Representation representation) {
    Optimizer adam = Optimizer.adam().optLearningRateTracker(Tracker.fixed(LEARNING_RATE)).build();
    int steps = plan.epochs() * (questions.count(Part.TRAINING) / BATCH);
    Network.Recipe recipe =
        new Network.Recipe(Loss.softmaxCrossEntropyLoss(), adam, BATCH, steps, seed);
    try (NDManager pass = scratch.newSubManager()) {
      return Network.train(
          recipe,
          manager ->
              new Network.Parts(
                  Blocks.identityBlock(),
                  representation.layer(
                      RelativeProjection.builder().frozen(anchors(encoder)), manager),
                  head()),
          questions.embeddings(encoder, Part.TRAINING, pass),
          pass.create(questions.kinds(Part.TRAINING)).toType(DataType.FLOAT32, false),
          Network.Observer.NONE);
    }
  }

  private static Block head() {
    return new SequentialBlock()
        .add(LayerNorm.builder().axis(1).build())
        .add(Linear.builder().setUnits(WIDTH).build())
        .add(Activation.tanhBlock())
        .add(Dropout.builder().optRate(DROPOUT).build())
        .add(Linear.builder().setUnits(Trec.KINDS.size()).build());
  }

  private void add(List<Result> results, String title, Side encoder, Side head, NDArray seen) {
    long[] predicted = head.network().answer(seen).argMax(1).toLongArray();
    F1 f1 = F1.of(questions.kinds(head.part()), predicted, Trec.KINDS.size());
    Member from = member(encoder.encoder());
    Member to = member(head.encoder());
    results.add(new Result(title, from, to, WEIGHTED, f1.weighted()));
    results.add(new Result(title, from, to, MACRO, f1.macro()));
  }

  private void stitch(
      List<Result> results, Representation representation, Side encoder, Side head) {
    describe(results, representation, encoder, head);
    if (representation == Representation.ABSOLUTE) {
      translate(results, encoder, head);
    }
  }

  private void translate(List<Result> results, Side encoder, Side head) {
    for (Alignment alignment : Alignment.values()) {
      NDArray translated =
          alignment
              .fit(anchors(encoder.encoder()), anchors(head.encoder()))
              .of(encoder.embeddings());
      add(results, alignment.title(), encoder, head, translated);
    }
  }

  /** How alike questions are to an encoder, and what both make of one question. */
  private void describe(
      List<Result> results, Representation representation, Side encoder, Side head) {
    Member from = member(encoder.encoder());
    Member to = member(head.encoder());
    String title = representation.title();
    NDArray embeddings =
        representation == Representation.CENTRED ? centred(encoder) : encoder.embeddings();
    double crowding = MeanCosine.ofDifferent(embeddings, embeddings);
    results.add(new Result(title, from, from, CROWDING, crowding));
    // Rows of relative representations have the mean 0: their cosines are correlations.
    boolean absolute = representation == Representation.ABSOLUTE;
    NDArray one = absolute ? centred(encoder) : encoder.seen();
    NDArray other = absolute ? centred(head) : head.seen();
    results.add(new Result(title, from, to, OF_THE_SAME, MeanCosine.ofSame(one, other)));
    results.add(new Result(title, from, to, OF_DIFFERENT, MeanCosine.ofDifferent(one, other)));
  }

  private NDArray centred(Side side) {
    return side.embeddings().sub(anchors(side.encoder()).mean(new int[] {0}, true));
  }

  @Override
  public void close() {
    scratch.close();
  }
}
