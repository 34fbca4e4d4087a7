package dev.latentgauge.collector.store;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.stopping.StopPolicy;
import dev.latentgauge.stopping.Verdict;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The changes that there are: when each is refused, and what it makes of a run. */
final class Changes {

  private Changes() {}

  /** Registers a run, or says anew what is known of it. */
  record Register(RunInfo info, Instant now) implements Change<Run> {
    @Override
    public String run() {
      return info.name();
    }

    @Override
    public Run decide(Ledger ledger) {
      StoredRun stored = foundOrNew(ledger, info, now);
      requireCurrent(info.attempt(), stored.run());
      requireSameStart(info, stored.run().info());
      return ledger.commit(stored, stored.run().with(info).heard(now), List.of());
    }

    /** Two trainings of one attempt would mix their histories. */
    private static void requireSameStart(RunInfo info, RunInfo known) {
      boolean another =
          info.attempt() == known.attempt()
              && info.startedAt().isPresent()
              && known.startedAt().isPresent()
              && !info.startedAt().equals(known.startedAt());
      if (another) {
        throw ConflictException.otherStart(
            known, known.startedAt().orElseThrow(), info.startedAt().orElseThrow());
      }
    }
  }

  /**
   * Adds observations; those that are there already do not count, those that differ are refused.
   */
  record Append(String run, Collection<Written> observations, Instant now)
      implements Change<Appended> {

    static Append of(String run, List<Observation> observations, Instant now) {
      return new Append(run, observations.stream().map(Written::of).toList(), now);
    }

    @Override
    public Appended decide(Ledger ledger) {
      StoredRun stored = foundOrNew(ledger, RunInfo.named(run), now);
      List<Written> fresh = List.copyOf(fresh(ledger, stored).values());
      List<Observation> news = fresh.stream().map(Written::observation).toList();
      Run changed = ledger.commit(stored, stored.run().observed(news).heard(now), fresh);
      return new Appended(fresh.size(), observations.size() - fresh.size(), changed.directive());
    }

    private Map<Observation.Key, Written> fresh(Ledger ledger, StoredRun stored) {
      Map<Observation.Key, Written> fresh = new LinkedHashMap<>();
      for (Written written : observations) {
        Observation.Key key = written.observation().key();
        Optional<String> known = ledger.known(stored, key);
        Optional<String> before =
            known.isPresent()
                ? known
                : Optional.ofNullable(fresh.putIfAbsent(key, written)).map(Written::document);
        if (before.filter(document -> !says(document, written)).isPresent()) {
          throw ConflictException.otherContent(run, key);
        }
      }
      return fresh;
    }

    /** Another version may have written the same in another way. */
    private static boolean says(String document, Written written) {
      return document.equals(written.document())
          || Wire.readObservation(document).equals(written.observation());
    }
  }

  /** Keeps a sketch, unless a later one of the same layer and probes is there. */
  record Keep(String run, WrittenSketch written, Instant now) implements Change<KeptSketch> {

    static Keep of(String run, SketchReport report, Instant now) {
      return new Keep(run, WrittenSketch.of(report, now), now);
    }

    @Override
    public Optional<SketchKey> sketch() {
      return Optional.of(written.report().key());
    }

    @Override
    public KeptSketch decide(Ledger ledger) {
      SketchReport report = written.report();
      StoredRun stored = foundOrNew(ledger, RunInfo.named(run), now);
      Run after = stored.run().reached(report.attempt()).heard(now);
      Optional<Sketched> known = ledger.known(stored, report.key());
      boolean isOld = known.filter(kept -> kept.isLaterThan(report)).isPresent();
      Sketched kept = isOld ? known.orElseThrow() : written.sketched();
      Run changed =
          known.filter(kept::equals).isPresent()
              ? ledger.commit(stored, after, List.of())
              : ledger.commit(stored, after, written);
      return new KeptSketch(!isOld, kept.attempt(), kept.step(), changed.directive());
    }
  }

  /** Ends a run. */
  record End(String run, RunEnd end, Instant now) implements Change<Optional<Run>> {
    @Override
    public Optional<Run> decide(Ledger ledger) {
      return ledger
          .find(run)
          .map(
              stored -> {
                requireCurrent(end.attempt().orElse(stored.run().attempt()), stored.run());
                return ledger.commit(stored, stored.run().heard(now).ended(end, now), List.of());
              });
    }
  }

  /** Tells a live run what to do. */
  record Direct(String run, Directive directive) implements Change<Optional<Run>> {
    @Override
    public Optional<Run> decide(Ledger ledger) {
      return ledger
          .find(run)
          .map(
              stored -> {
                if (!stored.run().live()) {
                  throw ConflictException.ended(stored.run());
                }
                return ledger.commit(stored, stored.run().directed(directive), List.of());
              });
    }
  }

  /**
   * Compares a run with others at a checkpoint, and tells it to stop if that is what comes of it.
   * That is done once for each attempt, and again only if nothing was decided for want of others.
   * Nothing comes of it if the policy or the run is gone, a later attempt has begun, or the run has
   * ended, or was told something: what a person says is not overruled.
   */
  record Decide(StoredPolicy stored, Standing standing, Instant now)
      implements Change<Optional<Decision>> {
    @Override
    public String run() {
      return standing.run();
    }

    @Override
    public Optional<Checkpoint> checkpoint() {
      return Optional.of(new Checkpoint(stored.id(), standing.bracket(), standing.checkpoint()));
    }

    @Override
    public Optional<Decision> decide(Ledger ledger) {
      return ledger
          .find(run())
          .filter(found -> isToBeJudged(found.run()))
          .flatMap(
              found ->
                  ledger
                      .peers(checkpoint().orElseThrow())
                      .flatMap(peers -> decide(ledger, found, peers)));
    }

    private boolean isToBeJudged(Run run) {
      return run.live()
          && run.attempt() == standing.attempt()
          && run.directive().equals(Directive.CONTINUE);
    }

    private Optional<Decision> decide(Ledger ledger, StoredRun found, Map<Long, Peer> peers) {
      Optional<Peer> before =
          Optional.ofNullable(peers.get(found.id()))
              .filter(known -> known.attempt() >= standing.attempt());
      if (before.filter(known -> !known.isUndecided()).isPresent()) {
        return Optional.empty();
      }
      Decision decision = judge(found, peers);
      Verdict.Action action = decision.verdict().action();
      if (before.isEmpty() || action != Verdict.Action.UNDECIDED) {
        Run after =
            action == Verdict.Action.STOP
                ? found.run().directed(Directive.stop(decision.policy() + ": " + decision.reason()))
                : found.run();
        ledger.commit(found, after, checkpoint().orElseThrow(), decision);
      }
      return Optional.of(decision);
    }

    private Decision judge(StoredRun found, Map<Long, Peer> peers) {
      StopPolicy policy = stored.policy();
      double value = standing.value();
      double[] others =
          peers.entrySet().stream()
              .filter(peer -> peer.getKey() != found.id())
              .mapToDouble(peer -> peer.getValue().value())
              .toArray();
      Verdict verdict = policy.judge(value, others);
      return new Decision(
          policy.name(),
          standing,
          verdict,
          policy.explain(standing.checkpoint(), value, verdict),
          now);
    }
  }

  /** Takes a run for lost, unless it gave word since somebody thought so. */
  record Lose(String run, Instant heardAt, Instant now) implements Change<Boolean> {
    @Override
    public Boolean decide(Ledger ledger) {
      Optional<StoredRun> silent =
          ledger
              .find(run)
              .filter(stored -> stored.run().live() && stored.run().heardAt().equals(heardAt));
      silent.ifPresent(stored -> ledger.commit(stored, stored.run().lost(now), List.of()));
      return silent.isPresent();
    }
  }

  /** Deletes a run; if it is said when it ended, only if that was its last end. */
  record Delete(String run, Optional<Instant> endedAt) implements Change<Boolean> {
    @Override
    public Boolean decide(Ledger ledger) {
      Optional<StoredRun> meant =
          ledger
              .find(run)
              .filter(
                  stored ->
                      endedAt.isEmpty()
                          || stored.run().ending().map(Run.Ending::at).equals(endedAt));
      meant.ifPresent(endedAt.isPresent() ? ledger::expire : ledger::delete);
      return meant.isPresent();
    }
  }

  private static StoredRun foundOrNew(Ledger ledger, RunInfo info, Instant now) {
    return ledger.find(info.name()).orElseGet(() -> ledger.unsaved(Run.registered(info, now)));
  }

  private static void requireCurrent(int attempt, Run run) {
    if (attempt < run.attempt()) {
      throw ConflictException.olderAttempt(run.name(), attempt, run.attempt());
    }
  }
}
