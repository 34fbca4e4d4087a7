package dev.latentgauge.observation;

/** A document that is not what it should be; the message names the field and what is allowed. */
public final class WireException extends IllegalArgumentException {

  private final String field;

  WireException(String field, String problem) {
    super(field.isEmpty() ? problem : field + " " + problem);
    this.field = field;
  }

  /**
   * The field that is at fault.
   *
   * @return a path such as {@code observations[3].score}; empty if it is the whole document
   */
  public String field() {
    return field;
  }
}
