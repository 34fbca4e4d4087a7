package dev.latentgauge.tests.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.training.Trainer;
import dev.latentgauge.tests.unaware.SmallTraining;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The agent with versions of DJL other than the one that it was built with. */
@DisabledOnOs(
    value = OS.LINUX,
    architectures = "aarch64",
    disabledReason = "those versions have no natives for it")
class DjlVersionsIT {

  private static final Path VERSIONS = Path.of("target", "djl").toAbsolutePath();
  private static final String TOO_OLD = "0.24.0";
  private static final String OLDEST = "0.25.0";

  @TempDir private static Path shared;
  private static SmallReference reference;
  @TempDir private Path folder;

  @BeforeAll
  static void makeReference() throws Exception {
    reference = SmallReference.of(shared, new Program(shared));
  }

  @ParameterizedTest
  @ValueSource(strings = {OLDEST, "0.32.0", "0.34.0"})
  void aTrainingIsMonitoredAndItsWeightsAreNotTouched(String version) throws Exception {
    Path reports = folder.resolve("reports.jsonl");
    Program.Result alone = program(version).run("FIT", "1", "7");
    Program.Result monitored =
        program(version).attached(reference.settings(reports)).run("FIT", "1", "7");
    assertThat(alone.status()).as(alone.errors()).isZero();
    assertThat(monitored.status()).as(monitored.errors()).isZero();
    assertThat(monitored.output()).contains("weights of small").isEqualTo(alone.output());
    Observations reported = Observations.in(reports);
    assertThat(reported.lines().get(0).getAsJsonObject("tags").get("djl").getAsString())
        .isEqualTo(version);
    assertThat(reported.scores(SmallReference.RUN)).hasSize(5);
    assertThat(reported.ends()).contains(SmallReference.RUN + ": completed");
  }

  @Test
  void aTrainingWithTheOldestIsStoppedEarly() throws Exception {
    Path reports = folder.resolve("reports.jsonl");
    Program.Result stopped =
        program(OLDEST)
            .attached(
                reference.settings(reports) + "early-stopping: {patience: 2, min-delta: 1.5}\n")
            .run("FIT", "50", "7");
    assertThat(stopped.status()).as(stopped.errors()).isZero();
    assertThat(stopped.output()).contains("the program goes on", "weights of small");
    Observations reported = Observations.in(reports);
    assertThat(reported.ends()).contains(SmallReference.RUN + ": stopped");
    assertThat(reported.scores(SmallReference.RUN)).hasSize(4);
  }

  @Test
  void anOlderDjlIsSaidToBeTooOldAndItsProgramIsLeftAlone() throws Exception {
    Path reports = folder.resolve("reports.jsonl");
    Program.Result alone = program(TOO_OLD).run("FIT", "1", "7");
    Program.Result attached =
        program(TOO_OLD).attached(reference.settings(reports)).run("FIT", "1", "7");
    assertThat(attached.status()).as(attached.errors()).isZero();
    assertThat(attached.output()).contains("weights of small").isEqualTo(alone.output());
    assertThat(attached.said())
        .singleElement()
        .asString()
        .startsWith(
            "a training is not monitored: the agent is for DJL "
                + OLDEST
                + " and later, and this one lacks: ");
    assertThat(reports).doesNotExist();
  }

  @Test
  void aDjlThatLacksAMethodIsNamedAndItsProgramIsLeftAlone() throws Exception {
    Path reports = folder.resolve("reports.jsonl");
    String classPath = withoutEvaluate() + File.pathSeparator + Program.classPath();
    Program program = new Program(folder).running("-cp", classPath, SmallTraining.class.getName());
    Program.Result alone = program.run("ACCUMULATING", "1", "7");
    Program.Result attached =
        program.attached(reference.settings(reports)).run("ACCUMULATING", "1", "7");
    assertThat(attached.status()).as(attached.errors()).isZero();
    assertThat(attached.output()).contains("weights of small").isEqualTo(alone.output());
    assertThat(attached.said())
        .anyMatch(line -> line.contains("ai/djl/training/Trainer") && line.contains("evaluate("))
        .anyMatch(line -> line.equals("trainers of DJL cannot be seen, nothing was monitored"));
    assertThat(reports).doesNotExist();
  }

  /** A folder with a class of trainers that have no validation, which not every loop needs. */
  private Path withoutEvaluate() throws IOException {
    String name = Trainer.class.getName().replace('.', '/');
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(Trainer.class.getName())
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public @Nullable MethodVisitor visitMethod(
                  int access,
                  String method,
                  String descriptor,
                  @Nullable String signature,
                  String @Nullable [] exceptions) {
                return method.equals("evaluate")
                    ? null
                    : super.visitMethod(access, method, descriptor, signature, exceptions);
              }
            },
            0);
    Path file = folder.resolve("djl").resolve(name + ".class");
    Files.createDirectories(file.getParent());
    Files.write(file, writer.toByteArray());
    return folder.resolve("djl");
  }

  private Program program(String version) throws IOException {
    List<String> entries = new ArrayList<>(jars(version));
    if (version.equals(TOO_OLD)) {
      entries.addAll(jars(OLDEST).stream().filter(jar -> jar.contains("-native-")).toList());
    }
    Stream.of(Program.classPath().split(File.pathSeparator))
        .filter(entry -> !isOtherDjl(entry, entries))
        .forEach(entries::add);
    return new Program(folder)
        .running("-cp", String.join(File.pathSeparator, entries), SmallTraining.class.getName());
  }

  /** The natives are those of the class path, unless there are others. */
  private static boolean isOtherDjl(String entry, List<String> own) {
    boolean isNative = entry.contains("pytorch-native-");
    return isNative
        ? own.stream().anyMatch(jar -> jar.contains("pytorch-native-"))
        : entry.contains(Path.of("ai", "djl").toString());
  }

  private static List<String> jars(String version) throws IOException {
    try (Stream<Path> all = Files.list(VERSIONS.resolve(version))) {
      return all.map(Path::toString).sorted().toList();
    }
  }
}
