package dev.latentgauge.examples.data;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * TREC: questions in English, and which of six kinds of answer they ask for.
 *
 * @param train 5,452 questions
 * @param test 500 other questions
 * @see <a href="https://cogcomp.seas.upenn.edu/Data/QA/QC/">Li and Roth, Learning Question
 *     Classifiers, 2002 (no licence stated)</a>
 */
public record Trec(List<Question> train, List<Question> test) {

  /** The coarse kinds of answer, in the order of their numbers. */
  public static final List<String> KINDS = List.of("ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM");

  private static final int TRAIN = 5_452;
  private static final int TEST = 500;

  private static final String TRAIN_FILE = "train_5500.label";
  private static final String TEST_FILE = "TREC_10.label";

  // The published files have 335,858 and 23,354 bytes.
  private static final int LARGEST = 1 << 20;

  // The files have not changed since 2002, and what others recorded of them agrees: these sizes and
  // checksums are in dataset_infos.json of Hugging Face's trec, and torchtext has MD5 sums. They
  // are demanded of what comes from the network, and from there alone: copies without the quotation
  // marks are about, which are as good to learn from. In a folder, every line is checked instead.
  private static final List<DataFile> PUBLISHED =
      List.of(
          DataFile.known(
              TRAIN_FILE,
              335_858,
              "9e4c8bdcaffb96ed61041bd64b564183d52793a8e91d84fc3a8646885f466ec3"),
          DataFile.known(
              TEST_FILE,
              23_354,
              "033f22c028c2bbba9ca682f68ffe204dc1aa6e1cf35dd6207f2d4ca67f0d0e8e"));

  static final Dataset<Trec> DATASET =
      new Dataset<>(
          "TREC",
          "Download train_5500.label and TREC_10.label from"
              + " https://cogcomp.seas.upenn.edu/Data/QA/QC/ and give their folder with: --data DIR",
          PUBLISHED,
          List.of(
              List.of(DataFile.unknown(TRAIN_FILE, LARGEST), DataFile.unknown(TEST_FILE, LARGEST))),
          Trec::of);

  // Both are the authors' own; the second is plain HTTP, which the checksums make up for.
  private static final Publisher PUBLISHER =
      new Publisher(
          List.of(
              URI.create("https://cogcomp.seas.upenn.edu/Data/QA/QC/"),
              URI.create("http://cogcomp.org/Data/QA/QC/")),
          Duration.ofSeconds(30));

  /**
   * A question.
   *
   * @param text its words and punctuation, separated by blanks
   * @param kind the kind of its answer, an index into {@link #KINDS}
   */
  public record Question(String text, int kind) {}

  /**
   * Finds the data: in {@code ../shared/data/trec}, else in {@code latentgauge/trec} of the user's
   * cache folder ({@code XDG_CACHE_HOME}, or {@code ~/.cache}), to which it is downloaded (360 kB)
   * if it is not there yet.
   *
   * @return all questions, unshuffled
   * @throws DataException if it is in none of these places and cannot be downloaded, or a file is
   *     damaged
   */
  public static Trec find() throws DataException {
    return DataSearch.on("trec", List.of(), PUBLISHER).find(DATASET);
  }

  /**
   * Reads the data from a folder, and looks nowhere else.
   *
   * @param folder has {@code train_5500.label} and {@code TREC_10.label}
   * @return all questions, unshuffled
   * @throws DataException if a file is missing or damaged
   */
  public static Trec load(Path folder) throws DataException {
    return DATASET.read(folder);
  }

  private static Trec of(List<Content> files) throws DataException {
    return new Trec(questions(files.get(0), TRAIN), questions(files.get(1), TEST));
  }

  private static List<Question> questions(Content file, int count) throws DataException {
    List<Question> questions = new ArrayList<>();
    for (Line line : file.lines()) {
      questions.add(question(line));
    }
    if (questions.size() != count) {
      throw file.miscounted(count, "questions", questions.size());
    }
    return List.copyOf(questions);
  }

  /** Takes {@code LOC:city What county is Modesto , California in ?}. */
  private static Question question(Line line) throws DataException {
    int colon = line.text().indexOf(':');
    int blank = line.text().indexOf(' ');
    int kind = colon < 0 ? -1 : KINDS.indexOf(line.text().substring(0, colon));
    String text = line.text().substring(blank + 1);
    if (kind < 0 || blank < colon || text.isBlank()) {
      throw line.wrong(
          "a line must be one of %s, a colon, a finer kind, a blank and a question"
              .formatted(String.join(", ", KINDS)),
          line.text());
    }
    return new Question(text, kind);
  }
}
