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
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Anchors and probes: unlabelled inputs, chosen once and then fixed.
 *
 * <p>Anchors are the coordinates, probes are what is described in them. No input is both: an anchor
 * among the probes describes itself with a cosine of one whatever the model has learned. The inputs
 * should be ones that no run trains on. Kept in main memory, whatever device the models are on. Not
 * thread-safe.
 */
public final class ProbeSet implements AutoCloseable {

  private final NDManager manager;
  private final NDList anchors;
  private final NDList probes;
  private final String fingerprint;

  private ProbeSet(NDManager manager, NDList anchors, NDList probes) {
    this.manager = manager;
    this.anchors = anchors;
    this.probes = probes;
    this.fingerprint = Fingerprint.of(List.of(anchors, probes));
  }

  /**
   * Draws anchors and probes from a data set, without reading its labels.
   *
   * <p>The same data, numbers and seed always give the same inputs. An input that occurs more than
   * once in the data is drawn at most once. The data set's transformations are applied, so they
   * should not be random ones.
   *
   * @param dataset inputs that no run trains on
   * @param anchors k, at least 1; 128 is a good choice
   * @param probes n, at least 3; 512 is a good choice
   * @param seed the seed of the draw
   * @return the probe set, to be closed
   * @throws IllegalArgumentException if a number is too small, or the data set has fewer than k + n
   *     different inputs
   * @throws UncheckedIOException if the data set cannot be read
   */
  public static ProbeSet sample(RandomAccessDataset dataset, int anchors, int probes, long seed) {
    requireCounts(anchors, probes);
    NDManager manager = NDManager.newBaseManager(Device.cpu());
    try (NDManager scratch = manager.newSubManager()) {
      List<NDList> drawn = draw(dataset, anchors + probes, seed, scratch);
      return new ProbeSet(
          manager,
          concatenate(drawn.subList(0, anchors), manager),
          concatenate(drawn.subList(anchors, drawn.size()), manager));
    } catch (IOException e) {
      manager.close();
      throw new UncheckedIOException("the data set of the probes cannot be read", e);
    } catch (TranslateException e) {
      manager.close();
      throw new IllegalArgumentException("the data set of the probes cannot be read", e);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /**
   * Takes given inputs.
   *
   * @param anchors one array an input of the model, each with k rows; copied
   * @param probes one array an input of the model, each with n rows; copied
   * @return the probe set, to be closed
   * @throws IllegalArgumentException if k is below 1 or n below 3, if the arrays do not fit each
   *     other, or if an anchor is also a probe
   */
  public static ProbeSet of(NDList anchors, NDList probes) {
    requireFit(anchors, probes);
    requireCounts(rows(anchors), rows(probes));
    Set<String> anchorRows = new HashSet<>(Fingerprint.ofRows(anchors));
    List<String> probeRows = Fingerprint.ofRows(probes);
    for (int i = 0; i < probeRows.size(); i++) {
      if (anchorRows.contains(probeRows.get(i))) {
        throw new IllegalArgumentException(
            "anchors and probes must be different inputs, but probe " + i + " is also an anchor");
      }
    }
    NDManager manager = NDManager.newBaseManager(Device.cpu());
    return new ProbeSet(manager, copy(anchors, manager), copy(probes, manager));
  }

  private static List<NDList> draw(
      RandomAccessDataset dataset, int count, long seed, NDManager manager)
      throws IOException, TranslateException {
    List<NDList> drawn = new ArrayList<>(count);
    Set<String> seen = new HashSet<>();
    for (Batch batch : dataset.getData(manager, new OneByOne(seed))) {
      NDList input = batch.getData();
      input.attach(manager);
      if (seen.add(Fingerprint.of(List.of(input)))) {
        drawn.add(input);
      }
      batch.close();
      if (drawn.size() == count) {
        return drawn;
      }
    }
    throw new IllegalArgumentException(
        "the data set must have at least "
            + count
            + " different inputs (anchors and probes), but has "
            + drawn.size());
  }

  private static NDList concatenate(List<NDList> inputs, NDManager manager) {
    NDList all = new NDList();
    for (int i = 0; i < inputs.get(0).size(); i++) {
      NDList column = new NDList();
      for (NDList input : inputs) {
        column.add(input.get(i));
      }
      all.add(NDArrays.concat(column).toDevice(Device.cpu(), false));
    }
    all.attach(manager);
    return all;
  }

  private static NDList copy(NDList arrays, NDManager manager) {
    NDList copies = new NDList();
    for (NDArray array : arrays) {
      copies.add(array.toDevice(Device.cpu(), true));
    }
    copies.attach(manager);
    return copies;
  }

  private static void requireCounts(int anchors, int probes) {
    if (anchors < 1 || probes < 3) {
      throw new IllegalArgumentException(
          "there must be at least 1 anchor and 3 probes, but are " + anchors + " and " + probes);
    }
  }

  private static void requireFit(NDList anchors, NDList probes) {
    if (anchors.isEmpty() || anchors.size() != probes.size()) {
      throw new IllegalArgumentException(
          "anchors and probes must have the same arrays, at least one, but have "
              + anchors.size()
              + " and "
              + probes.size());
    }
    for (int i = 0; i < anchors.size(); i++) {
      NDArray anchor = anchors.get(i);
      NDArray probe = probes.get(i);
      boolean fits =
          anchor.getShape().dimension() > 0
              && probe.getShape().dimension() > 0
              && anchor.getDataType() == probe.getDataType()
              && anchor.getShape().slice(1).equals(probe.getShape().slice(1))
              && anchor.getShape().get(0) == rows(anchors)
              && probe.getShape().get(0) == rows(probes);
      if (!fits) {
        throw new IllegalArgumentException(
            "anchors and probes must be inputs of one model, but array "
                + i
                + " is "
                + anchor.getDataType()
                + anchor.getShape()
                + " of the anchors and "
                + probe.getDataType()
                + probe.getShape()
                + " of the probes");
      }
    }
  }

  private static int rows(NDList arrays) {
    NDArray head = arrays.head();
    return head.getShape().dimension() == 0 ? 0 : Math.toIntExact(head.getShape().get(0));
  }

  /**
   * The inputs that are the coordinates.
   *
   * @return one array an input of the model, each with k rows; not to be changed
   */
  public NDList anchors() {
    return anchors;
  }

  /**
   * The inputs that are described.
   *
   * @return one array an input of the model, each with n rows; not to be changed
   */
  public NDList probes() {
    return probes;
  }

  /**
   * The number of anchors.
   *
   * @return k
   */
  public int anchorCount() {
    return rows(anchors);
  }

  /**
   * The number of probes.
   *
   * @return n
   */
  public int probeCount() {
    return rows(probes);
  }

  /**
   * Tells probe sets apart by their contents.
   *
   * @return 64 hexadecimal digits, the SHA-256 of types, shapes and numbers
   */
  public String fingerprint() {
    return fingerprint;
  }

  /** Releases the inputs. */
  @Override
  public void close() {
    manager.close();
  }

  /** Yields every row of a data set once, in an order that the seed decides, one a batch. */
  private record OneByOne(long seed) implements Sampler {
    @Override
    public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
      long size = dataset.size();
      SplittableRandom random = new SplittableRandom(seed);
      PrimitiveIterator.OfLong rows =
          LongStream.generate(() -> random.nextLong(size)).distinct().limit(size).iterator();
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
