package dev.latentgauge.probe;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What each layer of a pass has answered, batch after batch, or why it answers nothing. */
final class LayerOutputs {

  private final List<Layer> layers;
  private final List<NDList> kept;
  private final Map<Integer, RuntimeException> failures = new HashMap<>();

  LayerOutputs(List<Layer> layers) {
    this.layers = layers;
    this.kept = Stream.generate(NDList::new).limit(layers.size()).toList();
  }

  /** The numbers of the layers that have not failed. */
  List<Integer> open() {
    return IntStream.range(0, layers.size()).filter(i -> !failures.containsKey(i)).boxed().toList();
  }

  /**
   * Takes one more batch.
   *
   * @param pooling checks the output of a layer, and makes one row of it for each input
   * @param keeper receives the rows
   */
  Answers batch(BiFunction<Layer, NDArray, NDArray> pooling, NDManager keeper) {
    return new Answers() {
      @Override
      public void answer(int layer, NDList output) {
        try {
          NDArray rows = pooling.apply(layers.get(layer), output.head()).stopGradient();
          // A copy, since rows may be the output itself, into which a later block may write.
          NDArray copy = rows.duplicate();
          copy.attach(keeper);
          kept.get(layer).add(copy);
        } catch (RuntimeException e) {
          fail(layer, e);
        }
      }

      @Override
      public void fail(int layer, RuntimeException failure) {
        LayerOutputs.this.fail(layer, failure);
      }
    };
  }

  private void fail(int layer, RuntimeException failure) {
    if (isOutOfMemory(failure)) {
      throw failure;
    }
    failures.put(layer, failure);
    kept.get(layer).close();
    kept.get(layer).clear();
  }

  /** The engine has no type of exception for this, and no other sign than the words. */
  private static boolean isOutOfMemory(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return failure instanceof EngineException
        && Stream.of("out of memory", "allocate memory", "not enough memory")
            .anyMatch(message::contains);
  }

  /** Puts the batches together, and attaches them to a manager. */
  LayerOutputs joined(NDManager manager) {
    for (int layer : open()) {
      NDList batches = kept.get(layer);
      NDArray all = batches.size() == 1 ? batches.head() : NDArrays.concat(batches);
      all.attach(manager);
      batches.clear();
      batches.add(all);
    }
    return this;
  }

  /** Why a layer answers nothing. */
  Optional<RuntimeException> failure(int layer) {
    return Optional.ofNullable(failures.get(layer));
  }

  /**
   * What a layer answered.
   *
   * @param layer its number
   * @return one row a row of its outputs, once they are {@link #joined}
   * @throws RuntimeException what the layer failed with
   */
  NDArray rows(int layer) {
    RuntimeException failure = failures.get(layer);
    if (failure != null) {
      throw failure;
    }
    return kept.get(layer).head();
  }
}
