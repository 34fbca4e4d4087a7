package dev.latentgauge.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.latentgauge.cli.ManyComparisons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.serializer.KryoSerializer;

/** The job and the command as users run them, each in a process of its own. */
final class Programs {

  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final long MOST_SECONDS = 300;

  private final Path folder;

  /**
   * Programs that leave what they print in a folder.
   *
   * @param folder exists
   */
  Programs(Path folder) {
    this.folder = folder;
  }

  /** What a program came to. */
  record Result(int code, String printed) {}

  /**
   * Submits the job to a cluster of two executors, by the jars that {@code examples/spark.sh}
   * submits, and waits for it.
   */
  Result submit(String... arguments) throws Exception {
    SparkInstallation.make();
    String spark = Files.readString(TARGET.resolve("spark-classpath"));
    List<String> command = new ArrayList<>(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of(System.getProperty("spark.jvm.arguments").split(" ")));
    command.addAll(List.of("-cp", spark, "org.apache.spark.deploy.SparkSubmit"));
    command.addAll(List.of("--master", "local-cluster[2,1,1024]"));
    command.addAll(List.of("--jars", Files.readString(TARGET.resolve("native-jars"))));
    command.addAll(List.of("--conf", "spark.executor.extraJavaOptions=-XX:TieredStopAtLevel=1"));
    // Which some clusters have as their default.
    command.addAll(List.of("--conf", "spark.serializer=" + KryoSerializer.class.getName()));
    command.addAll(List.of("--class", ScoreFleet.class.getName()));
    command.add(TARGET.resolve("latentgauge-spark.jar").toString());
    command.addAll(List.of(arguments));
    return java("submit", Map.of("SPARK_DIST_CLASSPATH", spark), command);
  }

  /** What {@code latentgauge compare --json} says of all candidates against each reference. */
  List<JsonElement> compare(List<Path> references, List<Path> candidates) throws Exception {
    Path results = folder.resolve("comparisons.json");
    Path collector = Path.of("..", "..", "collector", "target", "latentgauge.jar");
    List<String> command =
        new ArrayList<>(List.of("-Dai.djl.offline=true", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(collector + ":" + TARGET.resolve("test-classes"));
    command.addAll(List.of(ManyComparisons.class.getName(), results.toString()));
    for (Path reference : references) {
      for (Path candidate : candidates) {
        command.addAll(List.of(reference.toString(), candidate.toString()));
      }
    }
    Result result = java("compare", Map.of(), command);
    assertThat(result.code()).as(result.printed()).isZero();
    return JsonParser.parseString(Files.readString(results)).getAsJsonArray().asList();
  }

  private Result java(String name, Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    Path log = folder.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).as(name + " ends").isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return new Result(process.exitValue(), Files.readString(log));
  }
}
