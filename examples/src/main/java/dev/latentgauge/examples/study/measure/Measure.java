package dev.latentgauge.examples.study.measure;

import dev.latentgauge.relative.Profile;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * A number that may follow accuracy; the higher, the better it says the run is.
 *
 * @param name the column of the tables
 * @param title for people
 * @param group what it asks for
 */
public record Measure(String name, String title, Group group) {

  /** What the product reports unless it is told otherwise. */
  public static final Measure DEFAULT =
      new Measure("standardised", "Soft, standardised", Group.REPRESENTATION);

  /** The similarity of the paper: the mean cosine of matching relative representations. */
  public static final Measure RAW_COSINE =
      new Measure("cosine-raw", "cosine, raw (the paper's)", Group.REPRESENTATION);

  /** Linear centred kernel alignment with the reference. */
  public static final Measure LINEAR_CKA =
      new Measure("linear-cka", "linear CKA", Group.REPRESENTATION);

  /** Participation ratio of the covariance. */
  public static final Measure EFFECTIVE_RANK =
      new Measure("effective-rank", "effective rank", Group.RUN_ALONE);

  /** The share of probes that run and reference give the same class. */
  public static final Measure AGREEMENT =
      new Measure("prediction-agreement", "agreement of predictions", Group.PREDICTIONS);

  /** The training loss since the snapshot before, negative. */
  public static final Measure TRAINING_LOSS =
      new Measure("training-loss", "training loss, negative", Group.LABELS);

  /** One less the score of the run against its own untrained network. */
  public static final Measure DISTANCE_FROM_START =
      new Measure("distance-from-start", "distance from its own start", Group.CONTROL);

  /** The score against a network that was never trained. */
  public static final Measure UNTRAINED_REFERENCE =
      new Measure("untrained-reference", "score, untrained reference", Group.CONTROL);

  /** The score against a network that is half good. */
  public static final Measure MEDIOCRE_REFERENCE =
      new Measure("mediocre-reference", "score, mediocre reference", Group.CONTROL);

  private static final List<String> SHOWN =
      List.of("cosine", "soft:0.1", "soft", "standardised", "soft+centred", "neighbours:k/16");

  /** What the name of a score says if both sides are centred by the mean of their anchors. */
  private static final String CENTRED = "+centred";

  private static final List<Scored> SCORES = List.copyOf(everyProfile());
  private static final List<Measure> ALL = List.copyOf(everyMeasure());

  /**
   * A score, by the profile under which it is made.
   *
   * @param measure its name and title
   * @param profile the profile, given the number of anchors
   * @param centred whether the mean of the anchors is taken off all embeddings first
   */
  record Scored(Measure measure, IntFunction<Profile> profile, boolean centred) {}

  /** All scores: every profile, with and without centring. */
  static List<Scored> scores() {
    return SCORES;
  }

  private static List<Scored> everyProfile() {
    List<Scored> scores = new ArrayList<>();
    for (boolean centred : new boolean[] {false, true}) {
      scores.add(scored("cosine", "Cosine", k -> new Profile.Cosine(), centred));
      for (double temperature : new double[] {0.02, 0.05, 0.1, 0.2, 0.5}) {
        scores.add(
            scored(
                "soft:" + temperature,
                "Soft(%s)".formatted(temperature),
                k -> new Profile.Soft(temperature),
                centred));
      }
      scores.add(scored("soft", "Soft, adaptive", k -> new Profile.AdaptiveSoft(), centred));
      scores.add(
          scored(
              "standardised", "Soft, standardised", k -> new Profile.StandardisedSoft(), centred));
      for (int share : new int[] {32, 16, 8, 4}) {
        scores.add(
            scored(
                "neighbours:k/" + share,
                "Neighbours(k/%d)".formatted(share),
                k -> new Profile.Neighbours(Math.max(1, k / share)),
                centred));
      }
    }
    return scores;
  }

  private static Scored scored(
      String name, String title, IntFunction<Profile> profile, boolean centred) {
    return new Scored(
        new Measure(
            centred ? name + CENTRED : name,
            centred ? title + ", centred" : title,
            Group.REPRESENTATION),
        profile,
        centred);
  }

  /**
   * All measures.
   *
   * @return in the order in which they are shown
   */
  public static List<Measure> all() {
    return ALL;
  }

  private static List<Measure> everyMeasure() {
    List<Measure> all = new ArrayList<>();
    all.add(RAW_COSINE);
    SCORES.forEach(score -> all.add(score.measure()));
    all.addAll(
        List.of(
            LINEAR_CKA,
            EFFECTIVE_RANK,
            AGREEMENT,
            TRAINING_LOSS,
            DISTANCE_FROM_START,
            UNTRAINED_REFERENCE,
            MEDIOCRE_REFERENCE));
    return all;
  }

  /** Whether a measure is a score, under whatever profile. */
  static boolean isScore(Measure measure) {
    return SCORES.stream().anyMatch(score -> score.measure().equals(measure));
  }

  private static boolean isShown(Scored score) {
    return SHOWN.contains(score.measure().name());
  }

  /** The scores that figures show, of all the variants one of each kind. */
  static List<Scored> shownScores() {
    return SCORES.stream().filter(Measure::isShown).toList();
  }

  /**
   * The measures that figures show.
   *
   * @return measures by what they ask for, in the order in which they are shown
   */
  public static Map<Group, List<Measure>> shown() {
    List<Measure> left =
        SCORES.stream().filter(score -> !isShown(score)).map(Scored::measure).toList();
    return ALL.stream()
        .filter(measure -> !left.contains(measure))
        .collect(
            Collectors.groupingBy(
                Measure::group, () -> new EnumMap<>(Group.class), Collectors.toList()));
  }
}
