package dev.latentgauge.examples.data;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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

  private static final List<DataFile> FILES =
      List.of(
          idx(
              "train-images-idx3-ubyte.gz",
              List.of(60_000, SIDE, SIDE),
              "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
          idx(
              "train-labels-idx1-ubyte.gz",
              List.of(60_000),
              "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
          idx(
              "t10k-images-idx3-ubyte.gz",
              List.of(10_000, SIDE, SIDE),
              "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
          idx(
              "t10k-labels-idx1-ubyte.gz",
              List.of(10_000),
              "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"));

  private static final Dataset<FashionMnist> DATASET =
      new Dataset<>(
          "Fashion-MNIST",
          "On Debian and Ubuntu, get it with: apt-get install dataset-fashion-mnist. Elsewhere,"
              + " download its four .gz files from https://github.com/zalandoresearch/fashion-mnist"
              + " and give their folder with: --data DIR",
          FILES,
          List.of(FILES),
          FashionMnist::of);

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
    List<Path> system = List.of(Path.of("/usr/share/datasets/fashion-mnist"));
    return DataSearch.on("fashion-mnist", system, PUBLISHER).find(DATASET);
  }

  /**
   * Reads the data from a folder, and looks nowhere else.
   *
   * @param folder has the four {@code .gz} files under the names that their publisher gave them
   * @return all images, unshuffled
   * @throws DataException if a file is missing or damaged
   */
  public static FashionMnist load(Path folder) throws DataException {
    return DATASET.read(folder);
  }

  private static FashionMnist of(List<Content> files) {
    return new FashionMnist(
        LabelledImages.of(values(files.get(0), 3), values(files.get(1), 1), SIDE, CLASSES),
        LabelledImages.of(values(files.get(2), 3), values(files.get(3), 1), SIDE, CLASSES));
  }

  // The checksum covers the header too, which therefore needs no reading.
  private static ByteBuffer values(Content file, int dimensions) {
    return ByteBuffer.wrap(file.bytes())
        .position(headerSize(dimensions))
        .slice()
        .asReadOnlyBuffer();
  }

  /** A gzipped IDX file of unsigned bytes. */
  private static DataFile idx(String name, List<Integer> shape, String sha256) {
    int values = shape.stream().reduce(1, Math::multiplyExact);
    return DataFile.known(name, headerSize(shape.size()) + values, sha256);
  }

  // Two zeros, the type, the number of dimensions, then the length of each (big-endian).
  private static int headerSize(int dimensions) {
    return 4 + 4 * dimensions;
  }
}
