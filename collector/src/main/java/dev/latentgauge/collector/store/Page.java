package dev.latentgauge.collector.store;

import java.util.List;

/**
 * A part of a list.
 *
 * @param <T> what is listed
 * @param items the part, in the order of the list
 * @param more whether the list goes on
 */
public record Page<T>(List<T> items, boolean more) {

  /** Keeps an unmodifiable copy. */
  public Page {
    items = List.copyOf(items);
  }
}
