package dev.latentgauge.examples.chart;

import java.awt.Color;

/**
 * Colours for numbers, from light yellow over green to dark blue.
 *
 * <p>Lightness falls evenly, so that the order is seen in print and with any colour vision; hue and
 * strength only help to tell neighbours apart. Computed in Oklab, in which equal steps look about
 * equal.
 *
 * @param low the number of the lightest colour
 * @param high the number of the darkest one, above {@code low}
 * @see <a href="https://bottosson.github.io/posts/oklab/">Ottosson 2020, A perceptual color space
 *     for image processing</a>
 */
record ColorScale(double low, double high) {

  private static final double LIGHTEST = 0.97;
  private static final double DARKEST = 0.30;
  private static final double FIRST_HUE = 100;
  private static final double LAST_HUE = 265;
  private static final double STRENGTH = 0.105;

  /** The colour of a number; beyond the ends that of the end. */
  Color of(double value) {
    double share = Math.max(0, Math.min(1, (value - low) / (high - low)));
    double lightness = LIGHTEST + share * (DARKEST - LIGHTEST);
    double hue = Math.toRadians(FIRST_HUE + share * (LAST_HUE - FIRST_HUE));
    // Screens have no strong colours near white and black.
    double strength = STRENGTH * Math.sin(Math.PI * (0.15 + 0.6 * share));
    return color(lightness, strength * Math.cos(hue), strength * Math.sin(hue));
  }

  /** Black or white, whichever is easier to read on a colour: a contrast of 4.5 at least. */
  static Color ink(Color background) {
    // Where black and white have the same contrast: (Y + .05)² = 1.05 · .05.
    return luminance(background) > Math.sqrt(1.05 * 0.05) - 0.05 ? Color.BLACK : Color.WHITE;
  }

  /** Relative luminance as WCAG 2 defines it, in [0, 1]. */
  static double luminance(Color color) {
    return 0.2126 * linear(color.getRed())
        + 0.7152 * linear(color.getGreen())
        + 0.0722 * linear(color.getBlue());
  }

  private static double linear(int level) {
    double value = level / 255.0;
    return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
  }

  private static Color color(double lightness, double a, double b) {
    double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    return new Color(
        level(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
        level(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
        level(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
  }

  private static double cube(double value) {
    return value * value * value;
  }

  private static int level(double linear) {
    double inside = Math.max(0, Math.min(1, linear));
    double value = inside <= 0.0031308 ? 12.92 * inside : 1.055 * Math.pow(inside, 1 / 2.4) - 0.055;
    return (int) Math.round(255 * value);
  }
}
