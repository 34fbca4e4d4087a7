package dev.latentgauge.collector.store;

import dev.latentgauge.observation.Observation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * Some observations of each series of a run, in SQL that both databases speak. All are looked at,
 * but only keys, scores and sizes of them, row by row.
 *
 * <p>What is chosen is bounded by its size too, as observations with many evaluators are ten times
 * as large as others. How large it is, is known only once it is chosen, since a spike may be larger
 * than its neighbours; if it is too large, there are fewer points of each series.
 */
final class ThinnedRows {

  /** The most observations of a run, unless it has more than 2,500 series. */
  private static final int TOGETHER = 10_000;

  /** The most bytes of the documents of them, unless four of each series have more. */
  private static final long MOST_BYTES = 8 << 20;

  private static final int COMMA = 1;

  private final Handle handle;
  private final long run;
  private final ObservationFilter filter;
  private final Map<String, Map<String, Thinning>> series = new HashMap<>();

  private ThinnedRows(Handle handle, long run, ObservationFilter filter) {
    this.handle = handle;
    this.run = run;
    this.filter = filter;
  }

  /**
   * Finds them, in the order of {@link ObservationQuery#ORDER}.
   *
   * @param score the SQL of the score in a document
   * @param points the most of one series
   */
  static List<Observation> find(
      Handle handle, long run, ObservationFilter filter, String score, int points) {
    return new ThinnedRows(handle, run, filter).find(score, points);
  }

  private List<Observation> find(String score, int points) {
    int fair = Math.max(Thinning.FEWEST, Math.min(points, TOGETHER / Math.max(1, countSeries())));
    ObservationRows.bind(
            handle.createQuery(
                "select attempt, step, layer, reference, "
                    + score
                    + ", octet_length(document) from observation"
                    + ObservationRows.where(filter)
                    + " order by attempt, step, layer, reference"),
            run,
            filter)
        .scanResultSet((rows, context) -> thin(rows, fair));
    lighten(fair);
    return ObservationRows.find(handle, run, kept());
  }

  private int countSeries() {
    ObservationFilter ofSeries = ObservationFilter.ALL.of(filter.layer(), filter.reference());
    return ObservationRows.bind(
            handle.createQuery("select count(*) from series" + ObservationRows.where(ofSeries)),
            run,
            ofSeries)
        .mapTo(Integer.class)
        .one();
  }

  private int thin(Supplier<ResultSet> rows, int points) throws SQLException {
    int count = 0;
    for (ResultSet row = rows.get(); row.next(); count++) {
      double score = row.getDouble(5);
      OptionalDouble known = row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(score);
      series
          .computeIfAbsent(row.getString(3), layer -> new HashMap<>())
          .computeIfAbsent(row.getString(4), reference -> new Thinning(points))
          .add(row.getInt(1), row.getLong(2), known, row.getInt(6) + COMMA);
    }
    return count;
  }

  /** Takes points away until what is kept is not too large. */
  private void lighten(int points) {
    int left = points;
    for (long bytes = bytes(); bytes > MOST_BYTES && left > Thinning.FEWEST; bytes = bytes()) {
      int fitting = (int) Math.min(left * MOST_BYTES / bytes, left - 1);
      left = Math.max(Thinning.FEWEST, fitting);
      for (Map<String, Thinning> references : series.values()) {
        for (Thinning thinning : references.values()) {
          thinning.keepAtMost(left);
        }
      }
    }
  }

  private long bytes() {
    return series.values().stream()
        .flatMap(references -> references.values().stream())
        .mapToLong(Thinning::bytes)
        .sum();
  }

  private List<Observation.Key> kept() {
    List<Observation.Key> keys = new ArrayList<>();
    series.forEach(
        (layer, references) ->
            references.forEach(
                (reference, thinning) ->
                    thinning
                        .kept()
                        .forEach(
                            point ->
                                keys.add(
                                    new Observation.Key(
                                        point.attempt(), layer, reference, point.step())))));
    keys.sort(ObservationQuery.ORDER);
    return keys;
  }
}
