package dev.latentgauge.tests.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.tests.unaware.SmallTraining;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ModuleVisitor;
import org.objectweb.asm.Opcodes;

/** The agent with programs that are modules, and with a Java that has not all of its own. */
class ModulesIT {

  private static final String MODULE = "program";
  private static final List<String> MODULES = List.of("/api/", "/pytorch-engine/", "/pytorch-jni/");
  private static final String COLLECTOR = "collector: http://127.0.0.1:9\n";

  @TempDir private static Path shared;
  private static SmallReference reference;
  private static String alone = "";
  @TempDir private Path folder;

  @BeforeAll
  static void trainAlone() throws Exception {
    reference = SmallReference.of(shared, new Program(shared));
    alone = new Program(shared).run("FIT", "1", "7").output();
    assertThat(alone).contains("weights of small");
    PlainJar.write(
        shared.resolve("program.jar"),
        SmallTraining.class.getPackageName(),
        Map.of("module-info.class", moduleInfo()));
  }

  @ParameterizedTest
  @EnumSource
  void aModuleIsMonitored(Jdk jdk) throws Exception {
    Path reports = folder.resolve("reports.jsonl");
    Program.Result result =
        module().on(jdk).attached(reference.settings(reports)).run("FIT", "1", "7");
    assertThat(result.output()).as(result.errors()).isEqualTo(alone);
    assertThat(Observations.in(reports).scores(SmallReference.RUN)).hasSize(5);
  }

  @Test
  void aModuleThatBringsNoHttpIsTold() throws Exception {
    checkThatItIsTold(module());
  }

  @Test
  void aJavaThatIsCutDownIsTold() throws Exception {
    checkThatItIsTold(new Program(folder).with("--limit-modules=java.base"));
  }

  private void checkThatItIsTold(Program program) throws Exception {
    Path reports = folder.resolve("reports.jsonl");
    Program.Result result =
        program.attached(reference.settings(reports) + COLLECTOR).run("FIT", "1", "7");
    assertThat(result.status()).as(result.errors()).isZero();
    assertThat(result.output()).isEqualTo(alone);
    assertThat(result.said())
        .containsExactly(
            "reports to a collector need a module that this Java is started without, which"
                + " --add-modules java.net.http adds ("
                + folder.resolve("monitor.yaml")
                + ")",
            "nothing is monitored; the program runs on");
    assertThat(reports).doesNotExist();
  }

  @Test
  void noOtherModuleIsNeeded() throws Exception {
    Path reports = folder.resolve("reports.jsonl");
    Program.Result result =
        new Program(folder)
            .with("--limit-modules=java.base,java.net.http")
            .attached(reference.settings(reports) + COLLECTOR + "spool: spool\n")
            .run("FIT", "1", "7");
    assertThat(result.output()).as(result.errors()).isEqualTo(alone);
    assertThat(Observations.in(reports).scores(SmallReference.RUN)).hasSize(5);
    assertThat(folder.resolve("spool")).isNotEmptyDirectory();
  }

  /** DJL are modules as far as it can be: the name of that with the natives is not one. */
  private Program module() {
    List<String> classPath =
        List.of(Program.classPath().split(File.pathSeparator)).stream()
            .filter(entry -> !entry.endsWith("test-classes"))
            .toList();
    String modules =
        Stream.concat(
                Stream.of(shared.resolve("program.jar").toString()),
                classPath.stream().filter(ModulesIT::isModule))
            .collect(Collectors.joining(File.pathSeparator));
    String others =
        classPath.stream()
            .filter(entry -> !isModule(entry))
            .collect(Collectors.joining(File.pathSeparator));
    return new Program(folder)
        .running(
            "-p",
            modules,
            "-cp",
            others,
            "--add-modules",
            "ai.djl.pytorch_engine",
            "-m",
            MODULE + "/" + SmallTraining.class.getName());
  }

  private static boolean isModule(String entry) {
    String path = entry.replace('\\', '/');
    return path.contains("/ai/djl/") && MODULES.stream().anyMatch(path::contains);
  }

  private static byte[] moduleInfo() {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_MODULE, "module-info", null, null, null);
    ModuleVisitor module = writer.visitModule(MODULE, 0, null);
    module.visitRequire("java.base", Opcodes.ACC_MANDATED, null);
    module.visitRequire("ai.djl.api", 0, null);
    module.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }
}
