package dev.latentgauge.examples.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Locale;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The table of Parquet files that a job writes. */
final class ScoreTable {

  private final SparkSession spark;
  private final FileSystem system;
  private final Path folder;
  private final boolean overwrite;

  /**
   * A table that need not be there yet.
   *
   * @param folder on any Hadoop file system
   * @param overwrite whether a table that is there may be replaced
   * @throws IOException if there is no such file system
   */
  ScoreTable(SparkSession spark, String folder, boolean overwrite) throws IOException {
    this.spark = spark;
    this.system = new Path(folder).getFileSystem(spark.sparkContext().hadoopConfiguration());
    this.folder = system.makeQualified(new Path(folder));
    this.overwrite = overwrite;
  }

  /**
   * Checks that the table may be written, before there is work that would be lost.
   *
   * @throws IOException if there is something already that may not be replaced
   */
  void requireWritable() throws IOException {
    if (!system.exists(folder)) {
      return;
    }
    if (!overwrite) {
      throw new FileAlreadyExistsException(
          folder + " is there already; choose another --output, or replace it by --overwrite");
    }
    for (FileStatus entry : system.listStatus(folder)) {
      if (!isOfTable(entry.getPath().getName())) {
        throw new FileAlreadyExistsException(
            "--overwrite deletes all of "
                + folder
                + ", which must be a table of this job, but has "
                + entry.getPath().getName());
      }
    }
  }

  /** Whether Spark names so what it writes. */
  private static boolean isOfTable(String name) {
    return name.startsWith("_")
        || name.startsWith(".")
        || (name.startsWith("part-") && name.endsWith(".parquet"));
  }

  /**
   * Computes and writes rows. A table that is there already stays until they are written.
   *
   * @throws IOException if they cannot be put in its place
   */
  void write(Dataset<Row> rows) throws IOException {
    if (!overwrite || !system.exists(folder)) {
      write(rows, folder);
      return;
    }
    Path fresh = new Path(folder.getParent(), "." + folder.getName() + "-" + UUID.randomUUID());
    try {
      write(rows, fresh);
      system.delete(folder, true);
      if (!system.rename(fresh, folder)) {
        throw new IOException(folder + " could not be replaced");
      }
    } finally {
      system.delete(fresh, true);
    }
  }

  /** In as few files as the rows fill, and in their order in each. */
  private static void write(Dataset<Row> rows, Path place) {
    rows.hint("rebalance")
        .sortWithinPartitions("file", "referenceFile")
        .write()
        .parquet(place.toString());
  }

  /** What the table has, as it was written. */
  String summary() {
    Row row =
        spark
            .read()
            .parquet(folder.toString())
            .agg(
                countDistinct("file"),
                countDistinct("referenceFile"),
                count(col("score")),
                count(col("undefined")),
                count(col("failure")))
            .first();
    return String.format(
        Locale.ROOT,
        "%,d files, %,d references: %,d scores, %,d undefined, %,d failures; %s",
        row.getLong(0),
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        folder);
  }
}
