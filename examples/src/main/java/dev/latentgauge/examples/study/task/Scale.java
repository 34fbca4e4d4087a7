package dev.latentgauge.examples.study.task;

/** How much of a task is trained. */
public enum Scale {
  /** A few short trainings, to see that everything works. */
  SMOKE,
  /** What the report is made of. */
  REPORT,
  /** As much as the task has to offer; the same as {@link #REPORT} for most. */
  FULL
}
