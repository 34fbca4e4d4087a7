package dev.latentgauge.collector.web;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.latentgauge.collector.ingest.Ingest;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.run.Series;
import dev.latentgauge.collector.stopping.StopPolicies;
import dev.latentgauge.collector.store.Decision;
import dev.latentgauge.collector.store.Standing;
import dev.latentgauge.collector.store.Store;
import dev.latentgauge.collector.store.StoredPolicy;
import dev.latentgauge.observation.Observation;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.stopping.PolicyWire;
import dev.latentgauge.stopping.StopPolicy;
import dev.latentgauge.stopping.Verdict;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** What can be done with policies that stop runs; {@link HttpApi} says under which addresses. */
final class PolicyEndpoints {

  static final Parameters DECISIONS = Parameters.of("action", "limit");

  /** More than a run of fifty checkpoints and a hundred policies has. */
  private static final int MOST_OF_RUN = 5_000;

  private final StopPolicies policies;
  private final Ingest ingest;
  private final Store store;

  PolicyEndpoints(StopPolicies policies, Ingest ingest, Store store) {
    this.policies = policies;
    this.ingest = ingest;
    this.store = store;
  }

  CompletionStage<Answer> list(Call call) {
    return store
        .policies()
        .thenApply(
            found -> {
              JsonArray array = new JsonArray();
              found.forEach(policy -> array.add(document(policy)));
              return Answer.json(200, list("policies", array));
            });
  }

  CompletionStage<Answer> get(Call call) {
    return found(call.policy()).thenApply(policy -> Answer.json(200, document(policy)));
  }

  private CompletionStage<StoredPolicy> found(String name) {
    return store
        .policies()
        .thenApply(
            all ->
                all.stream()
                    .filter(stored -> stored.policy().name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> Problem.noPolicy(name)));
  }

  CompletionStage<Answer> put(Call call) {
    return ingest
        .define(call.policy(), call.body().getBytes())
        .thenApply(defined -> Answer.json(defined.isNew() ? 201 : 200, document(defined.policy())));
  }

  CompletionStage<Answer> delete(Call call) {
    return policies
        .delete(call.policy())
        .thenApply(
            deleted -> {
              if (!deleted) {
                throw Problem.noPolicy(call.policy());
              }
              return Answer.empty();
            });
  }

  /** What a policy decided last. */
  CompletionStage<Answer> decisions(Call call) {
    Optional<Verdict.Action> action = call.action();
    int limit = call.limit();
    return found(call.policy())
        .thenCompose(policy -> store.decisionsOfPolicy(policy.policy().name(), action, limit))
        .thenApply(decisions -> Answer.json(200, list("decisions", documents(decisions))));
  }

  /** What a run is told now, and how it stands with each policy. */
  CompletionStage<Answer> decision(Call call) {
    return store
        .find(call.run())
        .thenApply(found -> found.orElseThrow(() -> Problem.noRun(call.run())))
        .thenCompose(
            run ->
                store
                    .decisionsOfRun(run.name(), run.attempt(), MOST_OF_RUN)
                    .thenCombine(
                        store.policies(),
                        (decisions, all) -> Answer.json(200, document(run, all, decisions))));
  }

  private static JsonObject document(Run run, List<StoredPolicy> all, List<Decision> decisions) {
    JsonObject object = new JsonObject();
    object.addProperty("run", run.name());
    object.addProperty("attempt", run.attempt());
    object.addProperty("state", run.state().text());
    object.add("directive", Wire.tree(run.directive()));
    JsonArray array = new JsonArray();
    for (StoredPolicy stored : all) {
      List<Decision> own =
          decisions.stream()
              .filter(decision -> decision.policy().equals(stored.policy().name()))
              .toList();
      if (!own.isEmpty() || stored.policy().group().has(run.info())) {
        JsonObject entry = new JsonObject();
        entry.addProperty("policy", stored.policy().name());
        entry.addProperty("awaits", awaits(stored.policy(), run, own));
        entry.add("decisions", documents(own));
        array.add(entry);
      }
    }
    object.add("policies", array);
    return object;
  }

  /** Of what it takes until a policy looks at a run again. */
  private static String awaits(StopPolicy policy, Run run, List<Decision> newestFirst) {
    if (!run.live()) {
      return "nothing: the run has ended";
    } else if (run.directive().stops()) {
      return "nothing: the run was told to stop";
    } else if (!run.directive().reason().isEmpty()) {
      return "nothing: the run was told to go on, for a reason";
    } else if (!policy.group().has(run.info())) {
      return "nothing: the run is no longer of its group";
    }
    List<Series> watched = StopPolicies.watched(policy, run);
    return switch (watched.size()) {
      case 0 -> "a report of the layer and the reference that it watches";
      case 1 -> awaits(policy, latest(run, watched.get(0)), newestFirst);
      default ->
          "nothing: the run reports several series, and the policy must name a layer and a reference"
              + " that leave one: "
              + watched.stream()
                  .map(series -> series.layer() + " against " + series.reference())
                  .collect(Collectors.joining(", "));
    };
  }

  private static Observation latest(Run run, Series series) {
    return Objects.requireNonNull(run.series().get(series)).latest();
  }

  private static String awaits(StopPolicy policy, Observation latest, List<Decision> newestFirst) {
    OptionalDouble end = policy.rule().end();
    if (end.isPresent() && policy.resource().of(latest) >= end.getAsDouble()) {
      return "nothing: the run has come to maxResource, where nobody is stopped any more";
    } else if (policy.watch().of(latest).isEmpty()) {
      return "a report with a value of " + policy.watch() + ", which the newest does not have";
    }
    return newestFirst.stream().limit(1).anyMatch(last -> last.verdict().isUndecided())
        ? "more runs at the same checkpoint, or the next one"
        : "the next checkpoint";
  }

  private static JsonObject list(String name, JsonArray array) {
    JsonObject object = new JsonObject();
    object.add(name, array);
    return object;
  }

  private static JsonObject document(StoredPolicy stored) {
    JsonObject object = new JsonObject();
    object.addProperty("name", stored.policy().name());
    PolicyWire.tree(stored.policy()).asMap().forEach(object::add);
    object.addProperty("createdAt", stored.createdAt().toString());
    JsonObject counts = new JsonObject();
    for (Verdict.Action action : Verdict.Action.values()) {
      counts.addProperty(action.text(), stored.count(action));
    }
    object.add("decisions", counts);
    return object;
  }

  private static JsonArray documents(List<Decision> decisions) {
    JsonArray array = new JsonArray();
    decisions.forEach(decision -> array.add(document(decision)));
    return array;
  }

  private static JsonObject document(Decision decision) {
    Standing standing = decision.standing();
    Verdict verdict = decision.verdict();
    JsonObject object = new JsonObject();
    object.addProperty("policy", decision.policy());
    object.addProperty("run", standing.run());
    object.addProperty("attempt", standing.attempt());
    object.addProperty("bracket", standing.bracket());
    object.addProperty("checkpoint", standing.checkpoint());
    object.addProperty("step", standing.step());
    object.addProperty("value", standing.value());
    object.addProperty("action", verdict.action().text());
    object.addProperty("rank", verdict.rank());
    object.addProperty("peers", verdict.peers());
    verdict.threshold().ifPresent(threshold -> object.addProperty("threshold", threshold));
    object.addProperty("reason", decision.reason());
    object.addProperty("time", decision.decidedAt().toString());
    return object;
  }
}
