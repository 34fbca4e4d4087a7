package dev.latentgauge.delivery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the bearer token comes from. The token itself is in no field that is printed, and in no
 * message.
 */
final class Token {

  static final String VARIABLE = "LATENTGAUGE_TOKEN";
  static final String FILE_VARIABLE = "LATENTGAUGE_TOKEN_FILE";

  private static final int LONGEST = 8192;

  /** Of RFC 6750, with the characters that other kinds of tokens have. */
  private static final Pattern ALLOWED = Pattern.compile("[!-~]{1," + LONGEST + "}");

  private final String source;
  private final Reader reader;

  /** Reads a token anew. */
  private interface Reader {
    Optional<String> read() throws IOException;
  }

  private Token(String source, Reader reader) {
    this.source = source;
    this.reader = reader;
  }

  static Token none() {
    return new Token("none", Optional::empty);
  }

  /** The content of a file, read for every request, so that it may change. */
  static Token file(Path file) {
    return new Token("the file " + file, () -> Optional.of(content(file)));
  }

  /** An environment variable, which must be set. */
  static Token variable(String name, Map<String, String> environment) {
    return new Token(
        "the environment variable " + name,
        () -> {
          String value = environment.get(name);
          if (value == null) {
            throw new IOException("the environment variable " + name + " must be set, but is not");
          }
          return Optional.of(value);
        });
  }

  /** What the environment says, if it does. */
  static Token standard(Map<String, String> environment) {
    if (!environment.getOrDefault(VARIABLE, "").isBlank()) {
      return variable(VARIABLE, environment);
    }
    String file = environment.getOrDefault(FILE_VARIABLE, "");
    return file.isBlank() ? none() : file(Path.of(file));
  }

  /**
   * The token as it is now; empty if there is to be none.
   *
   * @throws IOException if it cannot be read, or cannot be one
   */
  Optional<String> read() throws IOException {
    Optional<String> token = reader.read().map(String::strip);
    if (token.filter(String::isEmpty).isPresent()) {
      throw new IOException(source + " must hold a token, but is empty");
    }
    if (token.filter(text -> !ALLOWED.matcher(text).matches()).isPresent()) {
      throw new IOException(
          "the token in "
              + source
              + " must be 1 to "
              + LONGEST
              + " visible ASCII characters, but is not");
    }
    return token;
  }

  boolean isNone() {
    return source.equals("none");
  }

  private static String content(Path file) throws IOException {
    try {
      if (Files.size(file) > LONGEST + 2) {
        throw new IOException("the token file " + file + " is larger than a token can be");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IOException("the token file " + file + " does not exist", e);
    } catch (java.nio.charset.CharacterCodingException e) {
      throw new IOException("the token file " + file + " is not a text", e);
    }
  }

  @Override
  public String toString() {
    return source;
  }
}
