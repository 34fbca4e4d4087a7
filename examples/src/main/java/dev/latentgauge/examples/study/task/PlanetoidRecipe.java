package dev.latentgauge.examples.study.task;

import ai.djl.nn.Block;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.latentgauge.examples.data.Cora;
import dev.latentgauge.examples.graph.Activity;
import dev.latentgauge.examples.graph.DeepEncoder;
import dev.latentgauge.examples.graph.DeepNetwork;
import dev.latentgauge.examples.graph.ShallowNetwork;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * How a network is trained on the Planetoid split.
 *
 * @param layers of graph convolution: 2 for the network of Kipf and Welling, more for GCNII
 * @param width units between the layers, at least 1
 * @param dropout probability, at least 0 and below 1
 * @param adam whether by Adam; otherwise by stochastic gradient descent with momentum 0.9
 * @param learningRate constant, above 0
 * @param weightDecay of all parameters, at least 0
 * @param labels of each topic that are learnt from, from 1 to 20
 * @param noise the share of labels that are replaced by a topic drawn at random, in [0, 1]
 * @param seed of weights, dropout and the choice of labels
 */
record PlanetoidRecipe(
    int layers,
    int width,
    double dropout,
    boolean adam,
    float learningRate,
    float weightDecay,
    int labels,
    double noise,
    int seed) {

  private static final float MOMENTUM = 0.9f;

  Block network() {
    return layers == 2
        ? new ShallowNetwork(width, dropout, Cora.TOPICS)
        : new DeepNetwork(
            new DeepEncoder.Form(
                DeepEncoder.Convolution.GCN2, layers, width, dropout, Activity.RELU, Activity.RELU),
            Cora.TOPICS);
  }

  Optimizer optimizer() {
    Tracker rate = Tracker.fixed(learningRate);
    return adam
        ? Optimizer.adam().optLearningRateTracker(rate).optWeightDecays(weightDecay).build()
        : Optimizer.sgd()
            .setLearningRateTracker(rate)
            .optMomentum(MOMENTUM)
            .optWeightDecays(weightDecay)
            .build();
  }

  /**
   * Which papers are learnt from, and as what.
   *
   * @param topics of all papers that may be learnt from, by their numbers
   * @return some of them, of which some have another topic
   */
  Map<Integer, Integer> learnt(Map<Integer, Integer> topics) {
    Random random = new Random(seed);
    List<Integer> papers = new ArrayList<>(topics.keySet());
    Collections.shuffle(papers, random);
    int[] taken = new int[Cora.TOPICS];
    Map<Integer, Integer> learnt = new LinkedHashMap<>();
    for (int paper : papers) {
      int topic = topics.getOrDefault(paper, 0);
      if (taken[topic]++ < labels) {
        boolean replaced = random.nextDouble() < noise;
        int other = random.nextInt(Cora.TOPICS);
        learnt.put(paper, replaced ? other : topic);
      }
    }
    return learnt;
  }

  Run run(String name, Role role, String reference) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("architecture", layers == 2 ? "GCN" : "GCN2");
    settings.put("layers", Integer.toString(layers));
    settings.put("width", Integer.toString(width));
    settings.put("dropout", Double.toString(dropout));
    settings.put("optimizer", adam ? "Adam" : "SGD");
    settings.put("learning_rate", Float.toString(learningRate));
    settings.put("weight_decay", Float.toString(weightDecay));
    settings.put("labels_per_topic", Integer.toString(labels));
    settings.put("label_noise", Double.toString(noise));
    settings.put("seed", Integer.toString(seed));
    return new Run(name, role, reference, settings);
  }
}
