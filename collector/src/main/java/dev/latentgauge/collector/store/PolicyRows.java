package dev.latentgauge.collector.store;

import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.latentgauge.stopping.PolicyWire;
import dev.latentgauge.stopping.StopPolicy;
import dev.latentgauge.stopping.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Policies and what they have decided, in SQL that both databases speak. */
final class PolicyRows {

  /** Of more runs at a checkpoint the newest are what others are compared with. */
  static final int MOST_PEERS = 1_000;

  private static final int RUNS_AT_ONCE = 500;

  private static final String STANDINGS =
      "select run_id, attempt, value, action from decision where policy_id = :policy"
          + " and bracket = :bracket and checkpoint = :at";

  private static final String POLICIES =
      "select id, name, document, created_at, undecided, continued, stopped from policy ";

  private static final String DECISIONS =
      "select policy.name, run.name, attempt, bracket, checkpoint, step, value, action, place,"
          + " peers, threshold, reason, decided_at from decision"
          + " join policy on policy.id = policy_id join run on run.id = run_id ";

  private PolicyRows() {}

  /** All policies by name. */
  static List<StoredPolicy> all(Handle handle) {
    return handle.createQuery(POLICIES + "order by name").map((row, context) -> policy(row)).list();
  }

  /** Writes a policy, unless there is one of that name; answers what there is then. */
  static StoredPolicy define(Handle handle, long id, StopPolicy policy, Instant now) {
    handle
        .createUpdate(
            "insert into policy (id, name, document, created_at, undecided, continued, stopped)"
                + " values (:id, :name, :document, :now, 0, 0, 0) on conflict (name) do nothing")
        .bind("id", id)
        .bind("name", policy.name())
        .bind("document", Ascii.json(PolicyWire.tree(policy)))
        .bind("now", now.toEpochMilli())
        .execute();
    return handle
        .createQuery(POLICIES + "where name = :name")
        .bind("name", policy.name())
        .map((row, context) -> policy(row))
        .one();
  }

  private static StoredPolicy policy(ResultSet row) throws SQLException {
    return new StoredPolicy(
        row.getLong(1),
        PolicyWire.read(row.getString(2), row.getString(3)),
        Instant.ofEpochMilli(row.getLong(4)),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7));
  }

  /** Deletes a policy and what it has decided; whether there was one. */
  static boolean delete(Handle handle, String name) {
    handle
        .createUpdate(
            "delete from decision where policy_id in (select id from policy where name = :name)")
        .bind("name", name)
        .execute();
    return handle.createUpdate("delete from policy where name = :name").bind("name", name).execute()
        > 0;
  }

  /**
   * Gives a ledger how runs stood at some checkpoints of policies that are there.
   *
   * @param checkpoints and the numbers of the runs that have come to them
   */
  static void findPeers(
      Handle handle, Map<Change.Checkpoint, Set<Long>> checkpoints, Ledger ledger) {
    Map<Long, Boolean> defined = new HashMap<>();
    checkpoints.forEach(
        (checkpoint, runs) -> {
          if (defined.computeIfAbsent(checkpoint.policy(), id -> isDefined(handle, id))) {
            Map<Long, Change.Peer> peers = new HashMap<>();
            addPeers(newest(handle, checkpoint), peers);
            Batches.parts(runs, RUNS_AT_ONCE)
                .forEach(some -> addPeers(those(handle, checkpoint, some), peers));
            ledger.peers(checkpoint, peers);
          }
        });
  }

  private static boolean isDefined(Handle handle, long id) {
    return handle
        .createQuery("select 1 from policy where id = :id")
        .bind("id", id)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  private static Query newest(Handle handle, Change.Checkpoint checkpoint) {
    return bind(handle.createQuery(STANDINGS + " order by decided_at desc limit :most"), checkpoint)
        .bind("most", MOST_PEERS);
  }

  private static Query those(Handle handle, Change.Checkpoint checkpoint, List<Long> runs) {
    return bind(handle.createQuery(STANDINGS + " and run_id in (<runs>)"), checkpoint)
        .bindList("runs", runs);
  }

  private static Query bind(Query query, Change.Checkpoint checkpoint) {
    return query
        .bind("policy", checkpoint.policy())
        .bind("bracket", checkpoint.bracket())
        .bind("at", checkpoint.at());
  }

  /** Of each run the newest attempt. */
  private static void addPeers(Query query, Map<Long, Change.Peer> peers) {
    query
        .map(
            (row, context) ->
                Map.entry(
                    row.getLong(1),
                    new Change.Peer(
                        row.getInt(2),
                        row.getDouble(3),
                        row.getString(4).equals(Verdict.Action.UNDECIDED.text()))))
        .forEach(
            peer -> peers.merge(peer.getKey(), peer.getValue(), Change.Peer::ofTheLaterAttempt));
  }

  /** Writes decisions, and counts them. */
  static void write(Handle handle, List<Ledger.Decided> decisions) {
    PreparedBatch rows =
        handle.prepareBatch(
            "insert into decision (policy_id, run_id, attempt, bracket, checkpoint, step, value,"
                + " action, place, peers, threshold, reason, decided_at)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                + " on conflict (policy_id, run_id, attempt, checkpoint) do update set"
                + " step = excluded.step, value = excluded.value,"
                + " action = excluded.action, place = excluded.place, peers = excluded.peers,"
                + " threshold = excluded.threshold, reason = excluded.reason,"
                + " decided_at = excluded.decided_at where decision.action = 'undecided'");
    decisions.forEach(decided -> bind(rows, decided).add());
    Batches.execute(rows);
    PreparedBatch counts =
        handle.prepareBatch(
            "update policy set undecided = undecided + ?, continued = continued + ?,"
                + " stopped = stopped + ? where id = ?");
    decisions.stream()
        .collect(
            Collectors.groupingBy(
                Ledger.Decided::policy,
                Collectors.groupingBy(
                    decided -> decided.decision().verdict().action(), Collectors.counting())))
        .forEach(
            (policy, made) ->
                counts.add(
                    made.getOrDefault(Verdict.Action.UNDECIDED, 0L),
                    made.getOrDefault(Verdict.Action.CONTINUE, 0L),
                    made.getOrDefault(Verdict.Action.STOP, 0L),
                    policy));
    Batches.execute(counts);
  }

  private static PreparedBatch bind(PreparedBatch batch, Ledger.Decided decided) {
    Decision decision = decided.decision();
    Standing standing = decision.standing();
    Verdict verdict = decision.verdict();
    OptionalDouble threshold = verdict.threshold();
    return batch
        .bind(0, decided.policy())
        .bind(1, decided.run())
        .bind(2, standing.attempt())
        .bind(3, standing.bracket())
        .bind(4, standing.checkpoint())
        .bind(5, standing.step())
        .bind(6, standing.value())
        .bind(7, verdict.action().text())
        .bind(8, verdict.rank())
        .bind(9, verdict.peers())
        .bind(10, threshold.isPresent() ? (Double) threshold.getAsDouble() : null)
        .bind(11, Ascii.json(new JsonPrimitive(decision.reason())))
        .bind(12, decision.decidedAt().toEpochMilli());
  }

  /** What was decided of an attempt of a run, the last checkpoints first. */
  static List<Decision> ofRun(Handle handle, String run, int attempt, int limit) {
    return handle
        .createQuery(
            DECISIONS
                + "where run.name = :run and attempt = :attempt"
                + " order by checkpoint desc, policy.name limit :limit")
        .bind("run", run)
        .bind("attempt", attempt)
        .bind("limit", limit)
        .map((row, context) -> decision(row))
        .list();
  }

  /** What a policy decided last, the newest first. */
  static List<Decision> ofPolicy(
      Handle handle, String policy, Optional<Verdict.Action> action, int limit) {
    String condition = action.isPresent() ? " and action = :action" : "";
    Query query =
        handle
            .createQuery(
                DECISIONS
                    + "where policy.name = :policy"
                    + condition
                    + " order by decided_at desc, run_id desc, attempt desc, checkpoint desc"
                    + " limit :limit")
            .bind("policy", policy)
            .bind("limit", limit);
    action.ifPresent(only -> query.bind("action", only.text()));
    return query.map((row, context) -> decision(row)).list();
  }

  private static Decision decision(ResultSet row) throws SQLException {
    double number = row.getDouble(11);
    OptionalDouble threshold = row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(number);
    return new Decision(
        row.getString(1),
        new Standing(
            row.getString(2),
            row.getInt(3),
            row.getInt(4),
            row.getDouble(5),
            row.getLong(6),
            row.getDouble(7)),
        new Verdict(
            Verdict.Action.parse(row.getString(8)), row.getInt(9), row.getInt(10), threshold),
        JsonParser.parseString(row.getString(12)).getAsString(),
        Instant.ofEpochMilli(row.getLong(13)));
  }
}
