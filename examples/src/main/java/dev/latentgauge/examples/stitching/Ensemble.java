package dev.latentgauge.examples.stitching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;

/** Networks of several trainings, and every head of theirs behind every encoder. */
public final class Ensemble implements AutoCloseable {

  private final Map<Member, Network> networks = new LinkedHashMap<>();

  /** Networks are added one by one. */
  public Ensemble() {}

  /**
   * Takes a network over.
   *
   * @param member which training it is from
   * @param network closed with this
   */
  public void add(Member member, Network network) {
    networks.put(member, network);
  }

  /**
   * A network.
   *
   * @param member one that was added
   * @return what was added
   */
  public Network network(Member member) {
    Network network = networks.get(member);
    if (network == null) {
      throw new IllegalArgumentException(
          "a network must be one of " + networks.keySet() + ", but is " + member);
    }
    return network;
  }

  /**
   * Looks at all networks, in the order in which they were added.
   *
   * @param action what is done with each
   */
  public void forEach(BiConsumer<Member, Network> action) {
    networks.forEach(action);
  }

  /**
   * Puts every head behind every encoder, and if heads see the embeddings themselves, also with
   * each {@link Alignment} in between.
   *
   * @param representation what the heads see
   * @param measure what the numbers are, for the results
   * @param anchors inputs whose embeddings translations are found from
   * @param inputs of the encoders
   * @param quality of what a head answers
   * @return a result for each encoder and head, and of the alignments for each two trainings
   */
  public List<Result> judge(
      Representation representation,
      String measure,
      NDArray anchors,
      NDArray inputs,
      ToDoubleFunction<NDArray> quality) {
    List<Result> results =
        new ArrayList<>(stitch(representation.title(), measure, inputs, quality));
    if (representation == Representation.ABSOLUTE) {
      for (Alignment alignment : Alignment.values()) {
        results.addAll(translate(alignment, measure, anchors, inputs, quality));
      }
    }
    return results;
  }

  /**
   * Puts every head behind every encoder.
   *
   * @param title what the trainings have in common, for the results
   * @param measure what the numbers are, for the results
   * @param inputs of the encoders
   * @param quality of what a head answers
   * @return a result for each encoder and head
   */
  public List<Result> stitch(
      String title, String measure, NDArray inputs, ToDoubleFunction<NDArray> quality) {
    List<Result> results = new ArrayList<>();
    networks.forEach(
        (encoder, from) -> {
          try (NDManager scratch = inputs.getManager().newSubManager()) {
            NDArray projected = from.project(from.embed(view(inputs, scratch)));
            networks.forEach(
                (head, to) -> {
                  double value = quality(to, projected, quality);
                  results.add(new Result(title, encoder, head, measure, value));
                });
          }
        });
    return results;
  }

  private static double quality(
      Network network, NDArray projected, ToDoubleFunction<NDArray> quality) {
    try (NDManager pass = projected.getManager().newSubManager()) {
      return quality.applyAsDouble(network.answer(view(projected, pass)));
    }
  }

  private List<Result> translate(
      Alignment alignment,
      String measure,
      NDArray anchors,
      NDArray inputs,
      ToDoubleFunction<NDArray> quality) {
    List<Result> results = new ArrayList<>();
    try (NDManager known = inputs.getManager().newSubManager()) {
      Map<Member, NDArray> parallel = new LinkedHashMap<>();
      networks.forEach(
          (member, network) -> parallel.put(member, network.embed(view(anchors, known))));
      parallel.forEach(
          (encoder, from) -> {
            try (NDManager scratch = known.newSubManager()) {
              NDArray embedded = network(encoder).embed(view(inputs, scratch));
              parallel.forEach(
                  (head, to) -> {
                    if (!head.equals(encoder)) {
                      NDArray translated = alignment.fit(from, to).of(embedded);
                      double value = quality(network(head), translated, quality);
                      results.add(new Result(alignment.title(), encoder, head, measure, value));
                    }
                  });
            }
          });
    }
    return results;
  }

  /**
   * Another handle on the same numbers, so that what is computed from them dies with a manager.
   *
   * @param array stays as it is
   * @param manager what the handle is attached to
   * @return the handle
   */
  public static NDArray view(NDArray array, NDManager manager) {
    NDArray view = array.reshape(array.getShape());
    view.attach(manager);
    return view;
  }

  @Override
  public void close() {
    networks.values().forEach(Network::close);
  }
}
