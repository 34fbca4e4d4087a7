package dev.latentgauge.examples.study.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.translate.TranslateException;
import dev.latentgauge.examples.data.Trec;
import dev.latentgauge.examples.study.task.text.EmbeddingCache;
import dev.latentgauge.examples.study.task.text.SentenceEncoder;
import dev.latentgauge.examples.study.task.text.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Questions, and the kinds of answers that they ask for.
 *
 * <p>Networks see either the embedding of a question by one of two frozen sentence encoders, or its
 * words. Half of those that see embeddings are compared with a reference that sees those of the
 * other encoder.
 */
public final class TrecTask implements Task {

  private static final int ANCHOR_POOL = 1024;
  private static final int PROBES = 512;
  private static final int WORDS_OF_A_QUESTION = 24;

  private final TrecSplit split;
  private final EmbeddingCache cache;
  private final Vocabulary vocabulary;
  private final Trainings<TrecPlan> trainings = new Trainings<>();
  private final Map<TrecPlan.Input, Classification> inputs = new EnumMap<>(TrecPlan.Input.class);

  /**
   * Prepares the task; embeddings are made when the first run needs them.
   *
   * @param data all questions
   * @param cache a folder for embeddings, made when needed
   * @param scale how much to train
   */
  public TrecTask(Trec data, Path cache, Scale scale) {
    this.split = TrecSplit.of(data, ANCHOR_POOL + PROBES);
    this.cache = new EmbeddingCache(cache);
    this.vocabulary = Vocabulary.of(TrecSplit.texts(split.train()));
    TrecPlan.all(scale, split.train().size()).forEach(plan -> trainings.add(plan.run(), plan));
  }

  @Override
  public String name() {
    return "trec";
  }

  @Override
  public String description() {
    return """
        Questions in English and which of six kinds of answer they ask for (TREC; Li and Roth 2002). \
        Questions that occur twice, or among the test questions, count once. The pool are %,d \
        training questions that no run trains on, drawn at random (seed 0); runs train on up to %,d \
        others. Accuracy is that on the %,d test questions. Two thirds of the runs are small \
        perceptrons on the embeddings of one of two frozen sentence encoders, MiniLM-L6 and \
        E5-small (quantised), half of them compared with a reference on the other encoder's; \
        the others learn vectors of words, and see their mean or convolutions over windows of them \
        (Kim 2014). They vary in width, depth, activation, batch normalisation, dropout, \
        dimensions of the monitored layer, optimiser, learning rate, amount of data (100, 400, \
        1,500, all) and label noise (0, .3, .6)."""
        .formatted(split.pool().size(), split.train().size(), split.test().size());
  }

  @Override
  public List<Run> runs() {
    return trainings.runs();
  }

  @Override
  public int anchorPool() {
    return ANCHOR_POOL;
  }

  @Override
  public int probes() {
    return PROBES;
  }

  @Override
  public List<View> views() {
    return View.ofLayers(this, "TREC");
  }

  @Override
  public void train(Run run, Recorder recorder) throws IOException, TranslateException {
    TrecPlan plan = trainings.recipe(run);
    questions(plan.input()).train(plan.recipe(vocabulary.size()), recorder);
  }

  private Classification questions(TrecPlan.Input input) throws IOException {
    Classification questions = inputs.get(input);
    if (questions == null) {
      questions = make(input);
      inputs.put(input, questions);
    }
    return questions;
  }

  private Classification make(TrecPlan.Input input) throws IOException {
    return switch (input) {
      case MINILM -> embedded(SentenceEncoder.MINILM);
      case E5 -> embedded(SentenceEncoder.E5);
      case WORDS, WINDOWS -> worded();
    };
  }

  private Classification embedded(SentenceEncoder encoder) throws IOException {
    float[][] all = cache.embeddings(encoder, TrecSplit.texts(split.all()));
    NDManager manager = NDManager.newBaseManager();
    int pool = split.train().size();
    int test = pool + split.pool().size();
    return classification(
        manager,
        rows(manager, all, 0, pool),
        rows(manager, all, pool, test),
        rows(manager, all, test, all.length));
  }

  private static NDArray rows(NDManager manager, float[][] all, int from, int to) {
    return manager.create(Arrays.copyOfRange(all, from, to));
  }

  private Classification worded() {
    NDManager manager = NDManager.newBaseManager();
    return classification(
        manager,
        words(manager, split.train()),
        words(manager, split.pool()),
        words(manager, split.test()));
  }

  private NDArray words(NDManager manager, List<Trec.Question> questions) {
    return manager.create(
        questions.stream()
            .map(question -> vocabulary.numbers(question.text(), WORDS_OF_A_QUESTION))
            .toArray(long[][]::new));
  }

  private Classification classification(
      NDManager manager, NDArray train, NDArray pool, NDArray test) {
    return new Classification(
        manager,
        train,
        TrecSplit.kinds(split.train()),
        pool,
        test,
        manager.create(TrecSplit.kinds(split.test())),
        Trec.KINDS.size());
  }

  @Override
  public void close() {
    inputs.values().forEach(Classification::close);
    inputs.clear();
  }
}
