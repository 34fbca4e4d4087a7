package dev.latentgauge.examples.stitching.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.latentgauge.examples.data.Cora;
import dev.latentgauge.examples.stitching.Alignment;
import dev.latentgauge.examples.stitching.Representation;
import dev.latentgauge.examples.stitching.Result;
import dev.latentgauge.projection.Translation;
import java.util.ArrayList;
import java.util.List;

/** Every encoder with every head, on the papers that are tested. */
final class NodeStitching {

  /** What the numbers are. */
  static final String ACCURACY = "accuracy";

  static final String F1 = "weighted F1";

  /** The accuracy of the same answers given to other papers. */
  static final String CHANCE = "chance";

  /** How many updates a network had; of each training itself alone. */
  static final String EPOCH = "epoch";

  private final long[] tested;
  private final long[] topics;
  private final long[] anchors;

  NodeStitching(Split split) {
    tested = split.tested().keySet().stream().mapToLong(paper -> paper).toArray();
    topics = split.tested().values().stream().mapToLong(topic -> topic).toArray();
    anchors = split.anchors().stream().mapToLong(paper -> paper).toArray();
  }

  /**
   * All pairs of some trainings.
   *
   * @param representation what their heads see
   * @param trained all networks of that representation
   */
  List<Result> results(Representation representation, List<Trained> trained) {
    List<Result> results = new ArrayList<>();
    for (Trained network : trained) {
      results.add(
          new Result(
              representation.title(), network.member(), network.member(), EPOCH, network.epoch()));
    }
    for (Trained encoder : trained) {
      for (Trained head : trained) {
        try (NDManager scratch = encoder.projected().getManager().newSubManager()) {
          NDArray seen = rows(encoder.projected(), tested, scratch);
          results.addAll(judged(representation.title(), encoder, head, seen));
        }
      }
    }
    return results;
  }

  /**
   * All pairs of trainings on absolute representations, translated by what both make of the
   * anchors.
   *
   * @param trained whose heads see embeddings
   */
  List<Result> translated(List<Trained> trained) {
    List<Result> results = new ArrayList<>();
    for (Alignment alignment : Alignment.values()) {
      results.addAll(mapped(alignment, trained));
    }
    return results;
  }

  private List<Result> mapped(Alignment alignment, List<Trained> trained) {
    List<Result> results = new ArrayList<>();
    for (Trained encoder : trained) {
      for (Trained head : trained) {
        try (NDManager scratch = encoder.embeddings().getManager().newSubManager()) {
          Translation translation =
              alignment.fit(
                  rows(encoder.embeddings(), anchors, scratch),
                  rows(head.embeddings(), anchors, scratch));
          NDArray seen = translation.of(rows(encoder.embeddings(), tested, scratch));
          results.addAll(judged(alignment.title(), encoder, head, seen));
        }
      }
    }
    return results;
  }

  private List<Result> judged(String title, Trained encoder, Trained head, NDArray seen) {
    Classification answers = new Classification(head.answer(seen), topics, Cora.TOPICS);
    return List.of(
        new Result(title, encoder.member(), head.member(), ACCURACY, answers.accuracy()),
        new Result(title, encoder.member(), head.member(), F1, answers.weightedF1()),
        new Result(title, encoder.member(), head.member(), CHANCE, answers.chance()));
  }

  private static NDArray rows(NDArray array, long[] rows, NDManager manager) {
    NDArray chosen = array.get(manager.create(rows));
    chosen.attach(manager);
    return chosen;
  }
}
