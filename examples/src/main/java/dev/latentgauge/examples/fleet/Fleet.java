package dev.latentgauge.examples.fleet;

import dev.latentgauge.examples.data.DataException;
import dev.latentgauge.examples.fashion.ImagesOption;
import dev.latentgauge.examples.fashion.Plan;
import dev.latentgauge.reference.Reference;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/**
 * Makes a reference that knows all that one can know, and trains runs against it, one a process.
 */
@Command(
    name = "fleet",
    mixinStandardHelpOptions = true,
    description = "Trainings on Fashion-MNIST that go on at the same time, each in a process.")
public final class Fleet {

  @Mixin private ImagesOption data = new ImagesOption();

  @Option(names = "--quick", description = "A twentieth of the training.")
  private boolean quick;

  private Fleet() {}

  /**
   * Makes the reference, or trains one run.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    CommandLine commandLine = new CommandLine(new Fleet());
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (failure instanceof DataException) {
            System.err.println(failure.getMessage());
            return 1;
          }
          throw failure;
        });
    System.exit(commandLine.execute(arguments));
  }

  @Command(
      name = "reference",
      description = "Makes the reference, with its floor, ceiling and calibration.")
  void reference(@Parameters(paramLabel = "FILE", description = "Where to write it.") Path file)
      throws DataException, IOException {
    new FleetTraining(data.images(), quick).reference(file);
  }

  @Command(name = "list", description = "Prints the names of the runs.")
  void list() {
    FleetPlans.runs().forEach(plan -> System.out.println(plan.name()));
  }

  @Command(name = "train", description = "Trains a run until it ends.")
  void train(
      @Option(names = "--reference", paramLabel = "FILE", required = true) Path file,
      @Option(names = "--collector", paramLabel = "URL", required = true) URI collector,
      @Parameters(
              paramLabel = "RUN",
              description = "Its name, one of the list.",
              converter = ByName.class)
          Plan plan)
      throws DataException, IOException {
    try (Reference reference = Reference.load(file)) {
      new FleetTraining(data.images(), quick).run(plan, reference, collector);
    }
  }

  /** The plan of a run by its name. */
  private static final class ByName implements ITypeConverter<Plan> {
    @Override
    public Plan convert(String name) {
      return FleetPlans.runs().stream()
          .filter(plan -> plan.name().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "the run must be one of "
                          + FleetPlans.runs().stream()
                              .map(Plan::name)
                              .collect(Collectors.joining(", "))
                          + ", but is "
                          + name));
    }
  }
}
