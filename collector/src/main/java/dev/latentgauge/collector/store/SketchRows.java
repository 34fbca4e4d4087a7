package dev.latentgauge.collector.store;

import dev.latentgauge.collector.run.RunState;
import dev.latentgauge.reference.SketchFile;
import dev.latentgauge.relative.Sketch;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Sketches, in SQL that both databases speak. */
final class SketchRows {

  /** More than anybody chooses from; who has more names them. */
  private static final int MOST_GROUPS = 100;

  private static final String COLUMNS =
      "select run.name, state, layer, probes, attempt, step, epoch, time, probe_count,"
          + " anchor_count, digest";

  private SketchRows() {}

  /** Gives a ledger those of some sketches that are there. */
  static void find(Handle handle, long run, Set<SketchKey> keys, Ledger ledger) {
    handle
        .createQuery(
            "select layer, probes, attempt, step, digest, length(content) from sketch"
                + " where run_id = :run and layer in (<layers>)")
        .bind("run", run)
        .bindList("layers", keys.stream().map(SketchKey::layer).distinct().toList())
        .map(
            (row, context) ->
                Map.entry(
                    new SketchKey(row.getString(1), row.getString(2)),
                    new Change.Sketched(
                        row.getInt(3), row.getLong(4), row.getString(5), row.getLong(6))))
        .forEach(found -> ledger.known(run, found.getKey(), found.getValue()));
  }

  /** Writes sketches in place of those that are there. */
  static void write(Handle handle, Map<Long, Map<SketchKey, Change.WrittenSketch>> sketches) {
    PreparedBatch batch =
        handle.prepareBatch(
            "insert into sketch (run_id, layer, probes, attempt, step, epoch, time, received_at,"
                + " probe_count, anchor_count, digest, content)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " on conflict (run_id, layer, probes) do update set attempt = excluded.attempt,"
                + " step = excluded.step, epoch = excluded.epoch, time = excluded.time,"
                + " received_at = excluded.received_at, probe_count = excluded.probe_count,"
                + " anchor_count = excluded.anchor_count, digest = excluded.digest,"
                + " content = excluded.content");
    sketches.forEach(
        (run, written) -> written.values().forEach(sketch -> bind(batch, run, sketch).add()));
    Batches.execute(batch);
  }

  private static PreparedBatch bind(PreparedBatch batch, long run, Change.WrittenSketch written) {
    SketchReport report = written.report();
    OptionalDouble epoch = report.epoch();
    return batch
        .bind(0, run)
        .bind(1, report.key().layer())
        .bind(2, report.key().probes())
        .bind(3, report.attempt())
        .bind(4, report.step())
        .bind(5, epoch.isPresent() ? (Double) epoch.getAsDouble() : null)
        .bind(6, report.time().orElse(written.receivedAt()).toString())
        .bind(7, written.receivedAt().toEpochMilli())
        .bind(8, report.sketch().probes())
        .bind(9, report.sketch().anchors())
        .bind(10, written.digest())
        .bind(11, written.content().array());
  }

  /** What can be compared: what most runs have before the rest, then by name. */
  static List<SketchGroup> groups(Handle handle, SketchQuery query) {
    return bind(
            handle.createQuery(
                "select layer, probes, count(*) as runs from sketch"
                    + (query.runs().isEmpty() ? "" : " join run on run.id = run_id")
                    + where(query)
                    + " group by layer, probes order by runs desc, layer, probes"
                    + " limit "
                    + MOST_GROUPS),
            query)
        .map(
            (row, context) ->
                new SketchGroup(new SketchKey(row.getString(1), row.getString(2)), row.getLong(3)))
        .list();
  }

  /** Sketches without their content, those that came last before the others. */
  static List<StoredSketch> find(Handle handle, SketchQuery query, int limit) {
    return bind(handle.createQuery(select(query, "", limit)), query)
        .map((row, context) -> stored(row))
        .list();
  }

  /** Sketches with their content, those that came last before the others. */
  static Map<StoredSketch, Sketch> findWithContent(Handle handle, SketchQuery query, int limit) {
    Map<StoredSketch, Sketch> found = new LinkedHashMap<>();
    bind(handle.createQuery(select(query, ", content", limit)), query)
        .map((row, context) -> Map.entry(stored(row), SketchFile.parse(row.getBytes(12))))
        .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
    return found;
  }

  private static String select(SketchQuery query, String more, int limit) {
    return COLUMNS
        + more
        + " from sketch join run on run.id = run_id"
        + where(query)
        + " order by received_at desc, run.name limit "
        + limit;
  }

  private static String where(SketchQuery query) {
    StringBuilder conditions = new StringBuilder(" where 1 = 1");
    query.layer().ifPresent(layer -> conditions.append(" and layer = :layer"));
    query.probes().ifPresent(probes -> conditions.append(" and probes = :probes"));
    if (!query.runs().isEmpty()) {
      conditions.append(" and run.name in (<names>)");
    }
    return conditions.toString();
  }

  private static Query bind(Query statement, SketchQuery query) {
    query.layer().ifPresent(layer -> statement.bind("layer", layer));
    query.probes().ifPresent(probes -> statement.bind("probes", probes));
    if (!query.runs().isEmpty()) {
      statement.bindList("names", List.copyOf(query.runs()));
    }
    return statement;
  }

  private static StoredSketch stored(ResultSet row) throws SQLException {
    double number = row.getDouble(7);
    OptionalDouble epoch = row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(number);
    return new StoredSketch(
        row.getString(1),
        RunState.parse(row.getString(2)),
        new SketchKey(row.getString(3), row.getString(4)),
        row.getInt(5),
        row.getLong(6),
        epoch,
        Instant.parse(row.getString(8)),
        row.getInt(9),
        row.getInt(10),
        row.getString(11));
  }
}
