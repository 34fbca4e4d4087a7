package dev.latentgauge.examples.spark;

import ai.djl.engine.EngineException;
import dev.latentgauge.relative.Profile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Files, and the references that they are scored against in the executors.
 *
 * <p>The driver lists the files and reads the references, which go to each executor once; it never
 * loads the engine. A task gets the names of some files, fetches one after the other, and has no
 * more than one of them in memory.
 */
final class FleetScoring {

  private final SparkSession spark;
  private final List<String> files;
  private final int filesPerTask;
  private final int referenceCount;
  private final Broadcast<References> references;
  private final Broadcast<SerializableConfiguration> configuration;

  private FleetScoring(
      SparkSession spark, List<String> files, int filesPerTask, References references) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    this.spark = spark;
    this.files = files;
    this.filesPerTask = filesPerTask;
    this.referenceCount = references.contents().size();
    this.references = context.broadcast(references);
    this.configuration =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
  }

  /**
   * Starts a Spark that can send what a job needs to executors.
   *
   * @param name what the job is called, for people
   */
  static SparkSession.Builder session(String name) {
    return SparkSession.builder()
        .appName(name)
        // Kryo, which a cluster may have as its default, cannot serialize records on Java 17.
        .config("spark.serializer", JavaSerializer.class.getName());
  }

  /**
   * Reads the references, and opens them once, in an executor.
   *
   * @param files what to score, with their file systems
   * @param filesPerTask at least 1
   * @param references at least one, with their file systems
   * @param anchorErrors whether errors over the choice of anchors are wanted
   * @param profile the profile that was asked for, if one was
   * @throws IOException if a reference cannot be read
   * @throws IllegalArgumentException if a reference cannot be used, saying why
   */
  static FleetScoring of(
      SparkSession spark,
      List<Path> files,
      int filesPerTask,
      List<Path> references,
      boolean anchorErrors,
      Optional<Profile> profile)
      throws IOException {
    List<ReferenceContent> contents = new ArrayList<>();
    for (Path reference : references) {
      contents.add(ReferenceContent.read(reference, spark.sparkContext().hadoopConfiguration()));
    }
    FleetScoring scoring =
        new FleetScoring(
            spark,
            files.stream().map(Path::toString).toList(),
            filesPerTask,
            new References(
                UUID.randomUUID(),
                contents,
                anchorErrors,
                profile.map(Profile::toString).orElse(null)));
    scoring.tryReferences();
    return scoring;
  }

  /** A reference that cannot be used would fail every task, and be told with a stack trace each. */
  private void tryReferences() {
    Broadcast<References> sent = references;
    String failure = context().parallelize(List.of(sent), 1).map(FleetScoring::tried).first();
    if (!failure.isEmpty()) {
      throw new IllegalArgumentException(failure);
    }
  }

  private static String tried(Broadcast<References> sent) throws IOException {
    try {
      ExecutorEngine.load();
      OpenReferences.take(sent.value()).leave();
      return "";
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    } catch (EngineException | LinkageError e) {
      return "an executor cannot load the engine, whose native libraries must be on its class path"
          + " (spark-submit --jars): "
          + e;
    }
  }

  /**
   * The rows of the table, not yet computed.
   *
   * @return a row for each file and reference, as {@link FleetColumns} has them
   */
  Dataset<Row> rows() {
    int tasks = (files.size() + filesPerTask - 1) / filesPerTask;
    return spark.createDataFrame(
        context().parallelize(files, tasks).mapPartitions(new Task(references, configuration)),
        FleetColumns.SCHEMA);
  }

  /** How many {@link #rows} there are: one for each file and reference. */
  long rowCount() {
    return (long) files.size() * referenceCount;
  }

  private JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }

  /** What is done in an executor. */
  private record Task(
      Broadcast<References> references, Broadcast<SerializableConfiguration> configuration)
      implements FlatMapFunction<Iterator<String>, Row> {

    @Override
    public Iterator<Row> call(Iterator<String> files) throws IOException {
      ExecutorEngine.load();
      OpenReferences open = OpenReferences.take(references.value());
      try {
        List<Row> rows = new ArrayList<>();
        while (files.hasNext()) {
          rows.addAll(open.score(files.next(), configuration.value().value()));
        }
        open.leave();
        return rows.iterator();
      } catch (IOException | RuntimeException | Error e) {
        open.close();
        throw e;
      }
    }
  }
}
