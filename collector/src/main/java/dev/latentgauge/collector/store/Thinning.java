package dev.latentgauge.collector.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Chooses some observations of a series so that a curve drawn of them looks like that of all.
 *
 * <p>The series is cut into chunks of equally many observations, and of each chunk three are kept:
 * the first of those with the lowest score, the first of those with the highest, and the first that
 * has no score. So no spike is lost, however short, and a gap is seen where there is one; an
 * average would hide both, and a sample would lose most. The first and the last of the series are
 * kept too. Where a chunk is narrower than a pixel, what is drawn is the same but for the ends of
 * the chunks, which [1] keeps as well; that costs points which [2] found to be better spent on more
 * chunks.
 *
 * <p>How long the series is, is known only at its end, and there is room for {@code 4 * points}
 * chunks alone. So chunks begin with one observation each; whenever there are too many, neighbours
 * are merged, and chunks have twice as many from then on. What is kept of merged chunks is what
 * would have been kept had they been one from the start. At the end, as many neighbours are taken
 * together as is just enough: chunks are then of the smallest multiple of their size at which what
 * is kept is at most {@code points}. With at most {@code points} observations, that is one each,
 * and all are kept. Four points are one too few for a series with all five kinds in one chunk:
 * there the one without a score gives way.
 *
 * <p>Takes O(points) memory and, for n observations, O(n + points) time. Not thread-safe.
 *
 * <p>[1] Jugel, Jerzak, Hackenbroich, Markl: M4, A Visualization-Oriented Time Series Data
 * Aggregation. PVLDB 7(10), 2014. [2] Van Der Donckt, Van Der Donckt, Rademaker, Van Hoecke:
 * MinMaxLTTB, Leveraging MinMax-Preselection to Scale LTTB. IEEE VIS, 2023.
 */
final class Thinning {

  /** The fewest points that can be asked for. */
  static final int FEWEST = 4;

  private final List<Chunk> chunks = new ArrayList<>();
  private int points;
  private long chunkSize = 1;
  private long count;
  private Optional<Point> first = Optional.empty();
  private Optional<Point> last = Optional.empty();

  /**
   * A series without observations.
   *
   * @param points the most to keep, at least {@link #FEWEST}
   */
  Thinning(int points) {
    this.points = checked(points);
  }

  private static int checked(int points) {
    if (points < FEWEST) {
      throw new IllegalArgumentException(
          "points must be at least " + FEWEST + ", but is " + points);
    }
    return points;
  }

  /**
   * An observation.
   *
   * @param index how many of its series were before it
   * @param score empty if it is undefined
   * @param bytes how large it is as a document
   */
  record Point(long index, int attempt, long step, OptionalDouble score, int bytes) {}

  /** What is kept of some observations in a row. */
  private record Chunk(Optional<Point> lowest, Optional<Point> highest, Optional<Point> undefined) {

    static Chunk of(Point point) {
      Optional<Point> it = Optional.of(point);
      return point.score().isPresent()
          ? new Chunk(it, it, Optional.empty())
          : new Chunk(Optional.empty(), Optional.empty(), it);
    }

    /** Both as one; the other comes later. */
    Chunk and(Chunk later) {
      return new Chunk(
          better(lowest, later.lowest, -1),
          better(highest, later.highest, 1),
          undefined.isPresent() ? undefined : later.undefined);
    }

    private static Optional<Point> better(
        Optional<Point> before, Optional<Point> after, int direction) {
      boolean isBetter =
          before.isEmpty()
              || (after.isPresent()
                  && direction * Double.compare(score(after.get()), score(before.get())) > 0);
      return isBetter ? after : before;
    }

    private static double score(Point point) {
      return point.score().orElseThrow();
    }

    Stream<Point> kept() {
      return Stream.of(lowest, highest, undefined).flatMap(Optional::stream);
    }

    Chunk defined() {
      return new Chunk(lowest, highest, Optional.empty());
    }
  }

  /** Adds the next observation, in the order of attempt and step. */
  void add(int attempt, long step, OptionalDouble score, int bytes) {
    Point point = new Point(count, attempt, step, score, bytes);
    Chunk chunk = Chunk.of(point);
    if (count % chunkSize > 0) {
      chunks.set(chunks.size() - 1, chunks.get(chunks.size() - 1).and(chunk));
    } else {
      if (chunks.size() == room()) {
        mergePairs();
      }
      chunks.add(chunk);
    }
    first = first.isPresent() ? first : Optional.of(point);
    last = Optional.of(point);
    count++;
  }

  /**
   * Keeps fewer from now on: what would be kept had it been so from the start.
   *
   * @param fewer the most to keep, at least {@link #FEWEST} and at most as many as before
   */
  void keepAtMost(int fewer) {
    points = Math.min(points, checked(fewer));
    while (chunks.size() > room()) {
      mergePairs();
    }
  }

  private int room() {
    return 4 * points;
  }

  private void mergePairs() {
    List<Chunk> merged = merged(2);
    chunks.clear();
    chunks.addAll(merged);
    chunkSize *= 2;
  }

  /** Each so many neighbours as one; the last may be of fewer. */
  private List<Chunk> merged(int neighbours) {
    List<Chunk> merged = new ArrayList<>();
    for (int from = 0; from < chunks.size(); from += neighbours) {
      int to = Math.min(from + neighbours, chunks.size());
      merged.add(chunks.subList(from, to).stream().reduce(Chunk::and).orElseThrow());
    }
    return merged;
  }

  /** What is kept, in the order in which it came; at most {@code points}. */
  List<Point> kept() {
    for (int neighbours = 1; neighbours <= chunks.size(); neighbours++) {
      List<Point> kept = kept(merged(neighbours));
      if (kept.size() <= points) {
        return kept;
      }
    }
    return kept(merged(Math.max(chunks.size(), 1)).stream().map(Chunk::defined).toList());
  }

  /** How large the documents of what is kept are together. */
  long bytes() {
    return kept().stream().mapToLong(Point::bytes).sum();
  }

  private List<Point> kept(List<Chunk> some) {
    Stream<Point> ends = Stream.of(first, last).flatMap(Optional::stream);
    return Stream.concat(ends, some.stream().flatMap(Chunk::kept))
        .distinct()
        .sorted(Comparator.comparingLong(Point::index))
        .toList();
  }
}
