package dev.latentgauge.collector.store;

import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Wire;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Observations, in SQL that both databases speak. */
final class ObservationRows {

  private static final int AT_ONCE = 100;
  private static final int COLUMNS = 6;
  private static final String KEY = "(run_id, attempt, step, layer, reference)";
  private static final String AFTER =
      " and (attempt, step, layer, reference)"
          + " > (:afterAttempt, :afterStep, :afterLayer, :afterReference)";

  private ObservationRows() {}

  /** Gives a ledger those of some observations that are there. */
  static void find(Handle handle, long run, Set<Observation.Key> keys, Ledger ledger) {
    for (List<Observation.Key> some : Batches.parts(keys, AT_ONCE)) {
      withKeys(handle, run, some)
          .map((row, context) -> Map.entry(key(row), row.getString(5)))
          .forEach(found -> ledger.known(run, found.getKey(), found.getValue()));
    }
  }

  /** Those of some observations that are there, in their order. */
  static List<Observation> find(Handle handle, long run, List<Observation.Key> keys) {
    List<Observation> found = new ArrayList<>();
    for (List<Observation.Key> some : Batches.parts(keys, AT_ONCE)) {
      withKeys(handle, run, some)
          .map((row, context) -> Wire.readObservation(row.getString(5)))
          .forEach(found::add);
    }
    found.sort(Comparator.comparing(Observation::key, ObservationQuery.ORDER));
    return found;
  }

  private static Query withKeys(Handle handle, long run, List<Observation.Key> keys) {
    Query query =
        handle.createQuery(
            "select attempt, step, layer, reference, document from observation where "
                + KEY
                + " in (values "
                + String.join(", ", Collections.nCopies(keys.size(), "(?, ?, ?, ?, ?)"))
                + ")");
    int parameter = 0;
    for (Observation.Key key : keys) {
      query
          .bind(parameter++, run)
          .bind(parameter++, key.attempt())
          .bind(parameter++, key.step())
          .bind(parameter++, key.layer())
          .bind(parameter++, key.reference());
    }
    return query;
  }

  private static Observation.Key key(ResultSet row) throws SQLException {
    return new Observation.Key(row.getInt(1), row.getString(3), row.getString(4), row.getLong(2));
  }

  /** An observation of a run. */
  private record Row(long run, Change.Written written) {}

  /** Writes observations that are not there: many in one statement, as they may be thousands. */
  static void insert(Connection connection, Map<Long, List<Change.Written>> observations)
      throws SQLException {
    List<Row> rows = new ArrayList<>();
    observations.forEach((run, list) -> list.forEach(written -> rows.add(new Row(run, written))));
    int rest = rows.size() % AT_ONCE;
    insert(connection, rows.subList(0, rows.size() - rest), AT_ONCE);
    insert(connection, rows.subList(rows.size() - rest, rows.size()), rest);
  }

  /** Writes rows in statements of so many each. */
  private static void insert(Connection connection, List<Row> rows, int atOnce)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "insert into observation (run_id, attempt, step, layer, reference, document) values "
                + String.join(", ", Collections.nCopies(atOnce, "(?, ?, ?, ?, ?, ?)")))) {
      int parameter = 1;
      for (Row row : rows) {
        Observation.Key key = row.written.observation().key();
        statement.setLong(parameter++, row.run);
        statement.setInt(parameter++, key.attempt());
        statement.setLong(parameter++, key.step());
        statement.setString(parameter++, key.layer());
        statement.setString(parameter++, key.reference());
        statement.setString(parameter++, row.written.document());
        if (parameter > COLUMNS * atOnce) {
          statement.addBatch();
          parameter = 1;
        }
      }
      statement.executeBatch();
    }
  }

  /** The observations that are wanted, in their order; one more, if there are more. */
  static List<Observation> find(Handle handle, long run, ObservationQuery query) {
    Query statement =
        bind(
                handle.createQuery(
                    "select document from observation"
                        + where(query.filter())
                        + (query.after().isPresent() ? AFTER : "")
                        + " order by attempt, step, layer, reference limit :limit"),
                run,
                query.filter())
            .bind("limit", query.limit() + 1);
    query
        .after()
        .ifPresent(
            key ->
                statement
                    .bind("afterAttempt", key.attempt())
                    .bind("afterStep", key.step())
                    .bind("afterLayer", key.layer())
                    .bind("afterReference", key.reference()));
    return statement.map((row, context) -> Wire.readObservation(row.getString(1))).list();
  }

  /** The condition that a filter makes, for {@link #bind}. */
  static String where(ObservationFilter filter) {
    StringBuilder conditions = new StringBuilder(" where run_id = :run");
    filter.layer().ifPresent(layer -> conditions.append(" and layer = :layer"));
    filter.reference().ifPresent(name -> conditions.append(" and reference = :reference"));
    filter.attempt().ifPresent(attempt -> conditions.append(" and attempt = :attempt"));
    filter.fromStep().ifPresent(step -> conditions.append(" and step >= :fromStep"));
    filter.toStep().ifPresent(step -> conditions.append(" and step <= :toStep"));
    return conditions.toString();
  }

  /** Fills in a condition by {@link #where}. */
  static Query bind(Query query, long run, ObservationFilter filter) {
    query.bind("run", run);
    filter.layer().ifPresent(layer -> query.bind("layer", layer));
    filter.reference().ifPresent(reference -> query.bind("reference", reference));
    filter.attempt().ifPresent(attempt -> query.bind("attempt", attempt));
    filter.fromStep().ifPresent(step -> query.bind("fromStep", step));
    filter.toStep().ifPresent(step -> query.bind("toStep", step));
    return query;
  }

  /** The attempts that have observations, in their order; the newest, if there are more. */
  static List<Attempt> attempts(Handle handle, long run, int most) {
    return handle
        .createQuery(
            "select attempt, count(*), min(step), max(step) from observation where run_id = :run"
                + " group by attempt order by attempt desc limit :most")
        .bind("run", run)
        .bind("most", most)
        .map(
            (row, context) ->
                new Attempt(row.getInt(1), row.getLong(2), row.getLong(3), row.getLong(4)))
        .stream()
        .sorted(Comparator.comparingInt(Attempt::number))
        .toList();
  }

  /** One observation. */
  static Optional<Observation> find(Handle handle, String run, Observation.Key key) {
    return handle
        .createQuery(
            "select observation.document from observation join run on run.id = run_id"
                + " where run.name = :run and attempt = :attempt and step = :step"
                + " and layer = :layer and reference = :reference")
        .bind("run", run)
        .bind("attempt", key.attempt())
        .bind("step", key.step())
        .bind("layer", key.layer())
        .bind("reference", key.reference())
        .map((row, context) -> Wire.readObservation(row.getString(1)))
        .findOne();
  }

  /**
   * Deletes some observations of runs that were deleted.
   *
   * @return whether there may be more
   */
  static boolean deleteSome(Handle handle, int most) {
    Optional<Long> run =
        handle.createQuery("select min(id) from deleted_run").mapTo(Long.class).findOne();
    if (run.isEmpty()) {
      return false;
    }
    int gone =
        handle
            .createUpdate(
                "delete from observation where "
                    + KEY
                    + " in (select run_id, attempt, step, layer, reference from observation"
                    + " where run_id = :run limit :most)")
            .bind("run", run.get())
            .bind("most", most)
            .execute();
    if (gone < most) {
      handle
          .createUpdate("delete from deleted_run where id = :run")
          .bind("run", run.get())
          .execute();
    }
    return true;
  }
}
