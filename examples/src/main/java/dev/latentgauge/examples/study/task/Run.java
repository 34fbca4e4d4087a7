package dev.latentgauge.examples.study.task;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One training of a task.
 *
 * @param name unique within the task, of {@code [A-Za-z0-9._-]}
 * @param role what it is for
 * @param reference the name of the run of role {@link Role#REFERENCE} that it is compared with; its
 *     own for one that is no {@link Role#RUN}
 * @param settings what distinguishes it from others, such as width and learning rate, in the order
 *     in which they are shown; {@code architecture} and {@code seed} are always among them
 */
public record Run(String name, Role role, String reference, Map<String, String> settings) {

  /** Keeps the settings as they are now. */
  public Run {
    if (!name.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException(
          "the name of a run must be of [A-Za-z0-9._-], but is \"" + name + "\"");
    }
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }
}
