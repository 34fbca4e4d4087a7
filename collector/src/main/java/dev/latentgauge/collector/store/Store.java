package dev.latentgauge.collector.store;

import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.time.Durations;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.RunEnd;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.relative.Sketch;
import dev.latentgauge.stopping.StopPolicy;
import dev.latentgauge.stopping.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Keeps runs, their observations, and the newest of their sketches.
 *
 * <p>Every change is atomic, and its stage completes once it is as durable as the store can make
 * it; a stage that fails has changed nothing. A {@link dev.latentgauge.collector.run.RunListener},
 * given when the store is made, hears of the changes in their order before the stages complete, and
 * of those of other collectors that share the history.
 *
 * <p>Thread-safe. Stages fail with {@link ConflictException}, {@link CapacityException} or {@link
 * StoreException}, and may complete on a thread of the store, where callers do only little.
 */
public interface Store extends AutoCloseable {

  /**
   * Registers a run, or says anew what is known of it.
   *
   * @param info what is known of it
   * @param now the time
   * @return the run; fails with a {@link ConflictException} if a later attempt is known, or another
   *     start of the same one
   */
  CompletionStage<Run> register(RunInfo info, Instant now);

  /**
   * Adds observations to a run, which is registered if it is unknown.
   *
   * <p>An observation that is there already counts as a duplicate; one that is there with other
   * content fails the whole batch.
   *
   * @param run the name of the run
   * @param observations the batch, in any order
   * @param now the time
   * @return what became of them; fails with a {@link ConflictException} that names the key
   */
  CompletionStage<Appended> append(String run, List<Observation> observations, Instant now);

  /**
   * Keeps a sketch, in place of the one of the same run, layer and probes, unless that is of a
   * later attempt or step; a run that is unknown is registered.
   *
   * @param run the name of the run
   * @param report the sketch
   * @param now the time
   * @return what became of it
   */
  CompletionStage<KeptSketch> keep(String run, SketchReport report, Instant now);

  /**
   * Ends a run.
   *
   * @param run the name of the run
   * @param end how and why
   * @param now the time
   * @return the ended run; empty if it is unknown; fails with a {@link ConflictException} if the
   *     end is of an earlier attempt than the current one
   */
  CompletionStage<Optional<Run>> end(String run, RunEnd end, Instant now);

  /**
   * Tells a run what to do; the answers to its reports say so from now on, until it has a new
   * attempt.
   *
   * @param run the name of the run
   * @param directive what it is told
   * @return the run; empty if it is unknown; fails with a {@link ConflictException} if it has
   *     ended, so that nobody would hear of it
   */
  CompletionStage<Optional<Run>> direct(String run, Directive directive);

  /**
   * Compares a run with others at a checkpoint, and tells it to stop if that comes of it.
   *
   * @param policy by which it is compared
   * @param standing how it stands
   * @param now the time
   * @return what was decided, or that there were too few others; empty if it was decided before,
   *     the policy or the run is gone, a later attempt has begun, or the run has ended or was told
   *     something
   */
  CompletionStage<Optional<Decision>> decide(StoredPolicy policy, Standing standing, Instant now);

  /**
   * Keeps a policy, unless there is one of its name.
   *
   * @param policy the policy
   * @param now the time
   * @return the policy of that name as it is then
   */
  CompletionStage<StoredPolicy> define(StopPolicy policy, Instant now);

  /**
   * Lists policies by name.
   *
   * @return all that there are
   */
  CompletionStage<List<StoredPolicy>> policies();

  /**
   * Deletes a policy and what it has decided; runs that were told to stop still are.
   *
   * @param policy the name of the policy
   * @return whether there was one
   */
  CompletionStage<Boolean> deletePolicy(String policy);

  /**
   * Lists what was decided of an attempt of a run, the last checkpoints first.
   *
   * @param run the name of the run
   * @param attempt the attempt
   * @param limit the most to list, at least 1
   * @return the decisions of all policies that are there
   */
  CompletionStage<List<Decision>> decisionsOfRun(String run, int attempt, int limit);

  /**
   * Lists what a policy decided, the newest first.
   *
   * @param policy the name of the policy
   * @param action only those that came to this, if it matters
   * @param limit the most to list, at least 1
   * @return the decisions
   */
  CompletionStage<List<Decision>> decisionsOfPolicy(
      String policy, Optional<Verdict.Action> action, int limit);

  /**
   * Takes a live run for lost.
   *
   * @param run the name of the run
   * @param heardAt when it was last heard of, as far as the caller knows
   * @param now the time
   * @return whether it is lost now; not if it has ended, or gave word since
   */
  CompletionStage<Boolean> lose(String run, Instant heardAt, Instant now);

  /**
   * Deletes a run with its observations. What they took is given back by {@link #tidy}.
   *
   * @param run the name of the run
   * @return whether there was one
   */
  CompletionStage<Boolean> delete(String run);

  /**
   * Deletes a run that has ended, unless something has happened to it since.
   *
   * @param run as {@link #firstEnded} listed it
   * @return whether it was deleted
   */
  CompletionStage<Boolean> expire(EndedRun run);

  /**
   * Gives back some of what deleted runs took; takes milliseconds, for which changes wait.
   *
   * @return whether there may be more
   */
  CompletionStage<Boolean> tidy();

  /**
   * Finds a run.
   *
   * @param run the name of the run
   * @return the run; empty if it is unknown
   */
  CompletionStage<Optional<Run>> find(String run);

  /**
   * Lists runs by name.
   *
   * @param query which of them
   * @return a page
   */
  CompletionStage<Page<Run>> runs(RunQuery query);

  /**
   * Lists runs that have ended, in the order in which they did.
   *
   * @param limit the most runs to list, at least 1
   * @return the first of them
   */
  CompletionStage<List<EndedRun>> firstEnded(int limit);

  /**
   * Lists observations of a run in the order of {@link ObservationQuery#ORDER}.
   *
   * @param query which of them
   * @return a page; empty if the run is unknown
   */
  CompletionStage<Optional<Page<Observation>>> observations(ObservationQuery query);

  /**
   * Lists some observations of a run, of which a curve looks like that of all: of each series the
   * first and the last, the lowest and the highest of many parts, and some of those without a
   * score. Takes a second for some hundred thousand observations that the filter lets through.
   *
   * @param run the name of the run
   * @param filter which observations there are to choose from
   * @param points the most of one series, at least 4; fewer are chosen, but 4 at least, if those of
   *     the run would be more than 10,000 then, or have more than 8 MiB of JSON
   * @return the chosen ones in the order of {@link ObservationQuery#ORDER}; empty if the run is
   *     unknown
   */
  CompletionStage<Optional<List<Observation>>> thinned(
      String run, ObservationFilter filter, int points);

  /**
   * Lists the attempts of a run that have observations, in their order. Takes a second for some
   * million observations.
   *
   * @param run the name of the run
   * @return the attempts, the newest 1,000 if there are more; empty if the run is unknown
   */
  CompletionStage<Optional<List<Attempt>>> attempts(String run);

  /**
   * Lists runs by name with how each of their series fares in the attempt that its newest
   * observation is of: the first and the newest observation, and others about evenly spaced between
   * them by step. A series with few observations among very many of other series of its run may
   * have fewer points than it could, and not its first.
   *
   * @param query which runs
   * @param points the most observations of one series, at least 2
   * @return a page, which may end before its limit where runs have many series
   */
  CompletionStage<Page<RunTrends>> trends(RunQuery query, int points);

  /**
   * Finds an observation.
   *
   * @param run the name of the run
   * @param key which of its observations
   * @return the observation; empty if it, or the run, is unknown
   */
  CompletionStage<Optional<Observation>> observation(String run, Observation.Key key);

  /**
   * Lists what can be compared: what most of the runs have a sketch of before the rest, else by
   * layer and probes.
   *
   * @param query of which runs, and which layers and probes
   * @return the groups, the first 100 if there are more
   */
  CompletionStage<List<SketchGroup>> sketchGroups(SketchQuery query);

  /**
   * Lists sketches, those that came last before the others.
   *
   * @param query which of them
   * @param limit the most to list, at least 1
   * @return the sketches, without what is in them
   */
  CompletionStage<List<StoredSketch>> sketches(SketchQuery query, int limit);

  /**
   * Reads sketches, those that came last before the others; all of one moment.
   *
   * @param query which of them
   * @param limit the most to read, at least 1
   * @return the sketches in that order, with what is in them
   */
  CompletionStage<Map<StoredSketch, Sketch>> sketchContents(SketchQuery query, int limit);

  /**
   * Has the listener hear of what other collectors that share the history have changed by now;
   * otherwise it does so with the next change that is made here.
   *
   * @return true
   */
  CompletionStage<Boolean> follow();

  /**
   * Where references are kept that all collectors of the history have.
   *
   * @return empty if the history has one collector, which keeps them on its own disk
   */
  Optional<ReferenceFiles> sharedReferences();

  /**
   * How much is stored.
   *
   * @return numbers as of the last change
   */
  Totals totals();

  /**
   * How many observations were ever stored, by whichever collector; duplicates do not count.
   *
   * @return a number as of the last change, at least 0
   */
  long accepted();

  /**
   * How many runs were ever deleted for their age or for room, by whichever collector.
   *
   * @return a number as of the last change, at least 0
   */
  long expired();

  /**
   * How many changes wait to be made durable.
   *
   * @return a number, at least 0
   */
  int waiting();

  /**
   * How long it took to make changes durable, each time for as many as there were.
   *
   * @return the times, which go on to change
   */
  Durations commits();

  /**
   * Writes a word, as a trial.
   *
   * @return true; fails if the store cannot be written
   */
  CompletionStage<Boolean> probe();

  /**
   * What is wrong with the store.
   *
   * @return the failure of the last change, if it was the store's; empty if that went well
   */
  Optional<StoreException> trouble();

  /** Makes durable what waits, refuses what comes, and lets go of the database. */
  @Override
  void close();
}
