package dev.latentgauge.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the job does with what is there already, and with what is not as it should be. */
class ScoreTableIT {

  @TempDir private Path folder;
  private final PrintStream standardError = System.err;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @BeforeEach
  void prepare() throws IOException {
    System.setProperty("spark.master", "local[1]");
    System.setProperty("spark.ui.enabled", "false");
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (Fleet fleet = new Fleet(folder)) {
      fleet.addCheckpoints(2);
    }
  }

  @AfterEach
  void restore() {
    System.setErr(standardError);
    System.clearProperty("spark.master");
    System.clearProperty("spark.ui.enabled");
  }

  @Test
  void aTableIsKeptUnlessItIsToBeReplaced() throws IOException {
    assertThat(score("runs/run 1/step-0.safetensors", "table")).isZero();

    assertThat(score("runs", "table")).isEqualTo(1);
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains(folder.resolve("table") + " is there already");
    assertThat(rows("table", "")).hasSize(2);

    assertThat(score("runs", "table", "--overwrite")).isZero();
    assertThat(rows("table", "")).hasSize(4);
  }

  @Test
  void aTableStaysIfTheNewOneFails() throws IOException {
    assertThat(score("runs", "table")).isZero();
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      ScoreTable table = new ScoreTable(spark, folder.resolve("table").toString(), true);
      Dataset<Row> failing =
          spark.createDataFrame(
              JavaSparkContext.fromSparkContext(spark.sparkContext())
                  .parallelize(List.of("file"))
                  .map(ScoreTableIT::failing),
              FleetColumns.SCHEMA);

      assertThatThrownBy(() -> table.write(failing, 1)).hasStackTraceContaining("no space left");
    }

    assertThat(rows("table", "")).hasSize(4);
    assertEntries("table");
  }

  @Test
  void aTableOfLostOrDoubledRowsReplacesNothing() throws IOException {
    assertThat(score("runs", "table")).isZero();
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      ScoreTable table = new ScoreTable(spark, folder.resolve("table").toString(), true);

      assertThatIOException()
          .isThrownBy(() -> table.write(named(spark, "('a', 'r'), ('a', 'r')"), 2))
          .withMessageContaining("must be 2 rows")
          .withMessageContaining("2 were written, of 1");
      assertThatIOException()
          .isThrownBy(() -> table.write(named(spark, "('a', 'r'), ('b', 'r')"), 3))
          .withMessageContaining("2 were written, of 2");
    }

    assertThat(rows("table", "")).hasSize(4);
    assertEntries("table");
  }

  @Test
  void aCompleteTableIsKeptIfItsPlaceIsTakenMeanwhile() throws IOException {
    Path taken = folder.resolve("table/of-another");
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      ScoreTable table = new ScoreTable(spark, folder.resolve("table").toString(), false);
      table.requireWritable();
      Files.createDirectories(taken);

      assertThatIOException()
          .isThrownBy(() -> table.write(named(spark, "('a', 'r')"), 1))
          .withMessageContaining("the new table is complete and kept at")
          .withMessageContaining("table is there already");
    }

    assertThat(folder.resolve("table")).isDirectoryNotContaining("glob:**.parquet");
    assertThat(rows(entry(".table-new-"), "")).hasSize(1);
  }

  @Test
  void bothTablesAreKeptIfTheNewOneCannotBeMoved() throws IOException {
    assertThat(score("runs", "table")).isZero();
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      spark
          .sparkContext()
          .hadoopConfiguration()
          .set("fs.stuck.impl", StuckFileSystem.class.getName());
      ScoreTable table = new ScoreTable(spark, "stuck:" + folder.resolve("table"), true);

      assertThatIOException()
          .isThrownBy(() -> table.write(named(spark, "('a', 'r')"), 1))
          .withMessageContaining("the new table is complete and kept at stuck:")
          .withMessageContaining("cannot be moved to stuck:" + folder.resolve("table"));
    }

    assertThat(rows("table", "")).hasSize(4);
    assertThat(rows(entry(".table-new-"), "")).hasSize(1);
  }

  @Test
  void nothingButATableOfTheJobIsReplaced() throws IOException {
    assertThat(score("runs", "table")).isZero();
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      spark.range(3).write().parquet(folder.resolve("numbers").toString());
    }
    Files.createDirectories(folder.resolve("history/.git"));
    Files.writeString(folder.resolve("file"), "not a folder");

    assertRefused("references", "has ");
    assertRefused("numbers", "has other columns in part-");
    assertRefused("history", "has .git");
    assertRefused("file", "is a file");
    for (String name : List.of("_delta_log", ".x", "part-1.parquet")) {
      Path added = Files.createDirectory(folder.resolve("table").resolve(name));
      assertRefused("table", "has " + name);
      Files.delete(added);
    }
    Files.writeString(folder.resolve("table/part-1.parquet"), "not what it says it is");
    assertRefused("table", "has other columns in part-1.parquet");
  }

  private void assertRefused(String output, String reason) {
    printed.reset();
    assertThat(score("runs", output, "--overwrite")).isEqualTo(1);
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("must be a table of this job, but " + reason);
    assertThat(folder.resolve(output)).exists();
  }

  @Test
  void anEmptyFolderIsFilled() throws IOException {
    Files.createDirectory(folder.resolve("table"));

    assertThat(score("runs", "table")).as(printed.toString(StandardCharsets.UTF_8)).isZero();

    assertThat(rows("table", "")).hasSize(4);
    assertEntries("table");
  }

  @Test
  void aPatternIsNoPlaceForATable() {
    assertThat(score("runs", "table[1]")).isEqualTo(1);

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("--output must be a folder in another, and have none of *?[]{}\\ in its name");
  }

  @Test
  void aReferenceThatCannotBeUsedEndsTheJobBeforeItsWork() throws IOException {
    Path reference = folder.resolve("references/broken.safetensors");
    Files.writeString(reference, "not what it says it is");

    assertThat(score("runs", "table")).isEqualTo(1);

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("score: file:" + reference + " is not a valid safetensors file");
    assertThat(folder.resolve("table")).doesNotExist();
  }

  @Test
  void aPatternThatMeansNoFileEndsTheJob() {
    assertThat(score("runs/*/step-9*.safetensors", "table")).isEqualTo(1);

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("there is no file of embeddings at " + folder.resolve("runs/*/step-9*"));
  }

  @Test
  void aProfileIsThatOfReferencesWhichHaveNone() {
    assertThat(score("runs", "table", "--profile=cosine")).isEqualTo(1);
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("is fixed to standardised")
        .contains("but cosine was asked for");

    assertThat(score("runs", "table", "--profile=round")).isEqualTo(2);
  }

  @Test
  void filesOfAnotherFileSystemAreFetchedAndScoreTheSame() throws IOException {
    Files.copy(
        folder.resolve("references/plain.safetensors"),
        folder.resolve("references/my 1st.safetensors"));
    assertThat(score("runs", "table")).isZero();
    System.setProperty("spark.hadoop.fs.viewfs.mounttable.fleet.link./mounted", "file:" + folder);
    try {
      int code =
          ScoreFleet.execute(
              "--input=viewfs://fleet/mounted/runs",
              "--reference=viewfs://fleet/mounted/references",
              "--output=viewfs://fleet/mounted/fetched");
      assertThat(code).as(printed.toString(StandardCharsets.UTF_8)).isZero();
    } finally {
      System.clearProperty("spark.hadoop.fs.viewfs.mounttable.fleet.link./mounted");
    }

    assertThat(rows("fetched", "viewfs://fleet/mounted/"))
        .isEqualTo(rows("table", "file:" + folder + "/"))
        .anySatisfy(row -> assertThat(row).contains("my-1st@"));
  }

  @Test
  void aFileThatCannotBeReadHasARowThatSaysWhy() throws IOException {
    Path damaged = folder.resolve("runs/run 1/step-0.safetensors");
    byte[] otherSums = new byte[1 << 16]; // for every 512 bytes
    System.arraycopy(new byte[] {'c', 'r', 'c', 0, 0, 0, 2, 0}, 0, otherSums, 0, 8);
    Files.write(damaged.resolveSibling(".step-0.safetensors.crc"), otherSums);
    try (SparkSession spark = FleetScoring.session("unreadable").getOrCreate()) {
      Configuration configuration = spark.sparkContext().hadoopConfiguration();
      configuration.set("fs.viewfs.mounttable.damaged.link./mounted", "file:" + folder);
      List<String> files =
          List.of(
              "file:/no\0where",
              "viewfs://damaged/no\0where",
              "viewfs://damaged/mounted/runs/run 1/step-0.safetensors");

      List<Row> rows =
          FleetScoring.of(
                  spark,
                  files.stream().map(org.apache.hadoop.fs.Path::new).toList(),
                  files.size(),
                  List.of(
                      new org.apache.hadoop.fs.Path(
                          folder.resolve("references/plain.safetensors").toUri())),
                  false,
                  Optional.empty())
              .rows()
              .collectAsList();

      assertThat(rows).extracting(row -> row.getAs("file")).containsExactlyElementsOf(files);
      assertThat(rows)
          .extracting(row -> row.<String>getAs("failure"))
          .satisfiesExactly(
              failure -> assertThat(failure).contains("Nul character not allowed"),
              failure -> assertThat(failure).contains("FileNotFoundException"),
              failure -> assertThat(failure).contains("ChecksumException"));
    }
  }

  private int score(String input, String output, String... more) {
    String[] arguments = new String[3 + more.length];
    arguments[0] = "--input=" + folder.resolve(input);
    arguments[1] = "--reference=" + folder.resolve("references");
    arguments[2] = "--output=" + folder.resolve(output);
    System.arraycopy(more, 0, arguments, 3, more.length);
    return ScoreFleet.execute(arguments);
  }

  private static Row failing(String file) throws IOException {
    throw new IOException("no space left for " + file);
  }

  private static Dataset<Row> named(SparkSession spark, String rows) {
    return spark.sql("SELECT * FROM VALUES " + rows + " AS t(file, referenceFile)");
  }

  /**
   * Checks that beside what was scored there is a table alone, and nothing that is left of others.
   */
  private void assertEntries(String table) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      assertThat(entries.map(entry -> entry.getFileName().toString()))
          .containsExactlyInAnyOrder("runs", "references", "scratch", table);
    }
  }

  private String entry(String prefix) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .findAny()
          .orElseThrow();
    }
  }

  /** The rows of a table, without where the files are. */
  private List<String> rows(String table, String place) throws IOException {
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      List<Row> rows =
          spark
              .read()
              .parquet(folder.resolve(table).toString())
              .orderBy("file", "referenceFile")
              .collectAsList();
      return rows.stream().map(row -> row.toString().replace(place, "")).toList();
    }
  }
}
