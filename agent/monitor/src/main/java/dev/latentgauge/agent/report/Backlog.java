package dev.latentgauge.agent.report;

/**
 * What a reporter has not delivered.
 *
 * @param spooled reports kept until they can be delivered, on disk where the reporter has one
 * @param dropped reports that the reporter gave up
 */
public record Backlog(long spooled, long dropped) {

  /** All was delivered. */
  public static final Backlog NONE = new Backlog(0, 0);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public Backlog {
    if (spooled < 0 || dropped < 0) {
      throw new IllegalArgumentException(
          "spooled and dropped must be at least 0, but are " + spooled + " and " + dropped);
    }
  }
}
