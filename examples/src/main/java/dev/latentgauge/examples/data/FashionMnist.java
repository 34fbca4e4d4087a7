package dev.latentgauge.examples.data;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Fashion-MNIST: 70,000 photographs of clothes, 28 x 28 grey pixels each, in ten classes of equal
 * size.
 *
 * <p>Takes 55 MB of memory. Every file is checked against its SHA-256, wherever it comes from.
 *
 * @param train 60,000 images
 * @param test 10,000 other images
 * @see <a href="https://github.com/zalandoresearch/fashion-mnist">Xiao et al., Fashion-MNIST, 2017
 *     (MIT licence)</a>
 */
public record FashionMnist(LabelledImages train, LabelledImages test) {

  /** The number of classes; labels are 0 to 9. */
  public static final int CLASSES = 10;

  private static final int SIDE = 28;

  private static final IdxDataset DATASET =
      new IdxDataset(
          "Fashion-MNIST",
          "On Debian and Ubuntu, get it with: apt-get install dataset-fashion-mnist. Elsewhere,"
              + " download its four .gz files from https://github.com/zalandoresearch/fashion-mnist"
              + " and give their folder with: --data DIR",
          List.of(
              images(
                  "train-images-idx3-ubyte.gz",
                  60_000,
                  "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
              labels(
                  "train-labels-idx1-ubyte.gz",
                  60_000,
                  "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
              images(
                  "t10k-images-idx3-ubyte.gz",
                  10_000,
                  "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
              labels(
                  "t10k-labels-idx1-ubyte.gz",
                  10_000,
                  "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34")));

  private static final List<Path> FOLDERS =
      List.of(
          Path.of("/usr/share/datasets/fashion-mnist"), Path.of("../shared/data/fashion-mnist"));

  // Both are the authors' own; the second is plain HTTP, which the checksum makes up for.
  private static final Publisher PUBLISHER =
      new Publisher(
          List.of(
              URI.create(
                  "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"),
              URI.create("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/")),
          Duration.ofSeconds(30));

  /**
   * Finds the data: as Debian's package {@code dataset-fashion-mnist} installs it, else in {@code
   * ../shared/data/fashion-mnist}, else in {@code latentgauge/fashion-mnist} of the user's cache
   * folder ({@code XDG_CACHE_HOME}, or {@code ~/.cache}), to which it is downloaded (31 MB) if it
   * is not there yet.
   *
   * @return all images, unshuffled
   * @throws DataException if it is in none of these places and cannot be downloaded, or a file is
   *     damaged
   */
  public static FashionMnist find() throws DataException {
    Path cache =
        cacheFolder(System.getenv(), Path.of(System.getProperty("user.home")))
            .resolve("latentgauge")
            .resolve("fashion-mnist");
    return of(new DataSearch(FOLDERS, cache, PUBLISHER).find(DATASET));
  }

  /**
   * Reads the data from a folder, and looks nowhere else.
   *
   * @param folder has the four {@code .gz} files under the names that their publisher gave them
   * @return all images, unshuffled
   * @throws DataException if a file is missing or damaged
   */
  public static FashionMnist load(Path folder) throws DataException {
    return of(DATASET.read(folder));
  }

  private static FashionMnist of(List<ByteBuffer> contents) {
    return new FashionMnist(
        LabelledImages.of(contents.get(0), contents.get(1), SIDE, CLASSES),
        LabelledImages.of(contents.get(2), contents.get(3), SIDE, CLASSES));
  }

  /** As the XDG Base Directory Specification says, which ignores a relative path. */
  static Path cacheFolder(Map<String, String> environment, Path home) {
    Path chosen = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    return chosen.isAbsolute() ? chosen : home.resolve(".cache");
  }

  private static IdxArchive images(String name, int count, String sha256) {
    return new IdxArchive(name, List.of(count, SIDE, SIDE), sha256);
  }

  private static IdxArchive labels(String name, int count, String sha256) {
    return new IdxArchive(name, List.of(count), sha256);
  }
}
