package dev.latentgauge.examples.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Digits: 1,797 handwritten digits of 8 x 8 pixels.
 *
 * @param images the digits in the order of the file
 */
public record Digits(List<Image> images) {

  /** The number of classes. */
  public static final int CLASSES = 10;

  /** Height and width of an image in pixels. */
  public static final int SIDE = 8;

  /**
   * A digit.
   *
   * @param pixels 64 numbers in [0, 16], row by row
   * @param digit in [0, 9]
   */
  public record Image(List<Integer> pixels, int digit) {}

  /**
   * Finds the data.
   *
   * @return all digits
   * @throws DataException if it is not to be had
   */
  public static Digits find() throws DataException {
    return load(Path.of("/usr/lib/python3/dist-packages/sklearn/datasets/data"));
  }

  /**
   * Reads the data from a folder, and looks nowhere else.
   *
   * @param folder has the files under the names that their publisher gave them
   * @return all digits
   * @throws DataException if a file is missing or damaged
   */
  public static Digits load(Path folder) throws DataException {
    try (InputStream file = Files.newInputStream(folder.resolve("digits.csv.gz"));
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(file), StandardCharsets.US_ASCII))) {
      return new Digits(reader.lines().map(Digits::image).toList());
    } catch (IOException e) {
      throw new DataException("Digits cannot be read: " + e, e);
    }
  }

  private static Image image(String line) {
    List<Integer> numbers =
        Arrays.stream(line.split(",", -1)).map(text -> (int) Double.parseDouble(text)).toList();
    return new Image(numbers.subList(0, SIDE * SIDE), numbers.get(SIDE * SIDE));
  }
}
