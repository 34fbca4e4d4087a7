package dev.latentgauge.probe;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Set;

/**
 * Different inputs of a data set, in the order of a draw.
 *
 * @param inputs of each the arrays of one row
 */
record DistinctInputs(List<NDList> inputs) {

  /**
   * Reads no more than a draw needs, and no labels.
   *
   * @param scratch receives the arrays
   * @throws IllegalArgumentException if the data set has too few different inputs, or inputs that
   *     do not fit each other
   * @throws UncheckedIOException if the data set cannot be read
   */
  static DistinctInputs read(RandomAccessDataset dataset, ProbeDraw draw, NDManager scratch) {
    try {
      DistinctInputs distinct = new DistinctInputs(drawn(dataset, draw, scratch));
      distinct.requireAtLeast(draw.least());
      return distinct;
    } catch (IOException e) {
      throw new UncheckedIOException("the data set of the probes cannot be read", e);
    } catch (TranslateException e) {
      throw new IllegalArgumentException("the data set of the probes cannot be read", e);
    }
  }

  private static List<NDList> drawn(RandomAccessDataset dataset, ProbeDraw draw, NDManager scratch)
      throws IOException, TranslateException {
    List<NDList> drawn = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Batch batch : dataset.getData(scratch, new OneByOne(draw))) {
      NDList input = batch.getData();
      input.attach(scratch);
      if (seen.add(Fingerprint.of(List.of(input)))) {
        requireKind(drawn.isEmpty() ? input : drawn.get(0), input);
        drawn.add(input);
      }
      batch.close();
      if (drawn.size() == draw.most()) {
        return drawn;
      }
    }
    return drawn;
  }

  /**
   * Checks that there are enough.
   *
   * @throws IllegalArgumentException if not
   */
  void requireAtLeast(int least) {
    if (inputs.size() < least) {
      throw new IllegalArgumentException(
          "the data set must have at least "
              + least
              + " different inputs (anchors and probes), but has "
              + inputs.size());
    }
  }

  /**
   * Checks that inputs can be put together.
   *
   * @throws IllegalArgumentException if not
   */
  static void requireKind(NDList first, NDList input) {
    if (input.isEmpty() || !kind(first).equals(kind(input))) {
      throw new IllegalArgumentException(
          "all inputs of the data set must have the same arrays, at least one, of the same types and"
              + " shapes, but one has "
              + kind(first)
              + " and another "
              + kind(input));
    }
  }

  private static List<String> kind(NDList input) {
    return input.stream().map(array -> array.getDataType().toString() + array.getShape()).toList();
  }

  /** How many there are. */
  int count() {
    return inputs.size();
  }

  /**
   * Some of the inputs together.
   *
   * @param positions which, in the order of the draw
   * @param manager receives them
   * @return one array an input of the model, in main memory
   */
  NDList at(int[] positions, NDManager manager) {
    NDList all = new NDList();
    for (int i = 0; i < inputs.get(0).size(); i++) {
      NDList column = new NDList();
      for (int position : positions) {
        column.add(inputs.get(position).get(i));
      }
      NDArray rows = NDArrays.concat(column);
      NDArray inMemory = rows.toDevice(Device.cpu(), false);
      inMemory.attach(manager);
      all.add(inMemory);
    }
    return all;
  }

  /** Embeds some of the inputs, see {@link ProbeDraw.Embedding}. */
  NDArray embed(int[] positions, ForwardPass pass) {
    NDList loaded = new NDList();
    for (NDArray input : at(positions, pass.target())) {
      loaded.add(input.toDevice(pass.target().getDevice(), false));
    }
    loaded.attach(pass.target());
    return pass.inBatches(loaded).rows(0);
  }

  /** Yields every row of a data set once, in the order of the draw, one a batch. */
  private record OneByOne(ProbeDraw draw) implements Sampler {
    @Override
    public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
      PrimitiveIterator.OfLong rows = draw.order(dataset.size()).iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return rows.hasNext();
        }

        @Override
        public List<Long> next() {
          return List.of(rows.nextLong());
        }
      };
    }

    @Override
    public int getBatchSize() {
      return 1;
    }
  }
}
