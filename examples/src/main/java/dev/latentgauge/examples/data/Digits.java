package dev.latentgauge.examples.data;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Digits: 1,797 handwritten digits of 8 x 8 pixels.
 *
 * @param images the digits in the order of the file
 * @see <a href="https://doi.org/10.24432/C50P49">Alpaydin and Kaynak, Optical Recognition of
 *     Handwritten Digits, 1998 (CC BY 4.0); the test part, as scikit-learn has it</a>
 */
public record Digits(List<Image> images) {

  /** The number of classes. */
  public static final int CLASSES = 10;

  /** Height and width of an image in pixels. */
  public static final int SIDE = 8;

  private static final int PIXELS = SIDE * SIDE;
  private static final int BRIGHTEST = 16;
  private static final int COUNT = 1_797;

  private static final String FILE = "digits.csv.gz";

  // The content is the same in scikit-learn's releases, whose own 1.6.1 from the Python Package
  // Index was compared with Debian's 1.2.1; what is downloaded must be that. In a folder every
  // number is checked instead: a copy that another program wrote anew is as good.
  private static final List<DataFile> PUBLISHED =
      List.of(
          DataFile.known(
              FILE, 264_712, "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"));

  static final Dataset<Digits> DATASET =
      new Dataset<>(
          "Digits",
          "On Debian and Ubuntu, get it with: apt-get install --no-install-recommends"
              + " python3-sklearn. Elsewhere, take digits.csv.gz from the folder"
              + " sklearn/datasets/data of scikit-learn, and give its folder with: --data DIR",
          PUBLISHED,
          List.of(List.of(DataFile.unknown(FILE, 1 << 20))),
          Digits::of);

  // The same repository at the same release, by two servers.
  private static final Publisher PUBLISHER =
      new Publisher(
          List.of(
              URI.create(
                  "https://raw.githubusercontent.com/scikit-learn/scikit-learn/1.6.1/sklearn/datasets/data/"),
              URI.create(
                  "https://github.com/scikit-learn/scikit-learn/raw/1.6.1/sklearn/datasets/data/")),
          Duration.ofSeconds(30));

  /**
   * A digit.
   *
   * @param pixels 64 numbers in [0, 16], row by row
   * @param digit in [0, 9]
   */
  public record Image(List<Integer> pixels, int digit) {}

  /**
   * Finds the data: as Debian's package {@code python3-sklearn} installs it, else in {@code
   * ../shared/data/digits}, else in {@code latentgauge/digits} of the user's cache folder ({@code
   * XDG_CACHE_HOME}, or {@code ~/.cache}), to which it is downloaded (58 kB) if it is not there
   * yet.
   *
   * @return all digits, unshuffled
   * @throws DataException if it is in none of these places and cannot be downloaded, or is damaged
   */
  public static Digits find() throws DataException {
    List<Path> system = List.of(Path.of("/usr/lib/python3/dist-packages/sklearn/datasets/data"));
    return DataSearch.on("digits", system, PUBLISHER).find(DATASET);
  }

  /**
   * Reads the data from a folder, and looks nowhere else.
   *
   * @param folder has {@code digits.csv.gz}
   * @return all digits, unshuffled
   * @throws DataException if the file is missing or damaged
   */
  public static Digits load(Path folder) throws DataException {
    return DATASET.read(folder);
  }

  private static Digits of(List<Content> files) throws DataException {
    Content file = files.get(0);
    List<Image> images = new ArrayList<>();
    for (Line line : file.lines()) {
      images.add(image(line));
    }
    if (images.size() != COUNT) {
      throw file.miscounted(COUNT, "images", images.size());
    }
    return new Digits(List.copyOf(images));
  }

  private static Image image(Line line) throws DataException {
    List<String> fields = line.fields(',', PIXELS + 1);
    List<Integer> pixels = new ArrayList<>();
    for (String field : fields.subList(0, PIXELS)) {
      pixels.add(number(line, "a pixel", field, BRIGHTEST));
    }
    int digit = number(line, "the digit at the end", fields.get(PIXELS), CLASSES - 1);
    return new Image(List.copyOf(pixels), digit);
  }

  private static int number(Line line, String thing, String text, int largest)
      throws DataException {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && number <= largest) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, with the range.
    }
    throw line.wrong("%s must be a whole number in [0, %d]".formatted(thing, largest), text);
  }
}
