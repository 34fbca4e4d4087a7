package dev.latentgauge.examples.spark;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.util.Utils;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.spark.SparkFiles;
import org.apache.spark.TaskContext;

/**
 * The engine of an executor, loaded by its first task.
 *
 * <p>It computes with as many threads as a task has cores ({@code spark.task.cpus}), unless {@code
 * OMP_NUM_THREADS} or {@code ai.djl.pytorch.num_threads} say otherwise: of its own it takes all
 * cores of the machine for every task. Spark sets the former for executors, and in local mode
 * nobody does.
 *
 * <p>The native libraries are unpacked, 450 MB, where {@code ENGINE_CACHE_DIR} or {@code
 * DJL_CACHE_DIR} say, else into the working folder of the executor. The former may be shared by the
 * executors of a machine, which then wait for each other: of two that unpack at once, the one that
 * is late deletes what the other has just made.
 */
final class ExecutorEngine {

  private static final String FOLDER = "ENGINE_CACHE_DIR";
  private static final String THREADS = "ai.djl.pytorch.num_threads";
  private static final String OFFLINE = "ai.djl.offline";

  private static boolean loaded;

  private ExecutorEngine() {}

  /**
   * Makes the engine ready, in a task.
   *
   * @throws IOException if there is no folder for its libraries
   * @throws EngineException if it cannot be loaded
   */
  static synchronized void load() throws IOException {
    if (loaded) {
      return;
    }
    if (!isGiven(OFFLINE) && !isGiven("DJL_OFFLINE")) {
      System.setProperty(OFFLINE, "true");
    }
    if (!isGiven(THREADS) && !isGiven("OMP_NUM_THREADS")) {
      System.setProperty(THREADS, Integer.toString(TaskContext.get().cpus()));
    }
    if (isGiven(FOLDER) || isGiven("DJL_CACHE_DIR")) {
      loadFrom(Files.createDirectories(Utils.getEngineCacheDir()));
    } else {
      Path own = Path.of(SparkFiles.getRootDirectory(), "latentgauge-engine").toAbsolutePath();
      System.setProperty(FOLDER, own.toString());
      Engine.getInstance();
    }
    loaded = true;
  }

  private static void loadFrom(Path shared) throws IOException {
    if (!Files.isWritable(shared)) {
      Engine.getInstance();
      return;
    }
    try (FileChannel channel =
        FileChannel.open(
            shared.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock(); // until the channel is closed, or the process killed
      Engine.getInstance();
    }
  }

  private static boolean isGiven(String name) {
    return Utils.getEnvOrSystemProperty(name) != null;
  }
}
