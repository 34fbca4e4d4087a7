package dev.latentgauge.cli;

import ai.djl.engine.EngineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What is said of a failure. */
final class Failure {

  private Failure() {}

  /**
   * A failure in one line for the person at the terminal: its message, and the names of exceptions
   * only where they are all there is.
   */
  static String oneLine(Throwable failure) {
    return oneLine(sentence(failure));
  }

  /** A text in one line. */
  static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  private static String sentence(Throwable failure) {
    if (failure instanceof UncheckedIOException && failure.getCause() != null) {
      return sentence(failure.getCause());
    }
    if (failure instanceof OutOfMemoryError) {
      return "out of memory ("
          + failure.getMessage()
          + "); java -Xmx4g gives it more, for instance";
    }
    if (failure instanceof NoSuchFileException) {
      return failure.getMessage() + " does not exist";
    }
    if (failure instanceof AccessDeniedException) {
      return "access to " + failure.getMessage() + " is denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return failure.getMessage() + " exists already";
    }
    if (failure instanceof NotDirectoryException) {
      return failure.getMessage() + " is not a folder";
    }
    String message = failure.getMessage();
    if (message == null || message.isBlank() || !isMeantForPeople(failure)) {
      return failure + "; --verbose tells where";
    }
    return message;
  }

  /** Others come from a mistake in the program, and their messages alone say too little. */
  private static boolean isMeantForPeople(Throwable failure) {
    return failure instanceof IOException
        || failure instanceof EngineException
        || failure instanceof IllegalArgumentException
        || failure instanceof IllegalStateException
        || failure instanceof picocli.CommandLine.PicocliException;
  }
}
