package dev.latentgauge.examples.study.task;

import java.util.Locale;

/** What a training is for. */
public enum Role {
  /** One of the trainings of which the study asks how good they are. */
  RUN,
  /** The good model that runs are compared with; its last snapshot counts. */
  REFERENCE,
  /** A second good model, from another seed: how far two good trainings agree. */
  CEILING,
  /** Control: a reference that is only half good. */
  MEDIOCRE,
  /** Control: a reference that was never trained. */
  UNTRAINED,
  /** A good reference of another architecture. */
  OTHER_ARCHITECTURE;

  /**
   * The name for tables and files.
   *
   * @return in lower case, with hyphens
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
