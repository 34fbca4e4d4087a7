package dev.latentgauge.collector.store;

import dev.latentgauge.collector.run.Series;
import dev.latentgauge.collector.run.SeriesState;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.relative.Score;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * A few observations of each series of many runs, in SQL that both databases speak.
 *
 * <p>The steps of a series, from its first to its newest, are cut into cells of the same width, and
 * of each cell the first observation is looked up by the key of the table. So what takes time is
 * how many points there are, and not how many observations, as long as the series of a run have
 * about the same steps. Where they have not, a look-up passes over what other series have before it
 * in the cell, and over the whole cell if the series has nothing there. That is bounded for each
 * run, and shared by its series: a series of few observations among very many others then has fewer
 * points, and if it begins after very many of others, its first point may be one that is later.
 *
 * <p>A run with so few observations that all may be points is read as it lies there; then a series
 * keeps all, evenly spaced or not, unless they are too many.
 */
final class TrendRows {

  private static final int AT_ONCE = 100;

  /**
   * How many observations of a run are passed over to find where its series begin, and again to
   * find what their cells hold; some 200 ms.
   */
  private static final int MOST_PASSED = 1_000_000;

  /**
   * Series that are wanted: their numbers, where they are, and their steps from the first to the
   * last. Inside of a query, for what begins with {@code with} is searched by the driver of SQLite
   * for an {@code insert}, by a pattern that takes longer than the query.
   */
  private static final String WANTED =
      "select * from (with wanted (n, run, attempt, layer, reference, low, high) as (values <rows>)";

  private static final String ROW =
      "(cast(? as integer), cast(? as bigint), cast(? as integer), cast(? as text),"
          + " cast(? as text), cast(? as bigint), cast(? as bigint))";

  private static final String OF_ATTEMPT =
      " from observation where run_id = run and observation.attempt = wanted.attempt";

  private static final String OF_SERIES =
      " where near.layer = wanted.layer and near.reference = wanted.reference";

  private final Handle handle;
  private final String score;
  private final int cells;

  /**
   * Looks for points.
   *
   * @param score the SQL of the score in a document
   * @param points the most of one series, at least 2
   */
  TrendRows(Handle handle, String score, int points) {
    this.handle = handle;
    this.score = score;
    this.cells = points - 1;
  }

  /**
   * A series of which points are wanted.
   *
   * @param passed how many observations may be passed over for it
   * @param found the points that were found; the newest is known
   */
  private record Wanted(
      long run, Observation newest, int passed, NavigableMap<Long, OptionalDouble> found) {
    static Wanted of(long run, SeriesState state, int passed) {
      Observation newest = state.latest();
      NavigableMap<Long, OptionalDouble> found = new TreeMap<>();
      found.put(
          newest.key().step(),
          newest.outcome() instanceof Score score
              ? OptionalDouble.of(score.value())
              : OptionalDouble.empty());
      return new Wanted(run, newest, passed, found);
    }

    Place place() {
      return new Place(run, newest.key().attempt(), Series.of(newest.key()));
    }

    long last() {
      return newest.key().step();
    }

    Trend trend() {
      return new Trend(Series.of(newest.key()), newest.key().attempt(), found);
    }
  }

  private record Place(long run, int attempt, Series series) {}

  /** The trends of runs, in the same order. */
  List<RunTrends> find(List<StoredRun> runs) {
    Map<Long, List<Wanted>> wanted =
        runs.stream().collect(Collectors.toMap(StoredRun::id, TrendRows::wanted));
    List<Wanted> ofFew = new ArrayList<>();
    List<Wanted> ofMany = new ArrayList<>();
    for (StoredRun run : runs) {
      List<Wanted> series = wanted.getOrDefault(run.id(), List.of());
      boolean isFew = run.run().observations() <= (cells + 1L) * series.size();
      (isFew ? ofFew : ofMany).addAll(series);
    }
    Batches.parts(ofFew, AT_ONCE).forEach(this::read);
    ofMany.stream()
        .collect(Collectors.groupingBy(Wanted::passed))
        .forEach(
            (passed, alike) -> Batches.parts(alike, AT_ONCE).forEach(some -> lookUp(some, passed)));
    return runs.stream()
        .map(
            run ->
                new RunTrends(
                    run.run().name(),
                    wanted.getOrDefault(run.id(), List.of()).stream().map(Wanted::trend).toList()))
        .toList();
  }

  private static List<Wanted> wanted(StoredRun run) {
    Collection<SeriesState> series = run.run().series().values();
    return series.stream()
        .map(state -> Wanted.of(run.id(), state, MOST_PASSED / series.size()))
        .toList();
  }

  /** Reads all observations of the attempts of some series. */
  private void read(List<Wanted> some) {
    Map<Place, Wanted> places =
        some.stream().collect(Collectors.toMap(Wanted::place, Function.identity()));
    Set<List<Long>> attempts = new LinkedHashSet<>();
    places.keySet().forEach(place -> attempts.add(List.of(place.run(), (long) place.attempt())));
    Query query =
        handle.createQuery(
            "select run_id, attempt, layer, reference, step, "
                + score
                + " from observation where (run_id, attempt) in (values "
                + String.join(
                    ", ",
                    Collections.nCopies(attempts.size(), "(cast(? as bigint), cast(? as integer))"))
                + ")");
    int parameter = 0;
    for (List<Long> attempt : attempts) {
      query.bind(parameter++, attempt.get(0)).bind(parameter++, attempt.get(1));
    }
    query.scanResultSet((rows, context) -> take(rows, places));
    places.values().forEach(this::thin);
  }

  private static int take(Supplier<ResultSet> rows, Map<Place, Wanted> places) throws SQLException {
    int taken = 0;
    for (ResultSet row = rows.get(); row.next(); ) {
      Series series = new Series(row.getString(3), row.getString(4));
      Wanted wanted = places.get(new Place(row.getLong(1), row.getInt(2), series));
      if (wanted != null) {
        wanted.found.put(row.getLong(5), score(row, 6));
        taken++;
      }
    }
    return taken;
  }

  private static OptionalDouble score(ResultSet row, int column) throws SQLException {
    double score = row.getDouble(column);
    return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(score);
  }

  /** Does with what was read as {@link #lookUp} would have done. */
  private void thin(Wanted wanted) {
    if (wanted.found.size() <= cells + 1) {
      return;
    }
    NavigableMap<Long, OptionalDouble> all = new TreeMap<>(wanted.found);
    long width = wanted.last() - wanted.found.firstKey();
    for (int cell = 0; cell < cells; cell++) {
      long from = all.firstKey() + cell * width / cells;
      long to = all.firstKey() + (cell + 1) * width / cells;
      all.subMap(from, true, to, false).keySet().stream().skip(1).forEach(wanted.found::remove);
    }
  }

  private void lookUp(List<Wanted> some, int passed) {
    lookUpCells(some, lookUpFirst(some, passed), Math.max(1, passed / cells));
  }

  /** The SQL of the first step of a series among some of its attempt. */
  private static String first(String condition, int most) {
    return "(select step from " + near(condition, most) + OF_SERIES + " order by step limit 1)";
  }

  private static String near(String condition, int most) {
    return "(select step, layer, reference"
        + OF_ATTEMPT
        + condition
        + " order by step limit "
        + most
        + ") as near";
  }

  /** Looks up where some series begin, or else up to where they do not. */
  private long[] lookUpFirst(List<Wanted> some, int passed) {
    long[] first = new long[some.size()];
    String condition = " and step <= high";
    scan(
        some,
        first,
        "select n, coalesce("
            + first(condition, passed)
            + ", (select max(step) from "
            + near(condition, passed)
            + ")) from wanted",
        row -> first[row.getInt(1)] = row.getLong(2));
    return first;
  }

  /** Looks up the first observation of each cell of some series. */
  private void lookUpCells(List<Wanted> some, long[] first, int passed) {
    String condition =
        (" and step >= low + i * (high - low) / " + cells)
            + (" and step < low + (i + 1) * (high - low) / " + cells);
    scan(
        some,
        first,
        ", grid (i) as (values "
            + IntStream.range(0, cells)
                .mapToObj(cell -> "(" + cell + ")")
                .collect(Collectors.joining(", "))
            + "), found as (select n, run, attempt, layer, reference, "
            + first(condition, passed)
            + " as step from wanted cross join grid) select n, observation.step, "
            + score
            + " from found cross join observation where run_id = run"
            + " and observation.attempt = found.attempt and observation.step = found.step"
            + " and observation.layer = found.layer and observation.reference = found.reference",
        row -> some.get(row.getInt(1)).found.put(row.getLong(2), score(row, 3)));
  }

  private interface Reader {
    void take(ResultSet row) throws SQLException;
  }

  /** Asks for something of some series, which are numbered, from some steps on. */
  private void scan(List<Wanted> some, long[] from, String sql, Reader reader) {
    Query query =
        handle.createQuery(
            WANTED.replace("<rows>", String.join(", ", Collections.nCopies(some.size(), ROW)))
                + " "
                + sql
                + ") as answer");
    int parameter = 0;
    for (int n = 0; n < some.size(); n++) {
      Wanted wanted = some.get(n);
      query
          .bind(parameter++, n)
          .bind(parameter++, wanted.run)
          .bind(parameter++, wanted.newest.key().attempt())
          .bind(parameter++, wanted.newest.key().layer())
          .bind(parameter++, wanted.newest.key().reference())
          .bind(parameter++, from[n])
          .bind(parameter++, wanted.last());
    }
    query.scanResultSet(
        (rows, context) -> {
          int count = 0;
          for (ResultSet row = rows.get(); row.next(); count++) {
            reader.take(row);
          }
          return count;
        });
  }
}
