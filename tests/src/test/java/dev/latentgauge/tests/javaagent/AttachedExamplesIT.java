package dev.latentgauge.tests.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.tests.Processes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The two example trainings, which know nothing of Latentgauge, on the metrics of a collector. */
class AttachedExamplesIT {

  private static final String EXAMPLES = "dev.latentgauge.examples.unmodified.";

  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path folder;
  private Processes processes = new Processes(Path.of("."));

  @BeforeEach
  void prepare() {
    processes = new Processes(folder);
  }

  @AfterEach
  void stop() {
    processes.close();
  }

  @ParameterizedTest
  @EnumSource
  void aPerceptronOnImagesShowsItsScore(Jdk jdk) throws Exception {
    String collector = processes.startCollector();
    makeAReference(images(jdk), "layer: 01SequentialBlock", "--limit", "6400", "--epochs", "2");
    Program.Result result =
        images(jdk)
            .attached(settings(collector, "cadence: 1 epoch"))
            .run("--limit", "6400", "--epochs", "2", "--seed", "2");
    assertThat(result.status()).as(result.errors()).isZero();
    assertThat(result.output()).contains("image-mlp: validation accuracy ");
    assertThat(scores(collector)).hasSize(1).allSatisfy(AttachedExamplesIT::assertIsAGoodScore);
  }

  @Test
  void aTransformerOnTextInALoopByHandShowsTheScoresOfItsInnards() throws Exception {
    String collector = processes.startCollector();
    String data = Path.of("..", "..", "shared", "data", "trec").toAbsolutePath().toString();
    makeAReference(
        questions(),
        "layer: encoder, anchors: 64, probes: 256",
        "--limit",
        "1280",
        "--epochs",
        "2",
        "--data",
        data);
    Program.Result result =
        questions()
            .attached(
                settings(
                    collector,
                    "layers: [encoder, 'encoder.*.selfAttention', '**.outputBlock.LambdaBlock']"))
            .run("--limit", "1280", "--epochs", "2", "--data", data, "--seed", "2");
    assertThat(result.status()).as(result.errors()).isZero();
    assertThat(result.output()).contains("question-transformer: test accuracy ");
    assertThat(scores(collector))
        .hasSize(5)
        .anyMatch(line -> line.contains("layer=\"encoder\""))
        .anyMatch(line -> line.contains("layer=\"02encoder.02layer.01selfAttention\""))
        .anyMatch(line -> line.contains("layer=\"02encoder.01layer.03outputBlock.02LambdaBlock\""));
  }

  private Program images(Jdk jdk) {
    return example("ImageMlp").on(jdk);
  }

  private Program questions() {
    return example("QuestionTransformer");
  }

  private Program example(String name) {
    return new Program(folder).running("-cp", Program.classPath(), EXAMPLES + name);
  }

  private void makeAReference(Program program, String how, String... arguments) throws Exception {
    Program.Result result =
        program.attached("create-reference: {file: good.safetensors, " + how + "}").run(arguments);
    assertThat(result.status()).as(result.errors()).isZero();
    assertThat(folder.resolve("good.safetensors")).isNotEmptyFile();
  }

  private static String settings(String collector, String more) {
    return String.join(
        "\n", "reference: good.safetensors", "run: unaware", "collector: " + collector, more);
  }

  private List<String> scores(String collector) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(collector + "/metrics")).build();
    return client
        .send(request, BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith("latentgauge_score{"))
        .toList();
  }

  private static void assertIsAGoodScore(String line) {
    assertThat(line).contains("layer=\"01SequentialBlock\"", "run=\"unaware\"");
    assertThat(Double.parseDouble(line.substring(line.lastIndexOf(' ')))).isBetween(0.3, 1.0);
  }
}
