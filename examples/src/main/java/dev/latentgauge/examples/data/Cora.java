package dev.latentgauge.examples.data;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Cora: 2,708 papers on machine learning, the words that they have, the papers that they cite, and
 * which of seven topics they are about.
 *
 * <p>The citations are undirected, 5,278 of them: of the 5,429 that LINQS lists, the others are the
 * same the other way round. Papers are numbered in the order of {@code cora.content}, topics in
 * that of the alphabet.
 *
 * @param words the papers' words: for each paper the numbers of those that it has, ascending, in
 *     [0, 1433)
 * @param topics the papers' topics, in [0, 7)
 * @param citations pairs of different papers, each pair once, the lower number first
 * @param parts the part of the split that each paper is in
 * @see <a href="https://linqs.org/datasets/#cora">Sen et al., Collective Classification in Network
 *     Data, 2008 (no licence stated)</a>
 */
public record Cora(
    List<List<Integer>> words, List<Integer> topics, List<Citation> citations, List<Part> parts) {

  /** The number of different words. */
  public static final int WORDS = 1433;

  /** The number of topics. */
  public static final int TOPICS = 7;

  // LINQS publishes no checksum, and we have not seen its archive: what is downloaded is kept only
  // if it reads as Cora, word by word and citation by citation, as everything in a folder must.
  // Unpacked, the content has 7.8 MB and the citations 70 kB.
  private static final DataFile ARCHIVE =
      new DataFile("cora.tgz", List.of("cora.content", "cora.cites"), 16 << 20, CoraFiles::read);

  private static final DataFile CONTENT = DataFile.unknown("cora.content", 16 << 20);
  private static final DataFile CITES = DataFile.unknown("cora.cites", 1 << 20);
  private static final DataFile SPLIT = DataFile.unknown("cora.split", 1 << 20);

  static final Dataset<Cora> DATASET =
      new Dataset<>(
          "Cora",
          "Download https://linqs-data.soe.ucsc.edu/public/lbc/cora.tgz and give its folder, or the"
              + " one to which it was unpacked, with: --data DIR",
          List.of(ARCHIVE),
          List.of(List.of(CONTENT, CITES, SPLIT), List.of(CONTENT, CITES), List.of(ARCHIVE)),
          CoraFiles::read);

  // No second address: there is no checksum that would tell whether another has the same.
  private static final Publisher PUBLISHER =
      new Publisher(
          List.of(URI.create("https://linqs-data.soe.ucsc.edu/public/lbc/")),
          Duration.ofSeconds(30));

  /**
   * That one of two papers cites the other.
   *
   * @param from the lower number
   * @param to the higher number
   */
  public record Citation(int from, int to) {}

  /**
   * The parts of a split.
   *
   * <p>LINQS publishes none. Where the data has a file {@code cora.split} (lines of a paper's
   * identifier, a tab, and {@code train}, {@code val}, {@code test} or {@code none}), it is the one
   * in that file, such as the split of Yang et al. 2016 (Planetoid). Otherwise it is drawn here
   * with the same sizes and a fixed seed: always the same split, but not theirs, so that accuracies
   * are comparable with each other and only roughly with published ones.
   */
  public enum Part {
    /** 20 papers of each topic. */
    TRAIN,
    /** 500 papers. */
    VALIDATION,
    /** 1,000 papers. */
    TEST,
    /** The others. */
    NONE
  }

  /**
   * Finds the data: in {@code ../shared/data/cora}, else in {@code latentgauge/cora} of the user's
   * cache folder ({@code XDG_CACHE_HOME}, or {@code ~/.cache}), to which it is downloaded (170 kB)
   * if it is not there yet.
   *
   * @return 2,708 papers
   * @throws DataException if it is in none of these places and cannot be downloaded, or a file is
   *     damaged
   */
  public static Cora find() throws DataException {
    return DataSearch.on("cora", List.of(), PUBLISHER).find(DATASET);
  }

  /**
   * Reads the data from a folder, and looks nowhere else.
   *
   * @param folder has {@code cora.content} and {@code cora.cites}, and maybe {@code cora.split}; or
   *     else {@code cora.tgz}, as LINQS publishes it
   * @return 2,708 papers
   * @throws DataException if a file is missing or damaged
   */
  public static Cora load(Path folder) throws DataException {
    return DATASET.read(folder);
  }
}
