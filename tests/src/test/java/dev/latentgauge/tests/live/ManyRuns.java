package dev.latentgauge.tests.live;

import dev.latentgauge.observation.RunInfo;
import dev.latentgauge.tests.live.SyntheticRun.Fate;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A fleet of trainings that never were, in names, tags, states and histories as a sweep has them;
 * the same every time. Of twenty, four are live, ten completed, four were stopped, and two failed,
 * in the mean; some have two layers, some two attempts, some undefined measurements.
 */
public final class ManyRuns {

  /** Half the runs or so have as many observations of each layer. */
  public static final int LENGTH = 40;

  /** The run with a long history. */
  public static final String LONG = "fashion-transformer-long";

  private static final List<String> DATA_SETS = List.of("fashion", "digits", "trec");
  private static final List<String> MODELS = List.of("mlp", "cnn", "resnet", "transformer");
  private static final List<String> OPTIMIZERS = List.of("adam", "sgd", "adamw");
  private static final List<String> RATES = List.of("0.0001", "0.0003", "0.001", "0.003", "0.01");
  private static final int COMBINATIONS =
      DATA_SETS.size() * MODELS.size() * OPTIMIZERS.size() * RATES.size();

  private final List<PostedReference> references;

  private ManyRuns(List<PostedReference> references) {
    this.references = references;
  }

  /** Runs that are measured against two references, which are put first. */
  public static ManyRuns in(CollectorApi collector) {
    return new ManyRuns(
        List.of(
            PostedReference.put(collector, "cnn-v1", "encoder"),
            PostedReference.put(collector, "cnn-v1-head", "head")));
  }

  /** So many runs of every fate. */
  public List<SyntheticRun> mixed(int count) {
    return IntStream.range(0, count).mapToObj(number -> run(number, fate(number))).toList();
  }

  /** So many runs of one fate. */
  public List<SyntheticRun> all(Fate fate, int count) {
    return IntStream.range(0, count).mapToObj(number -> run(number, fate)).toList();
  }

  /** One with a long history, of one layer, which goes on. */
  public SyntheticRun longest(int length) {
    return new SyntheticRun(
        info(0, LONG),
        Fate.LIVE,
        references.subList(0, 1),
        length,
        new Curve(0.95, length / 6.0, 0.03, Double.POSITIVE_INFINITY),
        false,
        1);
  }

  /** One more, with another name, and nothing out of the ordinary. */
  public SyntheticRun plain(String name, Fate fate, int length) {
    return new SyntheticRun(
        info(name.hashCode() & 0xff, name),
        fate,
        references.subList(0, 1),
        length,
        new Curve(0.9, length / 5.0, 0.02, Double.POSITIVE_INFINITY),
        false,
        name.hashCode());
  }

  private SyntheticRun run(int number, Fate fate) {
    SplittableRandom random = new SplittableRandom(31L * number + 7);
    int length = random.nextInt(10) < 5 ? LENGTH : 10 + random.nextInt(2 * LENGTH);
    int layers = random.nextInt(4) == 0 ? 2 : 1;
    int attempts = random.nextInt(15) == 0 ? 2 : 1;
    boolean hasGaps = random.nextInt(10) == 0;
    return new SyntheticRun(
        info(number, name(number)).withAttempt(attempts),
        fate,
        references.subList(0, layers),
        length,
        curve(number, length, random),
        hasGaps,
        random.nextLong());
  }

  private static Fate fate(int number) {
    int chance = new SplittableRandom(17L * number + 3).nextInt(20);
    if (chance < 4) {
      return Fate.LIVE;
    }
    return chance < 14 ? Fate.COMPLETED : chance < 18 ? Fate.STOPPED : Fate.FAILED;
  }

  /** Larger rates rise sooner, and the largest do not come as far. */
  private static Curve curve(int number, int length, SplittableRandom random) {
    int rate = RATES.indexOf(rate(number));
    double end = (rate == RATES.size() - 1 ? 0.55 : 0.85) + 0.1 * random.nextGaussian();
    boolean collapses = random.nextInt(12) == 0;
    return new Curve(
        Math.min(end, 1.02),
        LENGTH / (3.0 + 2 * rate),
        0.01 + 0.03 * random.nextDouble(),
        collapses ? length * 0.7 : Double.POSITIVE_INFINITY);
  }

  private static RunInfo info(int number, String name) {
    return RunInfo.named(name)
        .withModel(model(number))
        .withDataset(dataset(number))
        .withCommand("java -jar train.jar --lr " + rate(number) + " --seed " + seed(number))
        .tag("lr", rate(number))
        .tag("optimizer", optimizer(number))
        .tag("seed", Integer.toString(seed(number)));
  }

  private static String name(int number) {
    return "%s-%s-%s-lr%s-s%03d"
        .formatted(dataset(number), model(number), optimizer(number), rate(number), seed(number));
  }

  private static String model(int number) {
    return MODELS.get(number % MODELS.size());
  }

  private static String dataset(int number) {
    return DATA_SETS.get(number / MODELS.size() % DATA_SETS.size());
  }

  private static String optimizer(int number) {
    return OPTIMIZERS.get(number / (MODELS.size() * DATA_SETS.size()) % OPTIMIZERS.size());
  }

  private static String rate(int number) {
    return RATES.get(
        number / (MODELS.size() * DATA_SETS.size() * OPTIMIZERS.size()) % RATES.size());
  }

  private static int seed(int number) {
    return number / COMBINATIONS;
  }
}
