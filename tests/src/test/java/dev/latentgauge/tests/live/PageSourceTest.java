package dev.latentgauge.tests.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.tests.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The source of the page, without a browser. */
class PageSourceTest {

  private static final String SOURCE = Path.of("..", "collector").toString();

  private static final Path PAGE = Path.of(SOURCE, "src", "main", "ui");
  private static final Pattern PRELOADED = Pattern.compile("modulepreload\" href=\"ui/([^\"]+)\"");
  private static final Pattern IMPORTED =
      Pattern.compile("from '\\./([^']+)'|^import '\\./([^']+)'", Pattern.MULTILINE);

  /** What is no module, and what asks for all the others. */
  private static final Set<String> OTHERS = Set.of("theme.js", "app.js");

  @TempDir private Path folder;

  @Test
  void itsTypesAreRightItIsWellWrittenAndItsOwnTestsPass() throws Exception {
    try (Processes processes = new Processes(folder)) {
      assertSucceeds(processes, "ci", "--ignore-scripts", "--no-audit", "--no-fund");
      assertSucceeds(processes, "run", "check");
      assertSucceeds(processes, "test");
    }
  }

  /** Otherwise the browser finds out one after the other what it needs. */
  @Test
  void allModulesAreAskedForAtOnceAndNoOther() throws IOException {
    Set<String> needed = new TreeSet<>();
    try (Stream<Path> files = Files.list(PAGE)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".js")).toList()) {
        needed.add(file.getFileName().toString());
        needed.addAll(libraries(file));
      }
    }
    needed.removeAll(OTHERS);
    // What the libraries import themselves.
    needed.add("lib/lit-html/directive.js");
    needed.add("lib/lit-html/directive-helpers.js");
    List<String> preloaded =
        PRELOADED
            .matcher(Files.readString(PAGE.resolve("index.html")))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(preloaded).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(needed);
  }

  private static List<String> libraries(Path file) throws IOException {
    return IMPORTED
        .matcher(Files.readString(file))
        .results()
        .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
        .filter(name -> name.startsWith("lib/"))
        .toList();
  }

  @Test
  void itsTypesAreThoseOfTheLibrariesThatAreServed() throws IOException {
    JsonObject packages =
        JsonParser.parseString(Files.readString(Path.of(SOURCE, "package.json")))
            .getAsJsonObject()
            .getAsJsonObject("devDependencies");
    String pom = Files.readString(Path.of("..", "pom.xml"));
    for (String name : List.of("uplot", "lit-html")) {
      String version = packages.get(name).getAsString();
      assertThat(pom).contains("<" + name + ".version>" + version + "</" + name + ".version>");
    }
  }

  private static void assertSucceeds(Processes processes, String command, String... options)
      throws InterruptedException {
    Process npm = processes.start("npm", line(command, options));
    assertThat(npm.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(npm.exitValue()).as(() -> processes.printed("npm")).isZero();
  }

  private static String[] line(String command, String... options) {
    return Stream.concat(Stream.of("npm", "--prefix", SOURCE, command), Stream.of(options))
        .toArray(String[]::new);
  }
}
