package dev.latentgauge.examples.stitching.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.latentgauge.examples.data.Trec;
import dev.latentgauge.examples.study.task.TrecSplit;
import dev.latentgauge.examples.study.task.text.EmbeddingCache;
import dev.latentgauge.examples.study.task.text.SentenceEncoder;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Questions as two encoders embed them, in three parts that have no text in common. */
final class Questions implements AutoCloseable {

  /** What questions are for. */
  enum Part {
    /** Heads learn from them; anchors are among them. */
    TRAINING,
    /** The number of anchors is chosen by them; drawn from those published for training. */
    VALIDATION,
    /** As published. */
    TEST
  }

  private final NDManager manager = NDManager.newBaseManager();
  private final Map<Part, List<Trec.Question>> parts = new EnumMap<>(Part.class);
  private final Map<Key, NDArray> embeddings = new HashMap<>();

  /** What is embedded, and by what. */
  private record Key(SentenceEncoder encoder, Part part) {}

  /**
   * Embeds all questions, or finds them embedded.
   *
   * @param data all questions
   * @param validation how many of the training questions are for validation
   * @param cache where embeddings are kept
   * @throws IOException if an encoder cannot be used, or the cache cannot be written to
   */
  Questions(Trec data, int validation, EmbeddingCache cache) throws IOException {
    TrecSplit split = TrecSplit.of(data, validation);
    parts.put(Part.TRAINING, split.train());
    parts.put(Part.VALIDATION, split.pool());
    parts.put(Part.TEST, split.test());
    for (SentenceEncoder encoder : SentenceEncoder.values()) {
      NDArray all = manager.create(cache.embeddings(encoder, TrecSplit.texts(split.all())));
      int from = 0;
      for (Map.Entry<Part, List<Trec.Question>> part : parts.entrySet()) {
        int to = from + part.getValue().size();
        NDArray rows = all.get(new NDIndex("{}:{}", from, to)).duplicate();
        embeddings.put(new Key(encoder, part.getKey()), rows);
        from = to;
      }
    }
  }

  /** How many questions a part has. */
  int count(Part part) {
    return kinds(part).length;
  }

  /** Which kinds of answer the questions of a part ask for. */
  long[] kinds(Part part) {
    return TrecSplit.kinds(Objects.requireNonNull(parts.get(part)));
  }

  /** The n x d embeddings of a part, as a copy that is attached to a manager. */
  NDArray embeddings(SentenceEncoder encoder, Part part, NDManager scratch) {
    NDArray copy = Objects.requireNonNull(embeddings.get(new Key(encoder, part))).duplicate();
    copy.attach(scratch);
    return copy;
  }

  /** A manager that is closed with this, at the latest. */
  NDManager scratch() {
    return manager.newSubManager();
  }

  @Override
  public void close() {
    manager.close();
  }
}
