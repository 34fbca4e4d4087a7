package dev.latentgauge.observation;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What runs, layers and references may be called. */
public final class Names {

  /** The most characters in a name. */
  public static final int LONGEST = 128;

  /**
   * What names are made of. With the exception of {@code .} and {@code ..}, they are safe in paths,
   * labels and file names.
   */
  public static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9._*@-]{1," + LONGEST + "}");

  private Names() {}

  /**
   * Checks a name.
   *
   * @param what the thing that is named, for the message
   * @param name the name
   * @return {@code name}
   * @throws IllegalArgumentException if it does not match {@link #PATTERN}, or is {@code .} or
   *     {@code ..}, which in a path mean folders
   */
  public static String require(String what, String name) {
    if (!PATTERN.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what + " must match " + PATTERN + ", but is \"" + shortened(name) + "\"");
    }
    if (name.equals(".") || name.equals("..")) {
      throw new IllegalArgumentException(
          what
              + " must not be \".\" or \"..\", which in a path mean folders, but is \""
              + name
              + "\"");
    }
    return name;
  }

  /**
   * Reads a pattern of names.
   *
   * @param pattern text in which {@code *} stands for any characters, none included
   * @return matches the names that are meant
   */
  public static Pattern matching(String pattern) {
    return Pattern.compile(
        Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }

  private static String shortened(String name) {
    return name.length() <= 140 ? name : name.substring(0, 140) + "…";
  }
}
