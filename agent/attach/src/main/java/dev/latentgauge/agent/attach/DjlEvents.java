package dev.latentgauge.agent.attach;

/**
 * What DJL's changed methods tell. Of the JDK's types alone, as it is spoken between class loaders
 * that have different DJLs or none; public, as each of them has a package of this name of its own.
 */
public interface DjlEvents {

  /**
   * A trainer is about to be made.
   *
   * @param trainers the class of trainers, by which its class loader is known
   * @param model the {@code Model}
   * @param config the {@code TrainingConfig}
   * @return the configuration to use in its place
   */
  Object trainingBegins(Class<?> trainers, Object model, Object config);

  /** The parameters of a trainer have got their first values. */
  void initialized(Object trainer);

  /** A pass of a trainer over a data set is about to begin. */
  void passBegins(Object trainer);

  /** A trainer is about to evaluate inputs, an {@code NDList}, as for a validation. */
  void evaluates(Object trainer, Object inputs);

  /** A trainer is about to update its parameters. */
  void stepBegins(Object trainer);

  /** A block has run, and its caller has not got the output yet. */
  void answered(Object block, Object output);

  /** A fit is about to begin; answers whether it shall, as it shall not after a stop. */
  boolean fitBegins(Object trainer);

  /** A fit has come to its end by itself. */
  void fitEnds(Object trainer);

  /** A fit throws an exception; answers whether it shall end as if it did not. */
  boolean endsQuietly(Object trainer, Throwable exception);

  /** The process ends, maybe with trainings under way. */
  void processEnds();
}
