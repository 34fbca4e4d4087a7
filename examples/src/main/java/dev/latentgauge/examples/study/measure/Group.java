package dev.latentgauge.examples.study.measure;

/** What a measure asks for. */
public enum Group {
  /** Embeddings of run and reference, no label. */
  REPRESENTATION,
  /** The run's embeddings alone, no label. */
  RUN_ALONE,
  /** Besides, what run and reference predict, so a common head; no label. */
  PREDICTIONS,
  /** The labels of the training data. */
  LABELS,
  /** Nothing that could tell a good run: what a measure must beat. */
  CONTROL
}
