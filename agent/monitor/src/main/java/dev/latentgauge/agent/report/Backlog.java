package dev.latentgauge.agent.report;

/**
 * What a reporter has not delivered.
 *
 * @param spooled reports that are kept on disk until they can be delivered, at least 0
 * @param dropped reports that were given up, at least 0
 */
public record Backlog(long spooled, long dropped) {

  /** Nothing is kept, nothing was given up. */
  public static final Backlog NONE = new Backlog(0, 0);
}
