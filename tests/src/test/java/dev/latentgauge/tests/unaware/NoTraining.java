package dev.latentgauge.tests.unaware;

/** A program that trains nothing. */
public final class NoTraining {

  private NoTraining() {}

  /** Prints a line. */
  public static void main(String[] arguments) {
    System.out.println("done");
  }
}
