package dev.latentgauge.examples.spark;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;

/** Tells a table of this job from whatever else may be where one is to be written. */
final class EarlierTable {

  private static final String PART = "part-.*\\.parquet";
  private static final Pattern PARTS = Pattern.compile(PART);
  private static final Pattern OTHERS =
      Pattern.compile("_SUCCESS|\\.(_SUCCESS|" + PART + ")\\.crc");

  private EarlierTable() {}

  /**
   * Refuses to delete anything else.
   *
   * @param folder is there
   * @throws FileAlreadyExistsException if it is not a table of this job, and nothing but one
   * @throws IOException if that cannot be found out
   */
  static void require(Path folder, FileSystem system) throws IOException {
    if (system.getFileStatus(folder).isFile()) {
      throw refused(folder, "is a file");
    }
    boolean hasParts = false;
    for (FileStatus entry : system.listStatus(folder)) {
      String name = entry.getPath().getName();
      boolean isPart = entry.isFile() && PARTS.matcher(name).matches();
      if (isPart && !hasColumns(entry, system)) {
        throw refused(folder, "has other columns in " + name);
      }
      if (!isPart && !(entry.isFile() && OTHERS.matcher(name).matches())) {
        throw refused(folder, "has " + name);
      }
      hasParts |= isPart;
    }
    if (!hasParts) {
      throw refused(folder, "has no Parquet file");
    }
  }

  private static boolean hasColumns(FileStatus part, FileSystem system) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromStatus(part, system.getConf()))) {
      MessageType schema = reader.getFileMetaData().getSchema();
      return Arrays.stream(FleetColumns.SCHEMA.fieldNames()).allMatch(schema::containsField);
    } catch (RuntimeException e) { // which is how Parquet says that it is not Parquet
      return false;
    }
  }

  private static FileAlreadyExistsException refused(Path folder, String reason) {
    return new FileAlreadyExistsException(
        "--overwrite deletes all of "
            + folder
            + ", which must be a table of this job, but "
            + reason);
  }
}
