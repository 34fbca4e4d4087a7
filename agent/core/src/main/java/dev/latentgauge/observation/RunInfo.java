package dev.latentgauge.observation;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One training, and the process that is at it now.
 *
 * <p>Immutable: the {@code with} methods answer a changed copy.
 *
 * @param name the name of the run, see {@link Names}
 * @param attempt the process that trains it, from 1; a resumed run has a new attempt
 * @param model what is trained, for people
 * @param dataset what it is trained on, for people
 * @param tags hyperparameters and whatever else tells runs apart, at most {@value #MOST_TAGS}
 * @param startedAt when the attempt started
 * @param command how to start it again
 */
public record RunInfo(
    String name,
    int attempt,
    Optional<String> model,
    Optional<String> dataset,
    SortedMap<String, String> tags,
    Optional<Instant> startedAt,
    Optional<String> command) {

  /** The most tags that a run can have. */
  public static final int MOST_TAGS = 32;

  /** The most characters in the name of a tag. */
  public static final int LONGEST_TAG_NAME = 64;

  /** The most characters in any text about a run. */
  public static final int LONGEST_TEXT = 1024;

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if the name, the attempt, a tag or a text is not allowed
   */
  public RunInfo {
    Names.require("the name of a run", name);
    if (attempt < 1) {
      throw new IllegalArgumentException("attempt must be at least 1, but is " + attempt);
    }
    model.ifPresent(text -> requireText("model", text));
    dataset.ifPresent(text -> requireText("dataset", text));
    command.ifPresent(text -> requireText("command", text));
    if (tags.size() > MOST_TAGS) {
      throw new IllegalArgumentException(
          "tags must be at most " + MOST_TAGS + ", but are " + tags.size());
    }
    tags.forEach(RunInfo::requireTag);
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /**
   * A run of which only the name is known.
   *
   * @param name the name of the run, see {@link Names}
   * @return its first attempt
   * @throws IllegalArgumentException if the name is not allowed
   */
  public static RunInfo named(String name) {
    return new RunInfo(
        name,
        1,
        Optional.empty(),
        Optional.empty(),
        new TreeMap<>(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Adds a tag.
   *
   * @param key its name, a letter followed by letters, digits and {@code _ . -}, at most {@value
   *     #LONGEST_TAG_NAME} characters
   * @param value its value, at most {@value #LONGEST_TEXT} characters
   * @return a copy with the tag, in place of one of the same name
   * @throws IllegalArgumentException if the tag is not allowed, or is one too many
   */
  public RunInfo tag(String key, String value) {
    SortedMap<String, String> more = new TreeMap<>(tags);
    more.put(key, value);
    return new RunInfo(name, attempt, model, dataset, more, startedAt, command);
  }

  /**
   * Names the model.
   *
   * @param text the model, at most {@value #LONGEST_TEXT} characters
   * @return a copy with the model
   */
  public RunInfo withModel(String text) {
    return new RunInfo(name, attempt, Optional.of(text), dataset, tags, startedAt, command);
  }

  /**
   * Names the data.
   *
   * @param text the data, at most {@value #LONGEST_TEXT} characters
   * @return a copy with the data
   */
  public RunInfo withDataset(String text) {
    return new RunInfo(name, attempt, model, Optional.of(text), tags, startedAt, command);
  }

  /**
   * Numbers the attempt.
   *
   * @param number the attempt, from 1
   * @return a copy with the attempt
   */
  public RunInfo withAttempt(int number) {
    return new RunInfo(name, number, model, dataset, tags, startedAt, command);
  }

  /**
   * Says when the attempt started.
   *
   * @param instant the time
   * @return a copy with the time
   */
  public RunInfo withStartedAt(Instant instant) {
    return new RunInfo(name, attempt, model, dataset, tags, Optional.of(instant), command);
  }

  /**
   * Says how to start it again.
   *
   * @param text a command line, at most {@value #LONGEST_TEXT} characters
   * @return a copy with the command
   */
  public RunInfo withCommand(String text) {
    return new RunInfo(name, attempt, model, dataset, tags, startedAt, Optional.of(text));
  }

  private static void requireTag(String key, String value) {
    if (!key.matches("[A-Za-z][A-Za-z0-9_.-]*") || key.length() > LONGEST_TAG_NAME) {
      throw new IllegalArgumentException(
          "the name of a tag must be a letter followed by letters, digits, \"_\", \".\" and \"-\","
              + " at most "
              + LONGEST_TAG_NAME
              + " characters, but is \""
              + key
              + "\"");
    }
    requireText("the tag " + key, value);
  }

  static void requireText(String what, String text) {
    if (text.length() > LONGEST_TEXT) {
      throw new IllegalArgumentException(
          what + " must have at most " + LONGEST_TEXT + " characters, but has " + text.length());
    }
  }
}
