package dev.latentgauge.examples.spark;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import dev.latentgauge.observation.Observation.PredictedAccuracy;
import dev.latentgauge.reference.Reading;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.relative.Companions;
import dev.latentgauge.relative.Outcome;
import dev.latentgauge.relative.Score;
import dev.latentgauge.relative.Undefined;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of the table: what {@code latentgauge compare --json} says, under its names. What it
 * leaves out is null.
 */
final class FleetColumns {

  /** All columns, in their order; README.md beside this module says what they mean. */
  static final StructType SCHEMA =
      new StructType()
          .add("file", StringType, false)
          .add("referenceFile", StringType, false)
          .add("reference", StringType, false)
          .add("profile", StringType, false)
          .add("score", DoubleType)
          .add("standardError", DoubleType)
          .add("anchorError", DoubleType)
          .add("similarity", DoubleType)
          .add("chance", DoubleType)
          .add("probes", IntegerType)
          .add("anchors", IntegerType)
          .add("zeroProbes", IntegerType)
          .add("scoreFloor", DoubleType)
          .add("scoreCeiling", DoubleType)
          .add("gaugedScore", DoubleType)
          .add("predictedAccuracy", DoubleType)
          .add("predictedAccuracyLow", DoubleType)
          .add("predictedAccuracyHigh", DoubleType)
          .add("linear_cka", DoubleType)
          .add("effective_rank", DoubleType)
          .add("neighbour_overlap", DoubleType)
          .add("prediction_agreement", DoubleType)
          .add("undefined", StringType)
          .add("failure", StringType);

  private final Map<String, Object> values = new HashMap<>();

  private FleetColumns(String file, String referenceFile, Reference reference) {
    values.put("file", file);
    values.put("referenceFile", referenceFile);
    values.put("reference", reference.id());
    values.put("profile", reference.profile().toString());
  }

  /** The row of a file that could be measured. */
  static Row scored(
      String file,
      String referenceFile,
      Reference reference,
      Reading reading,
      OptionalDouble anchorError) {
    FleetColumns columns = new FleetColumns(file, referenceFile, reference);
    columns.add(reading.measurement().outcome());
    columns.add("anchorError", anchorError);
    columns.values.put("zeroProbes", reading.measurement().zeroRows());
    columns.add("scoreFloor", reading.scoreFloor());
    columns.add("scoreCeiling", reading.scoreCeiling());
    columns.add("gaugedScore", reading.gaugedScore());
    columns.add(reading.predictedAccuracy());
    columns.add(reading.companions());
    return columns.row();
  }

  /** The row of a file that could not be measured. */
  static Row failed(String file, String referenceFile, Reference reference, String reason) {
    FleetColumns columns = new FleetColumns(file, referenceFile, reference);
    columns.values.put("failure", reason);
    return columns.row();
  }

  private void add(Outcome outcome) {
    if (outcome instanceof Score score) {
      values.put("score", score.value());
      values.put("standardError", score.standardError());
      values.put("similarity", score.similarity());
      values.put("chance", score.chance());
      values.put("probes", score.probes());
      values.put("anchors", score.anchors());
    } else if (outcome instanceof Undefined undefined) {
      values.put("undefined", undefined.reason());
    }
  }

  private void add(Companions companions) {
    add("linear_cka", companions.linearCka());
    add("effective_rank", companions.effectiveRank());
    add("neighbour_overlap", companions.neighbourOverlap());
    add("prediction_agreement", companions.predictionAgreement());
  }

  private void add(Optional<PredictedAccuracy> prediction) {
    prediction.ifPresent(
        predicted -> {
          values.put("predictedAccuracy", predicted.value());
          values.put("predictedAccuracyLow", predicted.low());
          values.put("predictedAccuracyHigh", predicted.high());
        });
  }

  private void add(String name, OptionalDouble number) {
    number.ifPresent(value -> values.put(name, value));
  }

  private Row row() {
    return RowFactory.create(Arrays.stream(SCHEMA.fieldNames()).map(values::get).toArray());
  }
}
