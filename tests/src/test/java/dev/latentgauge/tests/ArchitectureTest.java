package dev.latentgauge.tests;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.latentgauge.agent.TimeSource;
import dev.latentgauge.collector.time.SteadyClock;
import java.io.ObjectInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules of the house, see CONTRIBUTING.md. */
class ArchitectureTest {

  private static final String ROOT = "dev.latentgauge";

  /** The classes of the Java agent that are there before DJL and a logger are. */
  private static final Set<String> BESIDE_THE_PROGRAM =
      Set.of(
          "Agent",
          "Attachments",
          "Console",
          "DjlClasses",
          "DjlEvents",
          "Entrance",
          "Failure",
          "NotMonitoredException",
          "Hook",
          "IsolatedLoader",
          "Mapping",
          "MethodChanges",
          "Mistakes",
          "OutputFile",
          "Premain",
          "ReferencePlan",
          "ReportSettings",
          "Settings",
          "SettingsFile",
          "StoppingSettings");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages(ROOT);

  @Test
  void theRulesSeeTheWholeHouse() {
    assertThat(CLASSES.stream().filter(c -> c.getPackageName().startsWith(ROOT)).count())
        .isGreaterThan(200);
    for (String name :
        new String[] {
          "relative",
          "probe",
          "reference",
          "projection",
          "observation",
          "stopping",
          "delivery",
          "agent",
          "agent.report",
          "agent.attach",
          "agent.kafka",
          "cli",
          "cli.settings",
          "collector",
          "collector.disk",
          "collector.health",
          "collector.event",
          "collector.access",
          "collector.bus",
          "collector.ingest",
          "collector.reference",
          "collector.scoring",
          "collector.stopping",
          "collector.run",
          "collector.store",
          "collector.time",
          "collector.exposition",
          "collector.web",
          "examples.quickstart",
          "examples.unmodified"
        }) {
      assertThat(CLASSES.containPackage(ROOT + "." + name)).as(name).isTrue();
    }
  }

  @Test
  void theArithmeticKnowsArraysAndNothingElse() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".relative")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    ROOT + ".relative",
                    "java..",
                    "org.jspecify..",
                    "ai.djl.ndarray..",
                    "ai.djl.util..")
                .or(
                    DescribedPredicate.describe(
                        "Device", c -> c.getName().equals("ai.djl.Device"))))
        .check(CLASSES);
  }

  @Test
  void projectionsNeedTheArithmeticAloneAndNoneOfTheMonitorNeedsThem() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".projection")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                ROOT + ".projection", ROOT + ".relative", "java..", "org.jspecify..", "ai.djl.."))
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".projection", ROOT + ".examples..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".projection")
        .check(CLASSES);
  }

  @Test
  void dataFlowsOneWayThroughTheCore() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".probe")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".reference", ROOT + ".agent..", ROOT + ".collector..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".reference")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + ".agent..", ROOT + ".collector..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + ".relative", ROOT + ".probe", ROOT + ".reference", ROOT + ".observation")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".delivery")
        .check(CLASSES);
    classes()
        .that()
        .resideInAPackage(ROOT + ".observation")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    ROOT + ".observation", "java..", "org.jspecify..", "com.google.gson..")
                .or(
                    resideInAPackage(ROOT + ".relative")
                        .and(
                            are(
                                DescribedPredicate.describe(
                                    "value types", ArchitectureTest::isValue)))))
        .check(CLASSES);
  }

  @Test
  void deliveryKnowsWhatIsReportedAndNotHowItCameAbout() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".delivery")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                ROOT + ".delivery",
                ROOT + ".observation",
                "java..",
                "javax.net.ssl..",
                "org.jspecify..",
                "org.slf4j..",
                "com.google.gson..",
                "org.h2.mvstore.."))
        .check(CLASSES);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".delivery")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.h2..")
        .check(CLASSES);
  }

  @Test
  void rulesThatStopRunsKnowWhatIsReportedAndNothingElse() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".stopping")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                ROOT + ".stopping",
                ROOT + ".observation",
                "java..",
                "org.jspecify..",
                "com.google.gson.."))
        .check(CLASSES);
  }

  @Test
  void whoIsLetInIsDecidedWithoutKnowingWhatFor() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".collector.access")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    ROOT + ".collector.access",
                    "java..",
                    "javax.net.ssl..",
                    "org.jspecify..",
                    "org.slf4j..",
                    "com.google.gson..",
                    "io.netty.util..",
                    "io.vertx.core..")
                .or(
                    DescribedPredicate.describe(
                        "refusals and names",
                        c ->
                            c.getName().startsWith(ROOT + ".collector.ingest.Rejection")
                                || c.getName().equals(ROOT + ".observation.Names"))))
        .check(CLASSES);
  }

  @Test
  void secretsAreComparedInTheSameTimeWhateverTheyAre() {
    classes()
        .that()
        .haveFullyQualifiedName(ROOT + ".collector.access.Digest")
        .should()
        .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class)
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".collector.access")
        .should()
        .callMethod(Arrays.class, "equals", byte[].class, byte[].class)
        .orShould()
        .callMethod(Arrays.class, "compare", byte[].class, byte[].class)
        .check(CLASSES);
  }

  @Test
  void noInputOfTheCollectorNamesAClass() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + ".collector..", ROOT + ".cli..", ROOT + ".reference", ROOT + ".observation")
        .and()
        .doNotHaveSimpleName(
            "Signals") // whose only name is a constant, of a class of the JDK's own
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.beans..", "javax.script..", "javax.naming..", "java.rmi..")
                .or(JavaClass.Predicates.assignableTo(ObjectInputStream.class)))
        .orShould()
        .callMethodWhere(
            DescribedPredicate.describe(
                "a class is found by its name, or an object made of JSON",
                call ->
                    (call.getTargetOwner().isEquivalentTo(Class.class)
                            && call.getName().equals("forName"))
                        || call.getName().equals("loadClass")
                        || call.getName().equals("fromJson")))
        .check(CLASSES);
  }

  private static boolean isValue(JavaClass type) {
    return type.isRecord() || type.getSimpleName().equals("Outcome");
  }

  @Test
  void onlyTheCollectorSeesVertxAndItDoesNotSeeTheAgent() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".collector..", ROOT + ".cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".collector..", ROOT + ".cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".agent..")
        .check(CLASSES);
  }

  @Test
  void onlyTheStoreKnowsThatThereAreDatabases() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".collector.store")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..",
            "javax.sql..",
            "org.jdbi..",
            "org.flywaydb..",
            "com.zaxxer..",
            "org.sqlite..",
            "org.postgresql..")
        .check(CLASSES);
  }

  @Test
  void onlyTheTwoEndsOfTheBusKnowThatThereIsKafka() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".agent.kafka", ROOT + ".collector.bus")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void publicTypesCannotBeExtendedByAccident() {
    classes()
        .that()
        .arePublic()
        .and()
        .areNotInterfaces()
        .and()
        .areNotAnnotations()
        .should(
            com.tngtech.archunit.lang.conditions.ArchConditions.be(
                DescribedPredicate.describe(
                    "final, a record, an enum or sealed",
                    (JavaClass type) ->
                        type.getModifiers().contains(JavaModifier.FINAL)
                            || type.isEnum()
                            || type.reflect().isSealed())))
        .check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() {
    for (JavaClass type : CLASSES) {
      JavaPackage home = type.getPackage();
      if (home.getName().startsWith(ROOT)) {
        assertThat(home.isAnnotatedWith(NullMarked.class)).as(home.getName()).isTrue();
      }
    }
  }

  @Test
  void theUnmodifiedTrainingsKnowNothingOfWhatIsAttachedToThem() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".examples.unmodified..", ROOT + ".examples.data..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..")
                .and(
                    DescribedPredicate.not(
                        resideInAnyPackage(
                            ROOT + ".examples.unmodified..", ROOT + ".examples.data.."))))
        .check(CLASSES);
  }

  @Test
  void nobodySeesTheJavaAgent() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".agent.attach")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".agent.attach")
        .check(CLASSES);
  }

  @Test
  void whatRunsBeforeTheProgramKnowsNothingOfIt() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".agent.attach")
        .and(
            DescribedPredicate.describe(
                "live beside the program",
                type ->
                    BESIDE_THE_PROGRAM.contains(
                        type.getName().replaceFirst(".*\\.", "").replaceFirst("\\$.*", ""))))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "org.jspecify..",
                "org.objectweb.asm..",
                "org.yaml.snakeyaml..",
                ROOT + ".agent..",
                ROOT + ".observation",
                ROOT + ".stopping"))
        .check(CLASSES);
  }

  @Test
  void onlyProgramsPrint() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".cli..", ROOT + ".examples..")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".agent.attach.Console")
        .and()
        .doNotHaveFullyQualifiedName(ROOT + ".agent.attach.Premain")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  @Test
  void thereIsOneClock() {
    noClasses()
        .that()
        .areNotAssignableTo(TimeSource.class)
        .and()
        .areNotAssignableTo(SteadyClock.class)
        .and(
            DescribedPredicate.not(
                DescribedPredicate.describe(
                    "part of the clock", c -> c.getName().startsWith(TimeSource.class.getName()))))
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .check(CLASSES);
  }
}
