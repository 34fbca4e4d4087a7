package dev.latentgauge.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
          spark.sql("SELECT raise_error('no engine') AS file, 'r' AS referenceFile");

      assertThatThrownBy(() -> table.write(failing)).hasStackTraceContaining("no engine");
    }

    assertThat(rows("table", "")).hasSize(4);
    try (Stream<Path> entries = Files.list(folder)) {
      assertThat(entries.map(entry -> entry.getFileName().toString()))
          .containsExactlyInAnyOrder("runs", "references", "scratch", "table");
    }
  }

  @Test
  void nothingButATableIsReplaced() {
    assertThat(score("runs", "references", "--overwrite")).isEqualTo(1);

    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("must be a table of this job");
    assertThat(folder.resolve("references/plain.safetensors")).exists();
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
        .isEqualTo(rows("table", "file:" + folder + "/"));
  }

  private int score(String input, String output, String... more) {
    String[] arguments = new String[3 + more.length];
    arguments[0] = "--input=" + folder.resolve(input);
    arguments[1] = "--reference=" + folder.resolve("references");
    arguments[2] = "--output=" + folder.resolve(output);
    System.arraycopy(more, 0, arguments, 3, more.length);
    return ScoreFleet.execute(arguments);
  }

  /** The rows of a table, without where the files are. */
  private List<String> rows(String table, String place) throws IOException {
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      List<Row> rows =
          spark
              .read()
              .parquet(folder.resolve(table).toString())
              .orderBy("file", "reference")
              .collectAsList();
      return rows.stream().map(row -> row.toString().replace(place, "")).toList();
    }
  }
}
