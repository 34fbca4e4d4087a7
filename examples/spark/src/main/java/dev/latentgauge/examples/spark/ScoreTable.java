package dev.latentgauge.examples.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.commons.lang3.StringUtils;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The table of Parquet files that a job writes.
 *
 * <p>It is written beside its place, under a hidden name, and moved there when it is complete and
 * has the rows that it must have. What is there already is moved aside for that, and deleted last,
 * so that whatever fails, one of the two tables is left.
 */
final class ScoreTable {

  private static final String PATTERN = "*?[]{}\\"; // what Hadoop takes for a part of a pattern

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
   * @throws IllegalArgumentException if the folder has a name that no table can have
   */
  ScoreTable(SparkSession spark, String folder, boolean overwrite) throws IOException {
    this.spark = spark;
    this.system = new Path(folder).getFileSystem(spark.sparkContext().hadoopConfiguration());
    this.folder = system.makeQualified(new Path(folder));
    this.overwrite = overwrite;
    if (this.folder.isRoot() || StringUtils.containsAny(this.folder.toString(), PATTERN)) {
      throw new IllegalArgumentException(
          "--output must be a folder in another, and have none of "
              + PATTERN
              + " in its name, which would be taken for a pattern, but is "
              + folder);
    }
  }

  /**
   * Checks that the table may be written, before there is work that would be lost.
   *
   * @throws IOException if there is something already that may not be replaced
   */
  void requireWritable() throws IOException {
    if (!isTaken()) {
      return;
    }
    if (!overwrite) {
      throw new FileAlreadyExistsException(
          folder + " is there already; choose another --output, or replace it by --overwrite");
    }
    EarlierTable.require(folder, system);
  }

  /** Whether there is something, other than a folder that was never filled. */
  private boolean isTaken() throws IOException {
    return system.exists(folder)
        && (system.getFileStatus(folder).isFile() || system.listStatus(folder).length > 0);
  }

  /**
   * Computes and writes rows. A table that is there already stays until they are written.
   *
   * @param count how many rows there must be, no two of which are of the same file and reference
   * @return what the table has, as it was written, for people
   * @throws IOException if they are others, or cannot be put in their place; then the message says
   *     where they are
   */
  String write(Dataset<Row> rows, long count) throws IOException {
    Path fresh = beside("new");
    String summary;
    try {
      write(rows, fresh);
      summary = checked(fresh, count);
    } catch (Throwable e) { // as Spark throws what Java must declare, undeclared
      discard(fresh, e);
      throw e;
    }
    replaceBy(fresh);
    return summary;
  }

  private void discard(Path incomplete, Throwable failure) {
    try {
      if (system.exists(incomplete) && !system.delete(incomplete, true)) {
        failure.addSuppressed(new IOException(incomplete + " cannot be deleted"));
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** A name that nothing has yet and that readers pass over. */
  private Path beside(String what) {
    return new Path(
        folder.getParent(), "." + folder.getName() + "-" + what + "-" + UUID.randomUUID());
  }

  /**
   * In as few files as the rows fill, and in their order in each. Where a row goes depends on its
   * key alone: the task of a lost executor may come to another text the second time, why a file
   * cannot be read, while what it sent elsewhere is kept.
   */
  private static void write(Dataset<Row> rows, Path place) {
    rows.hint("rebalance", col("file"), col("referenceFile"))
        .sortWithinPartitions("file", "referenceFile")
        .write()
        .parquet(place.toString());
  }

  /** What was written, if it is what had to be. */
  private String checked(Path written, long count) throws IOException {
    Row row =
        spark
            .read()
            .schema(FleetColumns.SCHEMA)
            .parquet(written.toString())
            .agg(
                count(lit(1)),
                countDistinct("file", "referenceFile"),
                countDistinct("file"),
                countDistinct("referenceFile"),
                count(col("score")),
                count(col("undefined")),
                count(col("failure")))
            .first();
    if (row.getLong(0) != count || row.getLong(1) != count) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "there must be %,d rows, each of another file and reference, but %,d were written,"
                  + " of %,d: nothing is changed at %s",
              count,
              row.getLong(0),
              row.getLong(1),
              folder));
    }
    return String.format(
        Locale.ROOT,
        "%,d files, %,d references: %,d scores, %,d undefined, %,d failures; %s",
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        folder);
  }

  /** Moves a complete table to its place; of what goes wrong, the message says where it is. */
  private void replaceBy(Path fresh) throws IOException {
    Optional<Path> old = Optional.empty();
    try {
      requireWritable(); // once more, as hours may have passed
      old = movedAside();
      move(fresh, folder);
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          "the new table is complete and kept at "
              + fresh
              + ", but cannot be moved to "
              + folder
              + ": "
              + e.getMessage()
              + old.map(this::movedBack).orElse(""),
          e);
    }
    if (old.isPresent() && !system.delete(old.get(), true)) {
      throw new IOException(
          folder + " is the new table, but the old one cannot be deleted: " + old.get());
    }
  }

  private Optional<Path> movedAside() throws IOException {
    if (!system.exists(folder)) {
      return Optional.empty();
    }
    Path aside = beside("old");
    move(folder, aside);
    return Optional.of(aside);
  }

  /** Puts an old table where it was, and says so if that cannot be done. */
  private String movedBack(Path old) {
    try {
      move(old, folder);
      return "";
    } catch (IOException | RuntimeException e) {
      return "; the old table is at " + old;
    }
  }

  private void move(Path from, Path to) throws IOException {
    if (system.exists(to)) { // where a folder would be moved into it
      throw new FileAlreadyExistsException(to + " is there");
    }
    if (!system.rename(from, to)) {
      throw new IOException(from + " cannot be moved to " + to);
    }
  }
}
