package dev.latentgauge.cli;

import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.latentgauge.observation.Wire;
import dev.latentgauge.reference.Candidate;
import dev.latentgauge.reference.Reading;
import dev.latentgauge.reference.Reference;
import dev.latentgauge.reference.ReferenceSource;
import dev.latentgauge.reference.RunGauge;
import dev.latentgauge.relative.Difference;
import dev.latentgauge.relative.Measurement;
import dev.latentgauge.relative.Outcome;
import dev.latentgauge.relative.Profile;
import dev.latentgauge.relative.Undefined;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Scores one file against another. */
@Command(
    name = "compare",
    description = {
      "Scores the embeddings in CANDIDATE against REFERENCE: how far the two models describe the"
          + " same inputs alike, beyond chance. 0 is chance, 1 is identity; rotation, reflection,"
          + " scale and number of dimensions do not matter.",
      "",
      "Both are safetensors files of floating-point arrays @|bold anchors|@ (k x d) and"
          + " @|bold probes|@ (n x d): what each model makes of the same k anchor inputs and n"
          + " other inputs, in the same order. An array @|bold predictions|@ of n integers is"
          + " optional. REFERENCE may also be made by @|bold reference create|@; then it has its"
          + " own profile, and may know its floor, its ceiling and what accuracy scores have meant."
    },
    footer = {
      "",
      "Examples:",
      "  latentgauge compare good.safetensors epoch-9.safetensors",
      "  latentgauge compare good.safetensors epoch-9.safetensors --against epoch-8.safetensors",
      "  latentgauge compare good.safetensors epoch-9.safetensors --json | jq .score"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:there is a score",
      "1:the files cannot be compared, and standard error says why",
      "2:the command was not understood",
      "3:the score is undefined, and the output says why"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.VersionProvider.class)
final class Compare implements Callable<Integer> {

  private static final int UNDEFINED = 3;
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private EngineOptions engine = new EngineOptions();

  @Parameters(index = "0", paramLabel = "REFERENCE", description = "What to compare with.")
  private Path referenceFile = Path.of("");

  @Parameters(index = "1", paramLabel = "CANDIDATE", description = "What to score.")
  private Path candidateFile = Path.of("");

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      converter = ProfileConverter.class,
      description = {
        "How two descriptions of an input are compared: " + Profile.SYNTAX + ".",
        "standardised, the default, gives every anchor the same say and chooses its temperature by"
            + " itself, as soft does with plain cosines; cosine is the profile of Moschella et al."
            + " (2023), which is blind on anisotropic layers."
      })
  private @Nullable Profile profile;

  @Option(
      names = "--against",
      paramLabel = "OTHER",
      description =
          "Embeddings of another model or checkpoint: says by how much CANDIDATE scores higher,"
              + " with the error of that difference, which is far smaller than those of the scores.")
  private @Nullable Path otherFile;

  @Option(
      names = "--json",
      description = "Prints one JSON object with the field names of an observation.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    engine.load();
    try (NDManager manager = NDManager.newBaseManager();
        ReferenceSource reference =
            ReferenceSource.open(referenceFile, Optional.ofNullable(profile));
        RunGauge gauge = reference.reference().runGauge(manager);
        Candidate candidate = Candidate.open(candidateFile)) {
      Reading reading = candidate.read(gauge);
      Optional<Comparison> against = against(gauge, reading);
      OptionalDouble anchorError = gauge.anchorError(candidate.description());
      String text =
          json
              ? GSON.toJson(tree(reference.reference(), reading, anchorError, against))
              : new ComparisonText(reference.reference(), candidateFile, candidate.description())
                  .of(reading, anchorError, against);
      spec.commandLine().getOut().println(text);
      return reading.measurement().outcome() instanceof Undefined ? UNDEFINED : 0;
    }
  }

  private Optional<Comparison> against(RunGauge gauge, Reading reading) throws IOException {
    if (otherFile == null) {
      return Optional.empty();
    }
    try (Candidate other = Candidate.open(otherFile)) {
      Measurement measurement = other.read(gauge).measurement();
      return Optional.of(
          new Comparison(
              otherFile, measurement.outcome(), reading.measurement().minus(measurement)));
    }
  }

  /** Another file beside the candidate. */
  record Comparison(Path file, Outcome outcome, Optional<Difference> difference) {

    /** Why there is no difference. */
    String whyNone() {
      return outcome instanceof Undefined undefined
          ? "the score of " + file + " is undefined: " + undefined.reason()
          : "the candidate has no score";
    }

    JsonObject tree() {
      JsonObject object = new JsonObject();
      difference.ifPresentOrElse(
          value -> {
            object.addProperty("value", value.value());
            object.addProperty("standardError", value.standardError());
          },
          () -> object.addProperty("undefined", whyNone()));
      return object;
    }
  }

  private static JsonObject tree(
      Reference reference,
      Reading reading,
      OptionalDouble anchorError,
      Optional<Comparison> against) {
    JsonObject object = new JsonObject();
    object.addProperty("reference", reference.id());
    object.addProperty("profile", reference.profile().toString());
    Wire.tree(reading.measurement().outcome()).asMap().forEach(object::add);
    anchorError.ifPresent(error -> object.addProperty("anchorError", error));
    reading.scoreFloor().ifPresent(score -> object.addProperty("scoreFloor", score));
    reading.scoreCeiling().ifPresent(score -> object.addProperty("scoreCeiling", score));
    reading.gaugedScore().ifPresent(score -> object.addProperty("gaugedScore", score));
    reading
        .predictedAccuracy()
        .ifPresent(predicted -> object.add("predictedAccuracy", Wire.tree(predicted)));
    if (reading.measurement().zeroRows() > 0) {
      object.addProperty("zeroProbes", reading.measurement().zeroRows());
    }
    object.add("companions", Wire.tree(reading.companions()));
    against.ifPresent(comparison -> object.add("difference", comparison.tree()));
    return object;
  }
}
