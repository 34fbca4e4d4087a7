package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.exposition.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the documents say is so. */
class DocumentationTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern EXAMPLE =
      Pattern.compile("// README: \\w+\n(.*?)\n *// end", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");
  private static final Pattern METRIC = Pattern.compile("`(latentgauge_[a-z_]+)[`{]");

  @Test
  void theJavaOfTheReadmeIsCompiled() throws IOException {
    Path sources = ROOT.resolve("examples/src/main/java/dev/latentgauge/examples/attach");
    String source =
        Files.readString(sources.resolve("Attach.java"))
            + Files.readString(sources.resolve("Stitch.java"));
    List<String> compiled =
        EXAMPLE.matcher(source).results().map(found -> found.group(1).stripIndent()).toList();
    List<String> shown =
        JAVA.matcher(readme()).results().map(found -> found.group(1).strip()).toList();
    assertThat(shown).hasSize(4).containsExactlyElementsOf(compiled);
  }

  @Test
  void linksInsideTheProjectLeadSomewhere() throws IOException {
    for (String name :
        List.of(
            "README.md",
            "CONTRIBUTING.md",
            "CHANGELOG.md",
            "SECURITY.md",
            "collector/packaging/README.md",
            "dashboards/README.md",
            "examples/spark/README.md",
            "examples/stitching/README.md",
            "dashboards/runbook.md")) {
      Path document = ROOT.resolve(name);
      LINK.matcher(Files.readString(document))
          .results()
          .map(found -> found.group(1))
          .forEach(target -> assertThat(document.resolveSibling(target)).as(name).exists());
    }
  }

  @Test
  void metricsOfTheDocumentsAreInTheCatalogue() throws IOException {
    List<String> names =
        METRIC
            .matcher(
                readme()
                    + Files.readString(ROOT.resolve("collector/packaging/README.md"))
                    + Files.readString(ROOT.resolve("dashboards/runbook.md")))
            .results()
            .map((MatchResult found) -> found.group(1))
            .toList();
    assertThat(names).isNotEmpty();
    assertThat(Arrays.stream(Metric.values()).map(Metric::exposedName)).containsAll(names);
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }
}
