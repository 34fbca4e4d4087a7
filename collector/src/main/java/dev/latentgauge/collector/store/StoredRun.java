package dev.latentgauge.collector.store;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.observation.Directive;
import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.observation.Wire;
import java.util.Optional;

/**
 * A run, and what the database knows of it besides.
 *
 * @param id what its rows are found by; never used again after a deletion
 * @param version counts its changes
 * @param document what was said of it, and to it, as JSON in ASCII
 * @param observationBytes what its observations come to
 * @param sketches how many sketches it has
 * @param sketchBytes what these come to
 * @param run the run
 */
record StoredRun(
    long id,
    long version,
    String document,
    long observationBytes,
    long sketches,
    long sketchBytes,
    Run run) {

  /**
   * What the databases add to the document of a run, to a series, an observation and a sketch,
   * roughly.
   */
  private static final long PER_RUN = 500;

  private static final long PER_SERIES = 1000;
  private static final long PER_OBSERVATION = 100;
  private static final long PER_SKETCH = 1000;

  private static final String INFO = "info";
  private static final String DIRECTIVE = "directive";
  private static final String REASON = "reason";

  /** What is read of a document. */
  record Said(RunInfo info, Directive directive, Optional<String> reason) {}

  static StoredRun unsaved(long id, Run run) {
    return new StoredRun(id, 0, document(run), 0, 0, 0, run);
  }

  /** The same run after a change. */
  StoredRun changed(Run after, long moreObservationBytes) {
    boolean saidTheSame =
        after.info().equals(run.info())
            && after.directive().equals(run.directive())
            && after.ending().equals(run.ending());
    return new StoredRun(
        id,
        version + 1,
        saidTheSame ? document : document(after),
        observationBytes + moreObservationBytes,
        sketches,
        sketchBytes,
        after);
  }

  /** The same run with more sketches, or larger ones. */
  StoredRun sketched(int more, long moreBytes) {
    return new StoredRun(
        id, version, document, observationBytes, sketches + more, sketchBytes + moreBytes, run);
  }

  /** What it takes in the database, roughly. */
  long bytes() {
    return bytes(1, run.series().size(), document.length() + observationBytes + sketchBytes);
  }

  /** What runs take together. */
  static long bytes(long runs, long series, long documents) {
    return PER_RUN * runs + PER_SERIES * series + documents;
  }

  /** What an observation takes, by its document. */
  static long bytes(String observation) {
    return PER_OBSERVATION + observation.length();
  }

  /** What a sketch takes. */
  static long bytes(Change.Sketched sketch) {
    return PER_SKETCH + sketch.bytes();
  }

  private static String document(Run run) {
    JsonObject document = new JsonObject();
    document.add(INFO, Wire.tree(run.info()));
    document.add(DIRECTIVE, Wire.tree(run.directive()));
    run.ending().ifPresent(ending -> document.addProperty(REASON, ending.reason()));
    return Ascii.json(document);
  }

  static Said said(String name, String document) {
    JsonObject tree = JsonParser.parseString(document).getAsJsonObject();
    return new Said(
        Wire.readRun(name, tree.get(INFO).toString()),
        Wire.readDirective(tree.get(DIRECTIVE).toString()),
        Optional.ofNullable(tree.get(REASON)).map(reason -> reason.getAsString()));
  }
}
