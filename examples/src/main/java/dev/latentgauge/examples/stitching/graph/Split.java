package dev.latentgauge.examples.stitching.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What each paper is for; the same for all trainings, so that a head is never tested on a paper
 * that it has learnt.
 *
 * @param learnt topics of the papers that are learnt from, by their numbers
 * @param validated topics of those that choose the epoch
 * @param tested topics of those that accuracy is measured on
 * @param anchors papers that are learnt from, each once
 */
record Split(
    Map<Integer, Integer> learnt,
    Map<Integer, Integer> validated,
    Map<Integer, Integer> tested,
    List<Integer> anchors) {

  /** A tenth is tested, a tenth chooses, the others are learnt from; always the same. */
  static Split of(List<Integer> topics, int anchors) {
    List<Integer> papers = new ArrayList<>(IntStream.range(0, topics.size()).boxed().toList());
    Collections.shuffle(papers, new Random(0));
    int held = Math.round(papers.size() / 10f);
    List<Integer> learnt = papers.subList(2 * held, papers.size());
    return new Split(
        labels(learnt, topics),
        labels(papers.subList(held, 2 * held), topics),
        labels(papers.subList(0, held), topics),
        List.copyOf(learnt.subList(0, anchors)));
  }

  private static Map<Integer, Integer> labels(List<Integer> papers, List<Integer> topics) {
    Map<Integer, Integer> labels = new LinkedHashMap<>();
    papers.forEach(paper -> labels.put(paper, topics.get(paper)));
    return Collections.unmodifiableMap(labels);
  }
}
