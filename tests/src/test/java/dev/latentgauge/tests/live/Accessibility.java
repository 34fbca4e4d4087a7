package dev.latentgauge.tests.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Whether people can use a page who see, hear or move differently, as far as axe-core can tell. */
public final class Accessibility {

  private static final List<String> RULES =
      List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");

  /** Rules pass that look at this many elements or more; an empty page passes all. */
  private static final int LEAST_PASSES = 5;

  private static final String AXE = axe();

  private Accessibility() {}

  /** Asserts that a page, as it is now, violates none of the rules. */
  public static void assertAccessible(Page page) {
    JsonObject found = run(page);
    assertThat(found.getAsJsonArray("passes"))
        .as("rules that the page meets")
        .hasSizeGreaterThan(LEAST_PASSES);
    assertThat(described(found.getAsJsonArray("violations"))).as(page.url()).isEmpty();
  }

  private static JsonObject run(Page page) {
    page.evaluate(AXE);
    Object json =
        page.evaluate(
            "async tags => JSON.stringify(await axe.run({runOnly: tags, resultTypes:"
                + " ['violations', 'passes']}))",
            RULES);
    return JsonParser.parseString(String.valueOf(json)).getAsJsonObject();
  }

  private static String described(JsonArray violations) {
    return objects(violations)
        .map(
            violation ->
                text(violation, "id")
                    + " ("
                    + text(violation, "impact")
                    + "): "
                    + text(violation, "help")
                    + nodes(violation.getAsJsonArray("nodes")))
        .collect(Collectors.joining("\n\n"));
  }

  private static String nodes(JsonArray nodes) {
    return objects(nodes)
        .map(
            node ->
                "\n  "
                    + text(node, "html")
                    + "\n    "
                    + text(node, "failureSummary").replace("\n", "\n    "))
        .collect(Collectors.joining());
  }

  private static Stream<JsonObject> objects(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonElement::getAsJsonObject);
  }

  private static String text(JsonObject object, String name) {
    JsonElement element = object.get(name);
    return element == null || element.isJsonNull() ? "" : element.getAsString();
  }

  private static String axe() {
    try (InputStream source =
        Objects.requireNonNull(Accessibility.class.getResourceAsStream("/axe.min.js"))) {
      return new String(source.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
