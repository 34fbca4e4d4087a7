package dev.latentgauge.examples.chart;

import java.awt.Color;
import java.awt.Font;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * A picture as a reader of its SVG finds it.
 *
 * @param document the parsed SVG
 */
record Drawn(Document document) {

  /** A line of text whose baseline starts at (x, y). */
  record Text(String text, double x, double y, Font font) {

    /** What its capitals take. */
    Rectangle2D box() {
      double height = 0.73 * font.getSize2D();
      return new Rectangle2D.Double(x, y - height, Canvas.width(text, font), height);
    }
  }

  /** A straight line. */
  record Line(double x1, double y1, double x2, double y2, double width, Color color) {
    boolean isVertical() {
      return x1 == x2;
    }
  }

  /** A filled ellipse. */
  record Circle(double x, double y, double radius, Color color) {}

  /** A filled rectangle. */
  record Box(Rectangle2D bounds, Color color) {}

  /** An image that is part of the picture. */
  record Image(Rectangle2D box, BufferedImage content) {}

  static Drawn of(String svg) {
    try {
      return new Drawn(
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8))));
    } catch (ParserConfigurationException | IOException | SAXException e) {
      throw new AssertionError("the SVG must be XML", e);
    }
  }

  /** Keeps the picture in {@code target/charts}, to be looked at. */
  static void keep(String svg, String name) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "charts"));
    Files.writeString(folder.resolve(name + ".svg"), svg);
  }

  List<String> texts() {
    return lettering().stream().map(Text::text).toList();
  }

  List<Text> lettering() {
    return elements("text").map(Drawn::text).toList();
  }

  /** The only text that is this one. */
  Text text(String text) {
    List<Text> found = lettering().stream().filter(t -> t.text().equals(text)).toList();
    if (found.size() != 1) {
      throw new AssertionError(text + " must be there once, but is " + found.size() + " times");
    }
    return found.get(0);
  }

  List<Line> lines() {
    return elements("line")
        .map(
            e ->
                new Line(
                    number(e, "x1"),
                    number(e, "y1"),
                    number(e, "x2"),
                    number(e, "y2"),
                    Double.parseDouble(style(e, "stroke-width")),
                    color(e, "stroke")))
        .toList();
  }

  List<Circle> circles() {
    return elements("ellipse")
        .filter(e -> style(e, "fill").startsWith("rgb"))
        .map(e -> new Circle(number(e, "cx"), number(e, "cy"), number(e, "rx"), color(e, "fill")))
        .toList();
  }

  /** The dots that are the ends of lines without length, in the order in which they are drawn. */
  List<Circle> dots() {
    return elements("path")
        .filter(e -> style(e, "stroke-linecap").equals("round"))
        .flatMap(
            e ->
                Stream.of(e.getAttribute("d").split("M", -1))
                    .filter(part -> !part.isBlank())
                    .map(part -> dot(e, part)))
        .toList();
  }

  private static Circle dot(Element path, String part) {
    String[] ends = part.split("L", -1);
    if (ends.length != 2 || !ends[0].strip().equals(ends[1].strip())) {
      throw new AssertionError("a dot must be a line without length, but is M" + part);
    }
    String[] xy = ends[0].strip().split("[, ]", -1);
    return new Circle(
        Double.parseDouble(xy[0]),
        Double.parseDouble(xy[1]),
        Double.parseDouble(style(path, "stroke-width")) / 2,
        color(path, "stroke"));
  }

  List<Box> boxes() {
    return elements("rect")
        .filter(e -> style(e, "fill").startsWith("rgb"))
        .map(e -> new Box(rectangle(e), color(e, "fill")))
        .toList();
  }

  List<Image> images() {
    return elements("image").map(e -> new Image(rectangle(e), content(e))).toList();
  }

  private static BufferedImage content(Element image) {
    String start = "data:image/png;base64,";
    String address = image.getAttribute("xlink:href");
    if (!address.startsWith(start)) {
      throw new AssertionError("an image must be part of the picture, but is at " + address);
    }
    try {
      byte[] png = Base64.getDecoder().decode(address.substring(start.length()));
      return ImageIO.read(new ByteArrayInputStream(png));
    } catch (IOException e) {
      throw new AssertionError("an image must be a PNG", e);
    }
  }

  private static Rectangle2D rectangle(Element element) {
    return new Rectangle2D.Double(
        number(element, "x"),
        number(element, "y"),
        number(element, "width"),
        number(element, "height"));
  }

  /** The colour that a picture of pixels has at a place of its layout. */
  static int pixel(byte[] png, double x, double y) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    return image.getRGB((int) (2 * x), (int) (2 * y));
  }

  /** The lines with dashes. */
  List<Element> dashed() {
    return elements("line").filter(e -> !style(e, "stroke-dasharray").isEmpty()).toList();
  }

  /** The pairs of upright texts that cover each other. */
  List<String> overlaps() {
    List<Text> upright =
        elements("text")
            .filter(e -> !((Element) e.getParentNode()).hasAttribute("transform"))
            .map(Drawn::text)
            .toList();
    List<Rectangle2D> boxes = upright.stream().map(Text::box).toList();
    List<String> overlaps = new ArrayList<>();
    for (int i = 0; i < boxes.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (boxes.get(i).intersects(boxes.get(j))) {
          overlaps.add(upright.get(j).text() + " and " + upright.get(i).text());
        }
      }
    }
    return overlaps;
  }

  /** The filled outlines made of straight lines. */
  List<Rectangle2D> outlines(Color color) {
    return elements("path")
        .filter(e -> style(e, "fill").startsWith("rgb") && color(e, "fill").equals(color))
        .map(e -> bounds(e.getAttribute("d")))
        .toList();
  }

  /** What stands in the only element of a name in the root. */
  String only(String name) {
    List<String> found = elements(name).map(Element::getTextContent).toList();
    if (found.size() != 1) {
      throw new AssertionError(name + " must be there once, but is " + found.size() + " times");
    }
    return found.get(0);
  }

  int width() {
    return Integer.parseInt(document.getDocumentElement().getAttribute("width"));
  }

  int height() {
    return Integer.parseInt(document.getDocumentElement().getAttribute("height"));
  }

  /** Whether the pixels at the edges are white, that is, nothing is clipped. */
  static boolean hasWhiteEdges(byte[] png) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    int right = image.getWidth() - 1;
    int bottom = image.getHeight() - 1;
    IntStream horizontal =
        IntStream.rangeClosed(0, right)
            .flatMap(x -> IntStream.of(image.getRGB(x, 0), image.getRGB(x, bottom)));
    IntStream vertical =
        IntStream.rangeClosed(0, bottom)
            .flatMap(y -> IntStream.of(image.getRGB(0, y), image.getRGB(right, y)));
    return IntStream.concat(horizontal, vertical).allMatch(c -> c == Color.WHITE.getRGB());
  }

  private static Rectangle2D bounds(String path) {
    Path2D outline = new Path2D.Double();
    for (String corner : path.replaceAll("[MLZ]", " ").strip().split(" +", -1)) {
      String[] xy = corner.split(",", -1);
      double x = Double.parseDouble(xy[0]);
      double y = Double.parseDouble(xy[1]);
      if (outline.getCurrentPoint() == null) {
        outline.moveTo(x, y);
      } else {
        outline.lineTo(x, y);
      }
    }
    return outline.getBounds2D();
  }

  private static Text text(Element element) {
    int weight = style(element, "font-weight").equals("bold") ? Font.BOLD : Font.PLAIN;
    int size = Integer.parseInt(style(element, "font-size").replace("px", ""));
    return new Text(
        element.getTextContent(),
        number(element, "x"),
        number(element, "y"),
        new Font(Font.SANS_SERIF, weight, size));
  }

  private Stream<Element> elements(String name) {
    NodeList nodes = document.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements.stream();
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  private static Color color(Element element, String property) {
    String[] parts = style(element, property).replaceAll("[rgb() ]", "").split(",", -1);
    return new Color(
        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  /** A property of the style of an element, or of the group that it is in. */
  private static String style(Element element, String property) {
    for (String declaration : element.getAttribute("style").split(";", -1)) {
      String[] parts = declaration.split(":", 2);
      if (parts[0].strip().equals(property)) {
        return parts[1].strip();
      }
    }
    return element.getParentNode() instanceof Element group && group.getTagName().equals("g")
        ? style(group, property)
        : "";
  }
}
