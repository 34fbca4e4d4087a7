package dev.latentgauge.agent.attach;

import dev.latentgauge.agent.report.CollectorReporter;
import dev.latentgauge.agent.report.JsonLinesReporter;
import dev.latentgauge.agent.report.LogReporter;
import dev.latentgauge.agent.report.Reporter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the reports of every run go, each run to reporters of its own. */
record ReportSettings(
    Optional<URI> collector,
    Optional<Path> spool,
    Optional<Path> tokenFile,
    Optional<Path> trust,
    boolean allowsTokenOverHttp,
    Optional<Path> jsonLines,
    boolean toLog) {

  /** What is wrong, a sentence each. */
  List<String> mistakes() {
    try {
      return collector.map(address -> builder(address).mistakes()).orElse(List.of());
    } catch (NoClassDefFoundError e) {
      // A Java may have been cut down, and a program of modules brings only what it needs itself.
      return List.of(
          "reports to a collector need a module that this Java is started without, which"
              + " --add-modules java.net.http adds");
    }
  }

  /** New reporters. */
  List<Reporter> reporters() {
    List<Reporter> reporters = new ArrayList<>();
    collector.ifPresent(address -> reporters.add(builder(address).build()));
    jsonLines.ifPresent(file -> reporters.add(JsonLinesReporter.to(file)));
    if (toLog || reporters.isEmpty()) {
      reporters.add(LogReporter.create());
    }
    return reporters;
  }

  private CollectorReporter.Builder builder(URI address) {
    CollectorReporter.Builder builder = CollectorReporter.builder(address);
    spool.ifPresent(builder::spool);
    tokenFile.ifPresent(builder::tokenFile);
    trust.ifPresent(builder::trust);
    if (allowsTokenOverHttp) {
      builder.allowTokenOverHttp();
    }
    return builder;
  }

  @Override
  public String toString() {
    List<String> places = new ArrayList<>();
    collector.ifPresent(address -> places.add(address.toString()));
    jsonLines.ifPresent(file -> places.add(file.toString()));
    if (toLog || places.isEmpty()) {
      places.add("standard error");
    }
    return String.join(" and ", places);
  }
}
