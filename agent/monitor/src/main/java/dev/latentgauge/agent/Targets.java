package dev.latentgauge.agent;

import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a monitor measures and watches, worked out from its settings; mistakes are collected. */
final class Targets {

  private static final Logger LOG = LoggerFactory.getLogger(Targets.class);

  private Targets() {}

  /** Every layer against every reference; without layers, every reference with its own. */
  static List<Target> of(List<Reference> references, List<Layer> layers, List<String> mistakes) {
    List<Target> targets = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Reference reference : references) {
      if (reference.probes().isEmpty()) {
        mistakes.add(
            "the reference must know its inputs, but "
                + reference.id()
                + " was made from embeddings alone");
      }
      List<Layer> chosen = layers;
      if (layers.isEmpty()) {
        chosen = reference.provenance().layer().map(Layer::named).stream().toList();
        if (chosen.isEmpty()) {
          mistakes.add(
              "layer(...) must say which layer to embed with, as the reference "
                  + reference.id()
                  + " does not");
        }
      }
      for (Layer layer : chosen) {
        Target target = new Target(layer, reference);
        if (seen.add(target.toString())) {
          targets.add(target);
        } else {
          mistakes.add("layers and references must differ, but there is a second " + target);
        }
      }
    }
    return targets;
  }

  /**
   * What is sketched: every layer by a probe set, without layers those of the references; each
   * layer and probe set once.
   *
   * @param probes the probe set, if there is one
   * @param targets what is compared with references
   * @param withTargets whether that is sketched too
   */
  static Collection<SketchTarget> sketched(
      Optional<ProbeSet> probes,
      List<Layer> layers,
      List<Target> targets,
      boolean withTargets,
      List<String> mistakes) {
    Map<List<String>, SketchTarget> sketched = new LinkedHashMap<>();
    for (Layer layer : probes.isPresent() ? layers : List.<Layer>of()) {
      SketchTarget target = new SketchTarget(layer, probes.orElseThrow());
      if (sketched.put(key(target), target) != null) {
        mistakes.add("layers must differ, but there is a second " + layer.name());
      }
    }
    for (Target target : targets) {
      if (probes.isPresent() && layers.isEmpty()) {
        add(sketched, new SketchTarget(target.layer(), probes.get()));
      }
      if (withTargets) {
        target
            .reference()
            .probes()
            .ifPresent(own -> add(sketched, new SketchTarget(target.layer(), own)));
      }
    }
    return sketched.values();
  }

  private static void add(Map<List<String>, SketchTarget> sketched, SketchTarget target) {
    sketched.putIfAbsent(key(target), target);
  }

  private static List<String> key(SketchTarget target) {
    return List.of(target.layer().name(), target.probes().fingerprint());
  }

  /** The rules by which to stop, each with the target that it watches. */
  static List<StoppingRule> rules(
      List<EarlyStopping> stoppings, List<Target> targets, List<String> mistakes) {
    List<StoppingRule> rules = new ArrayList<>();
    for (EarlyStopping stopping : stoppings) {
      Optional<WatchedValue> measured = WatchedValue.named(stopping.watched);
      if (measured.isEmpty()) {
        rules.add(new StoppingRule(stopping, Optional.empty()));
        continue;
      }
      Optional<Target> target =
          targets.stream().filter(candidate -> isWatched(candidate, stopping)).findFirst();
      Optional<String> mistake =
          target.isEmpty()
              ? Optional.of(unknown(stopping, targets))
              : measured.get().unknownTo(target.get().reference());
      if (mistake.isEmpty()) {
        rules.add(new StoppingRule(stopping, target));
      } else if (stopping.strict) {
        mistakes.add(mistake.get());
      } else {
        LOG.warn("{}; {} does nothing", mistake.get(), stopping);
      }
    }
    if (stoppings.stream().filter(stopping -> stopping.restoresBest).count() > 1) {
      mistakes.add("restoreBest(true) must be said of one EarlyStopping alone, but is of several");
    }
    return rules;
  }

  private static boolean isWatched(Target target, EarlyStopping stopping) {
    Reference reference = target.reference();
    return stopping.layer.map(name -> name.equals(target.layer().name())).orElse(true)
        && stopping
            .reference
            .map(name -> name.equals(reference.name()) || name.equals(reference.id()))
            .orElse(true);
  }

  private static String unknown(EarlyStopping stopping, List<Target> targets) {
    return "early stopping watches "
        + stopping.layer.map(layer -> "layer " + layer).orElse("any layer")
        + stopping.reference.map(reference -> " against " + reference).orElse("")
        + ", but "
        + (targets.isEmpty()
            ? "nothing is compared with a reference"
            : "what is measured is "
                + targets.stream().map(Target::toString).collect(Collectors.joining(", ")));
  }

  /** Lets rules go on from where those of an earlier process were. */
  static void resume(List<StoppingRule> rules, MonitorState state, List<String> mistakes) {
    List<String> before = state.rules().stream().map(MonitorState.Rule::watched).toList();
    List<String> now = rules.stream().map(StoppingRule::watches).toList();
    if (!now.equals(before)) {
      mistakes.add(
          "a state can be resumed only by what it is of, but it is of early stopping by "
              + before
              + " and this monitor has "
              + now);
      return;
    }
    for (int i = 0; i < rules.size(); i++) {
      rules.get(i).resume(state.rules().get(i));
    }
  }
}
