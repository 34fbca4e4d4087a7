package dev.latentgauge.collector.scoring;

import java.io.IOException;

/** Makes the engine ready before its first use. */
@FunctionalInterface
public interface EngineLoader {

  /** The engine is ready by itself. */
  EngineLoader NONE = () -> {};

  /**
   * Loads the engine; called again if it failed.
   *
   * @throws IOException if it cannot be loaded
   */
  void load() throws IOException;
}
