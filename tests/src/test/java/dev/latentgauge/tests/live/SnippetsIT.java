package dev.latentgauge.tests.live;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.latentgauge.collector.Safetensors;
import dev.latentgauge.tests.Processes;
import dev.latentgauge.tests.javaagent.Program;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * That the lines which attach a training do so as they stand, where the collector wants tokens:
 * what is copied from the page is compiled, or run by the programs that it is for.
 */
@TestInstance(Lifecycle.PER_CLASS)
class SnippetsIT {

  @RegisterExtension static final Chromium CHROMIUM = new Chromium();

  private static final String REFERENCE = "best";
  private static final int ANCHORS = 32;
  private static final int PROBES = 128;
  private static final Path EXAMPLES = Path.of("..", "examples", "pytorch").toAbsolutePath();

  /** Of a model of the reference's inputs, what the snippet supposes to be there. */
  private static final String MODEL =
      """
      import torch

      model = torch.nn.Sequential()
      model.add_module("body", torch.nn.Linear(8, 5))
      optimizer = torch.optim.SGD(model.parameters(), 0.01)
      loader = [(torch.zeros(1, 8), torch.zeros(1))] * 3
      """;

  private final Path folder;
  private final Tokens tokens;
  private final LiveCollector collector;
  private final Processes processes;
  private final String admin;

  SnippetsIT(@TempDir Path folder) throws Exception {
    this.folder = folder;
    processes = new Processes(folder);
    tokens = new Tokens(folder);
    collector = LiveCollector.start(folder, "--require-tokens");
    admin = tokens.create(collector, "operator", "admin");
    String fleet = tokens.create(collector, "fleet", "write");
    Files.writeString(folder.resolve("latentgauge.token"), fleet + "\n");
    new Program(folder)
        .attached(
            "create-reference: {file: %s.safetensors, layer: stem, anchors: %d, probes: %d}\n"
                .formatted(REFERENCE, ANCHORS, PROBES))
        .run("FIT", "1", "3");
  }

  @BeforeEach
  void expectThatStrangersAreRefused() {
    CHROMIUM.expect("401");
  }

  @AfterAll
  void stop() {
    collector.close();
    tokens.close();
    processes.close();
  }

  /** The lines for a kind of training. */
  private LivePage lines(String kind, String run) {
    LivePage page = LivePage.open(CHROMIUM.page(), collector, "#/references", "signin");
    page.labelled("Token").fill(admin);
    page.button("Sign in").click();
    page.awaitReady("references");
    if (page.link(REFERENCE).count() == 0) {
      page.labelled("File").setInputFiles(folder.resolve(REFERENCE + ".safetensors"));
      page.button("Upload").click();
    }
    page.link(REFERENCE).click();
    page.awaitReady("reference");
    assertThat(page.fact("Inputs")).containsText("runs can fetch them");
    page.field("Run").fill(run);
    page.the(AriaRole.TAB, kind).click();
    assertThat(page.the(AriaRole.TABPANEL, kind)).containsText(run);
    page.assertFits();
    return page;
  }

  private static List<String> parts(LivePage page, String kind) {
    return page.the(AriaRole.TABPANEL, kind).locator("pre").allTextContents();
  }

  /** Lets a shell do something in a folder of its own, with the token beside it. */
  private String bash(String name, String script) throws IOException, InterruptedException {
    Process process =
        processes.start(
            name,
            Map.of("PYTHONPATH", EXAMPLES.toString(), "OMP_NUM_THREADS", "1"),
            "bash",
            "-ec",
            "cd '" + folder + "'\n" + script);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(() -> processes.printed(name)).isZero();
    return processes.printed(name);
  }

  private static void assertSeen(LivePage page, String run, String state) {
    page.go("#/", "runs");
    assertThat(page.cell(run, "State")).hasText(state);
    assertThat(page.cell(run, "Score ± 95 %")).containsText("±");
  }

  @Test
  void theLinesForPyTorchRun() throws Exception {
    LivePage page = lines("PyTorch", "by-python");
    page.field("Layer").fill("body");
    assertThat(page.the(AriaRole.TABPANEL, "PyTorch").locator("pre").last())
        .containsText("\"body\"");
    List<String> parts = parts(page, "PyTorch");
    assertThat(parts).hasSize(2);
    Files.writeString(folder.resolve("train.py"), MODEL + parts.get(1));
    bash("python", parts.get(0) + "/usr/bin/python3 train.py");
    assertSeen(page, "by-python", "completed");
  }

  @Test
  void theLinesForCurlRun() throws Exception {
    LivePage page = lines("Anything else", "by-curl");
    Random random = new Random(1);
    Files.write(
        folder.resolve("step-300.safetensors"),
        new Safetensors()
            .matrix("anchors", Safetensors.normal(random, ANCHORS, 6))
            .matrix("probes", Safetensors.normal(random, PROBES, 6))
            .bytes());
    List<String> parts = parts(page, "Anything else");
    assertThat(bash("curl", parts.get(0))).contains("\"score\"");
    assertSeen(page, "by-curl", "live");
    bash("curl-end", parts.get(1));
    assertThat(page.cell("by-curl", "State")).hasText("completed");
    assertThat(page.cell("by-curl", "Step")).hasText("300");
  }

  @Test
  void theSettingsOfTheJavaAgentAttachIt() throws Exception {
    LivePage page = lines("-javaagent", "by-agent");
    List<String> parts = parts(page, "-javaagent");
    assertThat(parts.get(2)).contains("java -javaagent:latentgauge-agent.jar=monitor.yaml");
    bash("fetch", parts.get(0));
    Program.Result result = new Program(folder).attached(parts.get(1)).run("FIT", "2", "7");
    assertThat(result.status()).as(result.errors()).isZero();
    assertSeen(page, "by-agent", "completed");
  }

  @Test
  void theLinesForJavaCompile() throws Exception {
    LivePage page = lines("Java", "by-java");
    List<String> parts = parts(page, "Java");
    bash("fetch-for-java", parts.get(0));
    assertThat(parts.get(1)).startsWith("export LATENTGAUGE_TOKEN_FILE=latentgauge.token");
    String lines = parts.get(2);
    String imports =
        lines.lines().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n"));
    String body = lines.substring(lines.indexOf("try ("));
    assertThat(
            mistakes(
                imports
                    + "\nclass Snippet {\n"
                    + "  static void attach(ai.djl.training.DefaultTrainingConfig config) throws Exception {\n"
                    + body
                    + "  }\n}\n"))
        .isEmpty();
  }

  private String mistakes(String source) {
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignored) {
            return source;
          }
        };
    List<String> options =
        List.of(
            "-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
    boolean isDone = compiler.getTask(null, null, found, options, null, List.of(file)).call();
    return isDone ? "" : found.getDiagnostics() + "\n" + source;
  }
}
