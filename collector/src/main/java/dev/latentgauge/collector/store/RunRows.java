package dev.latentgauge.collector.store;

import com.google.gson.JsonPrimitive;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.RunState;
import dev.latentgauge.collector.run.Series;
import dev.latentgauge.collector.run.SeriesState;
import dev.latentgauge.observation.Wire;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Runs, their tags and their series, in SQL that both databases speak. */
final class RunRows {

  private static final String COLUMNS =
      "select id, name, version, state, registered_at, heard_at, ended_at, observations,"
          + " observation_bytes, document, sketches, sketch_bytes from run ";

  /** Fewer than any database takes as parameters of one statement. */
  private static final int AT_ONCE = 500;

  private RunRows() {}

  /** A run as its own row has it. */
  private record Row(
      long id,
      String name,
      long version,
      RunState state,
      Instant registeredAt,
      Instant heardAt,
      Optional<Instant> endedAt,
      long observations,
      long observationBytes,
      String document,
      long sketches,
      long sketchBytes) {

    static Row of(ResultSet row) throws SQLException {
      long ended = row.getLong(7);
      Optional<Instant> endedAt =
          row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(ended));
      return new Row(
          row.getLong(1),
          row.getString(2),
          row.getLong(3),
          RunState.parse(row.getString(4)),
          Instant.ofEpochMilli(row.getLong(5)),
          Instant.ofEpochMilli(row.getLong(6)),
          endedAt,
          row.getLong(8),
          row.getLong(9),
          row.getString(10),
          row.getLong(11),
          row.getLong(12));
    }

    StoredRun with(SortedMap<Series, SeriesState> series) {
      StoredRun.Said said = StoredRun.said(name, document);
      Run run =
          new Run(
              said.info(),
              registeredAt,
              heardAt,
              endedAt.map(at -> new Run.Ending(at, state, said.reason().orElse(""))),
              said.directive(),
              observations,
              series);
      return new StoredRun(id, version, document, observationBytes, sketches, sketchBytes, run);
    }
  }

  /**
   * Runs by name.
   *
   * @param cached a run of that number and version, if it is still at hand
   */
  static Map<String, StoredRun> find(
      Handle handle, Collection<String> names, BiFunction<Long, Long, Optional<StoredRun>> cached) {
    Map<String, StoredRun> found = new HashMap<>();
    for (List<String> some : Batches.parts(names, AT_ONCE)) {
      List<Row> stale = new ArrayList<>();
      for (Row row :
          rows(handle.createQuery(COLUMNS + "where name in (<names>)").bindList("names", some))) {
        cached
            .apply(row.id, row.version)
            .ifPresentOrElse(run -> found.put(row.name, run), () -> stale.add(row));
      }
      withSeries(handle, stale).forEach(run -> found.put(run.run().name(), run));
    }
    return found;
  }

  /** Runs in the order of their names; one more than is wanted, if there are more. */
  static List<StoredRun> find(Handle handle, RunQuery query) {
    StringBuilder sql = new StringBuilder(COLUMNS).append("where name > :after");
    if (!query.prefix().isEmpty()) {
      sql.append(" and name >= :prefix and name < :beyond");
    }
    if (!query.states().isEmpty()) {
      sql.append(" and state in (<states>)");
    }
    List<String> tags = List.copyOf(query.tags().keySet());
    for (int i = 0; i < tags.size(); i++) {
      sql.append(" and exists (select 1 from run_tag where run_id = id")
          .append(" and run_tag.name = :tag" + i)
          .append(" and value_hash = :hash" + i)
          .append(" and value = :value" + i + ")");
    }
    Query statement =
        handle
            .createQuery(sql.append(" order by name limit :limit").toString())
            .bind("after", query.after().orElse(""))
            .bind("limit", query.limit() + 1);
    if (!query.prefix().isEmpty()) {
      // Names are ASCII, and this is beyond.
      statement.bind("prefix", query.prefix()).bind("beyond", query.prefix() + "\u007f");
    }
    if (!query.states().isEmpty()) {
      statement.bindList("states", query.states().stream().map(RunState::text).toList());
    }
    for (int i = 0; i < tags.size(); i++) {
      statement
          .bind("tag" + i, tags.get(i))
          .bind("hash" + i, hash(query.tags().getOrDefault(tags.get(i), "")))
          .bind("value" + i, value(query.tags().getOrDefault(tags.get(i), "")));
    }
    return withSeries(handle, rows(statement));
  }

  /** The number of a run. */
  static Optional<Long> id(Handle handle, String name) {
    return handle
        .createQuery("select id from run where name = :name")
        .bind("name", name)
        .mapTo(Long.class)
        .findOne();
  }

  /** Runs that are live, or ended after a time. */
  static List<StoredRun> findRecent(Handle handle, Instant endedAfter) {
    return withSeries(
        handle,
        rows(
            handle
                .createQuery(COLUMNS + "where state = :live or ended_at > :after")
                .bind("live", RunState.LIVE.text())
                .bind("after", endedAfter.toEpochMilli())));
  }

  /** Runs that ended, those that did so first before the others. */
  static List<EndedRun> findEnded(Handle handle, int limit) {
    return handle
        .createQuery(
            "select name, ended_at from run"
                + " where ended_at is not null order by ended_at, name limit :limit")
        .bind("limit", limit)
        .map((row, context) -> new EndedRun(row.getString(1), Instant.ofEpochMilli(row.getLong(2))))
        .list();
  }

  private static List<Row> rows(Query query) {
    return query.map((row, context) -> Row.of(row)).list();
  }

  private static List<StoredRun> withSeries(Handle handle, List<Row> rows) {
    Map<Long, SortedMap<Series, SeriesState>> series = new HashMap<>();
    for (List<Long> ids : Batches.parts(rows.stream().map(Row::id).toList(), AT_ONCE)) {
      handle
          .createQuery(
              "select run_id, layer, reference, undefined, latest from series"
                  + " where run_id in (<ids>)")
          .bindList("ids", ids)
          .map(
              (row, context) ->
                  series
                      .computeIfAbsent(row.getLong(1), id -> new TreeMap<>())
                      .put(
                          new Series(row.getString(2), row.getString(3)),
                          new SeriesState(Wire.readObservation(row.getString(5)), row.getLong(4))))
          .list();
    }
    return rows.stream()
        .map(row -> row.with(series.getOrDefault(row.id, new TreeMap<>())))
        .toList();
  }

  /** Deletes runs but for their observations, which are many and can wait. */
  static void delete(Handle handle, Set<Long> ids) {
    for (List<Long> some : Batches.parts(ids, AT_ONCE)) {
      for (String table :
          List.of(
              "run where id",
              "run_tag where run_id",
              "series where run_id",
              "sketch where run_id",
              "decision where run_id")) {
        handle.createUpdate("delete from " + table + " in (<ids>)").bindList("ids", some).execute();
      }
      PreparedBatch batch = handle.prepareBatch("insert into deleted_run (id) values (?)");
      some.forEach(batch::add);
      batch.execute();
    }
  }

  /** Writes runs as they are now. */
  static void write(Handle handle, List<Ledger.ToWrite> runs) {
    PreparedBatch batch =
        handle.prepareBatch(
            "insert into run (id, name, version, state, registered_at, heard_at, ended_at,"
                + " observations, observation_bytes, document, sketches, sketch_bytes)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " on conflict (id) do update set version = excluded.version,"
                + " state = excluded.state, heard_at = excluded.heard_at,"
                + " ended_at = excluded.ended_at, observations = excluded.observations,"
                + " observation_bytes = excluded.observation_bytes, document = excluded.document,"
                + " sketches = excluded.sketches, sketch_bytes = excluded.sketch_bytes");
    for (Ledger.ToWrite toWrite : runs) {
      StoredRun stored = toWrite.after();
      Run run = stored.run();
      batch
          .bind(0, stored.id())
          .bind(1, run.name())
          .bind(2, stored.version())
          .bind(3, run.state().text())
          .bind(4, run.registeredAt().toEpochMilli())
          .bind(5, run.heardAt().toEpochMilli())
          .bind(6, run.ending().map(ending -> ending.at().toEpochMilli()).orElse(null))
          .bind(7, run.observations())
          .bind(8, stored.observationBytes())
          .bind(9, stored.document())
          .bind(10, stored.sketches())
          .bind(11, stored.sketchBytes())
          .add();
    }
    Batches.execute(batch);
    writeSeries(handle, runs);
    writeTags(handle, runs);
  }

  private static void writeSeries(Handle handle, List<Ledger.ToWrite> runs) {
    PreparedBatch batch =
        handle.prepareBatch(
            "insert into series (run_id, layer, reference, undefined, latest)"
                + " values (?, ?, ?, ?, ?) on conflict (run_id, layer, reference)"
                + " do update set undefined = excluded.undefined, latest = excluded.latest");
    for (Ledger.ToWrite toWrite : runs) {
      changedSeries(toWrite)
          .forEach(
              (series, state) ->
                  batch.add(
                      toWrite.after().id(),
                      series.layer(),
                      series.reference(),
                      state.undefined(),
                      Ascii.json(Wire.write(state.latest()))));
    }
    Batches.execute(batch);
  }

  @SuppressWarnings("ReferenceEquality") // What nothing happened to is the same object.
  private static Map<Series, SeriesState> changedSeries(Ledger.ToWrite toWrite) {
    Map<Series, SeriesState> changed = new LinkedHashMap<>(toWrite.after().run().series());
    toWrite
        .before()
        .ifPresent(
            before ->
                changed
                    .entrySet()
                    .removeIf(
                        entry -> before.run().series().get(entry.getKey()) == entry.getValue()));
    return changed;
  }

  private static void writeTags(Handle handle, List<Ledger.ToWrite> runs) {
    List<StoredRun> told =
        runs.stream().filter(RunRows::hasOtherTags).map(Ledger.ToWrite::after).toList();
    for (List<Long> ids : Batches.parts(told.stream().map(StoredRun::id).toList(), AT_ONCE)) {
      handle
          .createUpdate("delete from run_tag where run_id in (<ids>)")
          .bindList("ids", ids)
          .execute();
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "insert into run_tag (run_id, name, value, value_hash) values (?, ?, ?, ?)");
    for (StoredRun run : told) {
      run.run()
          .info()
          .tags()
          .forEach((tag, value) -> batch.add(run.id(), tag, value(value), hash(value)));
    }
    Batches.execute(batch);
  }

  private static boolean hasOtherTags(Ledger.ToWrite toWrite) {
    SortedMap<String, String> tags = toWrite.after().run().info().tags();
    return !tags.equals(
        toWrite.before().map(before -> before.run().info().tags()).orElseGet(TreeMap::new));
  }

  /** Values may be longer than an index takes. */
  private static int hash(String tag) {
    return value(tag).hashCode();
  }

  private static String value(String tag) {
    return Ascii.json(new JsonPrimitive(tag));
  }
}
