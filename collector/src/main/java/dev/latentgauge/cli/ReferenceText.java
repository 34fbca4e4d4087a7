package dev.latentgauge.cli;

import dev.latentgauge.reference.Calibration;
import dev.latentgauge.reference.FixedPoint;
import dev.latentgauge.reference.Provenance;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.relative.Rows;
import java.nio.file.Path;
import java.util.Locale;
import java.util.StringJoiner;

/** What a reference contains, as people read it. */
record ReferenceText(Path file, Reference reference) {

  String text() {
    Provenance provenance = reference.provenance();
    StringJoiner lines = new StringJoiner("\n");
    lines.add(reference.id() + " in " + file);
    lines.add("");
    add(lines, "model", provenance.model());
    add(lines, "layer", provenance.layer().orElse("not known"));
    add(
        lines,
        "created",
        provenance.createdAt() + " by latentgauge " + provenance.libraryVersion());
    add(lines, "profile", reference.profile().toString());
    add(lines, "anchors", String.valueOf(reference.anchorCount()));
    add(lines, "probes", String.valueOf(reference.probeCount()));
    add(lines, "inputs", inputs());
    add(lines, "probe set", reference.probesFingerprint().orElse("not known"));
    add(lines, "embeddings", reference.embeddings().map(ReferenceText::size).orElse("not kept"));
    add(lines, "predictions", reference.predictions().isPresent() ? "yes" : "not known");
    add(lines, "floor", reference.floor().map(ReferenceText::point).orElse("not known"));
    add(lines, "ceiling", reference.ceiling().map(ReferenceText::point).orElse("not known"));
    add(lines, "calibration", reference.calibration().map(CalibrationText::line).orElse("none"));
    reference.calibration().ifPresent(known -> lines.add("").add("  " + Calibration.CONDITION));
    return lines.toString();
  }

  private String inputs() {
    return reference.probes().isPresent()
        ? "yes"
        : "not kept: it scores embeddings, and cannot attach a monitor";
  }

  private static String size(Rows rows) {
    return "of " + rows.dimensions() + " dimensions";
  }

  private static String point(FixedPoint point) {
    String anchors =
        point.anchorError().isPresent()
            ? String.format(Locale.ROOT, ", %.4f over anchors", point.anchorError().getAsDouble())
            : "";
    return String.format(
        Locale.ROOT,
        "scores %.4f, standard error %.4f over probes%s (%s)",
        point.score(),
        point.standardError(),
        anchors,
        point.model());
  }

  private static void add(StringJoiner lines, String name, String value) {
    lines.add(String.format(Locale.ROOT, "  %-12s %s", name, value));
  }
}
