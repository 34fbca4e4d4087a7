package dev.latentgauge.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.examples.spark.Programs.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job as it is submitted, beside the command whose numbers it has. */
class ScoreFleetIT {

  private static final int CHECKPOINTS = 2;

  @TempDir private static Path folder;
  private static SparkSession spark;
  private static Fleet fleet;

  @BeforeAll
  static void makeFleet() throws Exception {
    spark =
        SparkSession.builder().master("local[1]").config("spark.ui.enabled", false).getOrCreate();
    fleet = new Fleet(folder);
    fleet.addCheckpoints(CHECKPOINTS);
    fleet.addOddities();
  }

  @AfterAll
  static void close() {
    fleet.close();
    spark.stop();
  }

  @Test
  void aRowHasWhatCompareSaysOfThatFileAndReference() throws Exception {
    Path table = folder.resolve("table");
    Programs programs = new Programs(folder);

    Result result =
        programs.submit(
            "--input=" + fleet.runs(),
            "--reference=" + fleet.references(),
            "--output=" + table,
            "--files-per-task=3",
            "--anchor-error");

    assertThat(result.code()).as(result.printed()).isZero();
    List<Row> rows = spark.read().parquet(table.toString()).collectAsList();
    List<Path> files = safetensors(fleet.runs());
    List<Path> references = safetensors(fleet.references());
    assertThat(files).hasSize(CHECKPOINTS + 9);
    assertThat(rows).hasSize(files.size() * references.size());
    Iterator<JsonElement> said = programs.compare(references, files).iterator();
    for (Path reference : references) {
      for (Path file : files) {
        Row row = only(rows, file, reference);
        assertThat(values(row))
            .as(row.toString())
            .isEqualTo(expected(said.next().getAsJsonObject(), file, row));
      }
    }
    assertThat(result.printed())
        .contains("11 files, 2 references: 8 scores, 2 undefined, 12 failures");
  }

  private static List<Path> safetensors(Path folder) throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
    }
  }

  private static Row only(List<Row> rows, Path file, Path reference) {
    List<Row> found =
        rows.stream()
            .filter(row -> row.getAs("file").equals("file:" + file))
            .filter(row -> row.getAs("referenceFile").equals("file:" + reference))
            .toList();
    assertThat(found).as(file + " against " + reference).hasSize(1);
    return found.get(0);
  }

  /** The columns that are not null, but for those that say which files the row is of. */
  private static Map<String, Object> values(Row row) {
    return Stream.of(row.schema().fieldNames())
        .filter(name -> !name.equals("file") && !name.equals("referenceFile"))
        .filter(name -> row.getAs(name) != null)
        .collect(Collectors.toMap(name -> name, row::getAs, (a, b) -> b, TreeMap::new));
  }

  private static Map<String, Object> expected(JsonObject said, Path file, Row row) {
    String out = said.get("out").getAsString();
    Map<String, Object> values = new TreeMap<>();
    if (out.isEmpty()) {
      String complaint = said.get("err").getAsString().strip();
      values.put("reference", row.getAs("reference"));
      values.put("profile", row.getAs("profile"));
      values.put(
          "failure",
          complaint
              .replaceFirst("^latentgauge: ", "")
              .replace(file.toString(), row.getAs("file").toString()));
      return values;
    }
    values.put("zeroProbes", 0);
    put(values, "", JsonParser.parseString(out).getAsJsonObject());
    return values;
  }

  private static void put(Map<String, Object> values, String name, JsonElement value) {
    if (value.isJsonObject()) {
      value
          .getAsJsonObject()
          .asMap()
          .forEach((field, element) -> put(values, column(name, field), element));
    } else if (value.getAsJsonPrimitive().isString()) {
      values.put(name, value.getAsString());
    } else if (List.of("probes", "anchors", "zeroProbes").contains(name)) {
      values.put(name, value.getAsInt());
    } else {
      values.put(name, value.getAsDouble());
    }
  }

  private static String column(String object, String field) {
    return switch (object + "." + field) {
      case "predictedAccuracy.value" -> "predictedAccuracy";
      case "predictedAccuracy.low" -> "predictedAccuracyLow";
      case "predictedAccuracy.high" -> "predictedAccuracyHigh";
      default -> field;
    };
  }
}
