package dev.latentgauge.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.probe.Layer;
import dev.latentgauge.probe.ProbeSet;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings in a real PyTorch, against a real collector. */
class PyTorchIT {

  private static final String PYTHON = "/usr/bin/python3";
  private static final Path RUNS = Path.of("src", "test", "python", "torch_runs.py");
  private static final Path EXAMPLES = Path.of("..", "examples", "pytorch").toAbsolutePath();

  /** A row of the table that search.py prints. */
  private static final Pattern TRIAL =
      Pattern.compile(
          "(?m)^ +(?<number>\\d+) .* (?<epochs>\\d+)  (?<state>pruned|completed) +[-.\\d]+ +[.\\d]+  "
              + "(?<reason>.*)$");

  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path folder;
  private Processes processes = new Processes(Path.of("."));
  private String collector = "";

  @BeforeEach
  void startCollector() {
    processes = new Processes(folder);
    collector = processes.startCollector();
  }

  @AfterEach
  void stop() {
    processes.close();
  }

  @Test
  void whatIsPostedScoresAsJavaScoresWhatWasEmbeddedByHand() throws Exception {
    python("trained", RUNS, "trained", collector, folder.toString());

    List<JsonElement> observations =
        get("/v1/runs/torch-run/observations?limit=100").getAsJsonArray("observations").asList();
    assertThat(observations)
        .extracting(observation -> observation.getAsJsonObject().get("step").getAsInt())
        .containsExactly(0, 20, 40, 60);
    Path reference = folder.resolve("torch.safetensors");
    Files.write(reference, bytes("/v1/references/torch"));
    for (JsonElement element : observations) {
      JsonObject observation = element.getAsJsonObject();
      JsonObject byHand = compared(reference, observation.get("step").getAsInt());
      for (String name :
          List.of(
              "similarity",
              "chance",
              "score",
              "standardError",
              "scoreFloor",
              "scoreCeiling",
              "gaugedScore")) {
        assertThat(observation.get(name).getAsDouble())
            .as(name + " of " + observation)
            .isEqualTo(byHand.get(name).getAsDouble(), within(1e-5));
      }
    }
    assertThat(text("/metrics"))
        .contains("latentgauge_score{layer=\"encoder\",reference=\"torch@")
        .contains("latentgauge_run_state{run=\"torch-run\",state=\"completed\"} 1.0")
        .contains("latentgauge_evaluation{evaluator=\"train_loss\",run=\"torch-run\"}")
        .containsPattern("latentgauge_run_info\\{[^}]*tag_width=\"24\"");
  }

  private JsonObject compared(Path reference, int step) throws Exception {
    String name = "step-" + step;
    Process compare =
        processes.start(
            name,
            Processes.java(),
            "-jar",
            Processes.JAR.toString(),
            "compare",
            reference.toString(),
            folder.resolve(name + ".safetensors").toString(),
            "--json");
    String printed = finished(name, compare);
    return JsonParser.parseString(printed.substring(printed.indexOf('{'))).getAsJsonObject();
  }

  @Test
  void runsWithoutAReferenceAreComparedWithEachOther() throws Exception {
    python("fleet", RUNS, "fleet", collector);

    JsonObject compared = get("/v1/comparisons?runs=fleet-4,fleet-5");
    assertThat(compared.get("layer").getAsString()).isEqualTo("encoder");
    double score = compared.getAsJsonArray("scores").get(0).getAsJsonArray().get(1).getAsDouble();
    assertThat(score).isBetween(0.1, 0.99);
    JsonObject run = get("/v1/runs/fleet-4");
    assertThat(run.get("state").getAsString()).isEqualTo("completed");
    assertThat(run.get("observations").getAsInt()).isZero();
  }

  @Test
  void aModelThatJavaDescribedIsTheSameInPython() throws Exception {
    String weights = putJavasReference();

    python("like-java", RUNS, "like-java", collector, weights);

    JsonObject observation =
        get("/v1/runs/like-java/observations")
            .getAsJsonArray("observations")
            .get(0)
            .getAsJsonObject();
    assertThat(observation.get("score").getAsDouble()).isEqualTo(1, within(1e-5));
    assertThat(observation.getAsJsonObject("companions").get("linear_cka").getAsDouble())
        .isEqualTo(1, within(1e-5));
  }

  @Test
  void aTrainingStopsWhenTheCollectorIsAskedToStopIt() throws Exception {
    putJavasReference();
    Process training = start("obedient", RUNS, "obedient", collector);
    String run = "/v1/runs/obedient";
    Awaitility.await().atMost(2, TimeUnit.MINUTES).until(() -> text(run).contains("\"latest\":[{"));

    assertThat(put(run + "/directive", "{\"action\":\"stop\",\"reason\":\"enough\"}"))
        .isEqualTo(200);

    assertThat(finished("obedient", training)).contains("stopped: enough");
    JsonObject ended = get(run);
    assertThat(ended.get("state").getAsString()).isEqualTo("stopped");
    assertThat(ended.get("reason").getAsString()).contains("enough");
  }

  /** Keeps a reference that is made with a linear model, and answers its weights. */
  private String putJavasReference() throws IOException, InterruptedException {
    try (NDManager manager = NDManager.newBaseManager();
        Model model = Model.newInstance("linear");
        ProbeSet probes = probes(manager)) {
      model.setBlock(new SequentialBlock().add(Linear.builder().setUnits(5).build()));
      model.getBlock().initialize(manager, DataType.FLOAT32, new Shape(1, 7));
      Path file = folder.resolve("java.safetensors");
      try (Reference reference = Reference.of("java", model, Layer.named("01Linear"), probes)) {
        reference.save(file);
      }
      assertThat(put("/v1/references/java", HttpRequest.BodyPublishers.ofFile(file)))
          .isEqualTo(201);
      return weights(model);
    }
  }

  private static ProbeSet probes(NDManager manager) {
    manager.getEngine().setRandomSeed(1);
    return ProbeSet.of(
        new NDList(manager.randomNormal(new Shape(20, 7))),
        new NDList(manager.randomNormal(new Shape(40, 7))));
  }

  private static String weights(Model model) {
    NDArray weight = model.getBlock().getParameters().valueAt(0).getArray();
    NDArray bias = model.getBlock().getParameters().valueAt(1).getArray();
    float[] flat = weight.toFloatArray();
    int columns = (int) weight.getShape().get(1);
    float[][] rows = new float[flat.length / columns][columns];
    for (int i = 0; i < flat.length; i++) {
      rows[i / columns][i % columns] = flat[i];
    }
    return new Gson().toJson(Map.of("weight", rows, "bias", bias.toFloatArray()));
  }

  @Test
  void thePythonOfTheReadmeRuns() throws Exception {
    python(
        "readme",
        Path.of("src", "test", "python", "readme.py"),
        Path.of("..", "README.md").toAbsolutePath().toString());
    assertThat(get("/v1/runs/lr-0.01").get("observations").getAsInt()).isEqualTo(3);
    assertThat(text("/metrics"))
        .contains("latentgauge_run_state{run=\"lr-0.01\",state=\"completed\"} 1.0");
  }

  @Test
  void theExampleTrainsAgainstAReferenceOfItsOwn() throws Exception {
    Path example = EXAMPLES.resolve("fashion_mnist.py");
    python("reference", example, "--reference", "--quick", "--collector", collector);
    String printed = python("run", example, "--run", "quick", "--quick", "--collector", collector);
    assertThat(printed).contains("accuracy on all test images");
    assertThat(text("/metrics"))
        .contains("latentgauge_score{layer=\"encoder\",reference=\"fashion-cnn-quick@")
        .contains("latentgauge_run_state{run=\"quick\",state=\"completed\"} 1.0");
  }

  @Test
  void aSearchWithOptunaIsPrunedByThePolicyOfItsRuns() throws Exception {
    int trials = 10;
    String printed =
        python("search", EXAMPLES.resolve("search.py"), "sweep", "--trials", "10", "--epochs", "4");

    Map<String, String> pruned = new TreeMap<>();
    Matcher rows = TRIAL.matcher(printed);
    for (int trial = 0; trial < trials; trial++) {
      assertThat(rows.find()).as(printed).isTrue();
      String run = "sweep-" + trial;
      assertThat(rows.group("number")).isEqualTo(Integer.toString(trial));
      boolean isPruned = rows.group("state").equals("pruned");
      if (isPruned) {
        pruned.put(run, rows.group("reason"));
      }
      JsonObject ended = get("/v1/runs/" + run);
      assertThat(ended.get("state").getAsString()).isEqualTo(isPruned ? "stopped" : "completed");
      assertThat(ended.get("reason").getAsString()).isEqualTo(rows.group("reason"));
      // One observation before the training and one an epoch: none went on after it was told.
      assertThat(ended.get("observations").getAsInt())
          .isEqualTo(1 + Integer.parseInt(rows.group("epochs")));
    }
    assertThat(pruned).isNotEmpty().hasSizeLessThan(trials);
    assertThat(reasons("/v1/policies/sweep/decisions?action=stop")).isEqualTo(pruned);
    assertThat(get("/v1/policies/sweep").getAsJsonObject("decisions").get("stop").getAsInt())
        .isEqualTo(pruned.size());
  }

  /** What runs are told by decisions. */
  private Map<String, String> reasons(String path) throws IOException, InterruptedException {
    Map<String, String> reasons = new TreeMap<>();
    for (JsonElement element : get(path).getAsJsonArray("decisions")) {
      JsonObject decision = element.getAsJsonObject();
      reasons.put(
          decision.get("run").getAsString(),
          decision.get("policy").getAsString() + ": " + decision.get("reason").getAsString());
    }
    return reasons;
  }

  @Test
  void theFileForPythonPassesItsOwnTests() throws Exception {
    Process tests =
        processes.start(
            "unittest",
            "env",
            "-C",
            EXAMPLES.toString(),
            "PYTHONDONTWRITEBYTECODE=1",
            "OMP_NUM_THREADS=1",
            PYTHON,
            "-m",
            "unittest",
            "-v");
    assertThat(finished("unittest", tests))
        .containsPattern("Ran [1-9][0-9]+ tests")
        .doesNotContain("skipped");
  }

  private String python(String name, Path script, String... arguments) throws InterruptedException {
    return finished(name, start(name, script, arguments));
  }

  private Process start(String name, Path script, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "-C",
                folder.toString(),
                "PYTHONDONTWRITEBYTECODE=1",
                "OMP_NUM_THREADS=1",
                "LATENTGAUGE_COLLECTOR=" + collector,
                PYTHON,
                script.toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    return processes.start(name, command.toArray(String[]::new));
  }

  private String finished(String name, Process process) throws InterruptedException {
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    String printed = processes.printed(name);
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }

  private int put(String path, String json) throws IOException, InterruptedException {
    return put(path, HttpRequest.BodyPublishers.ofString(json), "application/json");
  }

  private int put(String path, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    return put(path, body, "application/octet-stream");
  }

  private int put(String path, HttpRequest.BodyPublisher body, String type)
      throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(collector + path))
                .header("Content-Type", type)
                .PUT(body)
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private JsonObject get(String path) throws IOException, InterruptedException {
    return JsonParser.parseString(text(path)).getAsJsonObject();
  }

  private String text(String path) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(collector + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private byte[] bytes(String path) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(collector + path)).build(),
            HttpResponse.BodyHandlers.ofByteArray())
        .body();
  }
}
