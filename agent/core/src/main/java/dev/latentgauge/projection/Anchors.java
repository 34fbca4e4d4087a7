package dev.latentgauge.projection;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;

/** Where a projection has the embeddings of its anchors from. */
sealed interface Anchors {

  /** What is saved with the model. */
  List<Parameter> parameters();

  /** k. */
  long count();

  /** Whether they move with the encoder while it learns. */
  boolean follow();

  /**
   * The embeddings for a pass.
   *
   * @param embeddings of the batch, n x d
   * @param training whether gradients are to flow through the anchors
   * @return k x d, attached to the manager of {@code embeddings}
   */
  NDArray of(NDArray embeddings, ParameterStore parameters, boolean training);

  /** The embeddings outside of any pass, in evaluation mode, attached to {@code manager}. */
  NDArray embed(ParameterStore parameters, NDManager manager);

  /** Another handle on the same numbers, so that what is computed from them dies with a pass. */
  private static NDArray view(NDArray array, NDManager manager) {
    NDArray view = array.reshape(array.getShape());
    view.attach(manager);
    return view;
  }

  private static void requireRows(String what, NDArray array) {
    if (array.getShape().dimension() == 0 || array.getShape().get(0) == 0) {
      throw new IllegalArgumentException(
          what + " must have at least one row, but have the shape " + array.getShape());
    }
  }

  /** Anchors that were embedded before. */
  record Frozen(Parameter embeddings) implements Anchors {

    Frozen(NDList array) {
      this(Constants.of("anchors", array.singletonOrThrow()));
      NDArray given = array.head();
      requireRows("the embeddings of anchors", given);
      Constants.requireMatrix("the embeddings of anchors", given);
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(embeddings);
    }

    @Override
    public long count() {
      return embeddings.getShape().get(0);
    }

    @Override
    public boolean follow() {
      return false;
    }

    @Override
    public NDArray of(NDArray batch, ParameterStore parameters, boolean training) {
      return view(parameters.getValue(embeddings, batch.getDevice(), training), batch.getManager());
    }

    @Override
    public NDArray embed(ParameterStore parameters, NDManager manager) {
      return view(parameters.getValue(embeddings, manager.getDevice(), false), manager);
    }
  }

  /** Anchors that the encoder embeds at every pass. */
  record Embedded(Block encoder, List<Parameter> parameters) implements Anchors {

    /** Rows a pass without gradients, which bounds the activations that are held. */
    private static final long ROWS = 128;

    Embedded(Block encoder, NDList inputs) {
      this(encoder, constants(inputs));
    }

    private static List<Parameter> constants(NDList inputs) {
      if (inputs.isEmpty()) {
        throw new IllegalArgumentException("anchors must have at least one array, but have none");
      }
      List<Parameter> constants = new ArrayList<>();
      long count = -1;
      for (NDArray input : inputs) {
        requireRows("anchors", input);
        long rows = input.getShape().get(0);
        if (count >= 0 && rows != count) {
          throw new IllegalArgumentException(
              "the arrays of anchors must have the same number of rows, but have %d and %d"
                  .formatted(count, rows));
        }
        count = rows;
        constants.add(Constants.of("anchors" + constants.size(), input));
      }
      return List.copyOf(constants);
    }

    @Override
    public long count() {
      return parameters.get(0).getShape().get(0);
    }

    @Override
    public boolean follow() {
      return true;
    }

    @Override
    public NDArray of(NDArray batch, ParameterStore store, boolean training) {
      NDManager manager = batch.getManager();
      return training ? embed(store, manager, 0, count(), true) : embed(store, manager);
    }

    @Override
    public NDArray embed(ParameterStore store, NDManager manager) {
      NDList embedded = new NDList();
      for (long from = 0; from < count(); from += ROWS) {
        try (NDManager pass = manager.newSubManager()) {
          long to = Math.min(from + ROWS, count());
          NDArray part = embed(store, pass, from, to, false).stopGradient();
          part.attach(manager);
          embedded.add(part);
        }
      }
      if (embedded.size() == 1) {
        return embedded.head();
      }
      NDArray all = NDArrays.concat(embedded);
      embedded.close();
      return all;
    }

    private NDArray embed(
        ParameterStore store, NDManager manager, long from, long to, boolean training) {
      NDList inputs = new NDList();
      for (Parameter parameter : parameters) {
        NDArray all = store.getValue(parameter, manager.getDevice(), false);
        // A copy, since a slice is a view, and the first block may write into it.
        inputs.add(all.get(manager, new NDIndex().addSliceDim(from, to)).duplicate());
      }
      NDList outputs = encoder.forward(store, inputs, training);
      return outputs.singletonOrThrow();
    }
  }

  /** Anchors that are among the embeddings of every pass. */
  record Chosen(Parameter rows) implements Anchors {

    Chosen(NDList array) {
      this(Constants.of("rows", array.singletonOrThrow()));
      requireRows("the rows of anchors", array.head());
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(rows);
    }

    @Override
    public long count() {
      return rows.getShape().get(0);
    }

    @Override
    public boolean follow() {
      return true;
    }

    @Override
    public NDArray of(NDArray batch, ParameterStore parameters, boolean training) {
      return batch.get(parameters.getValue(rows, batch.getDevice(), false));
    }

    @Override
    public NDArray embed(ParameterStore parameters, NDManager manager) {
      throw new IllegalStateException(
          "anchors that are rows of each input cannot be frozen: embed the input, and give the rows"
              + " of what comes out as frozen anchors");
    }
  }
}
