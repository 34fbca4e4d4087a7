package dev.latentgauge.observation;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, read with their types. What cannot be read is refused with a
 * {@link WireException} that says where it stands; a field that is null is one that is missing.
 */
public final class Fields {

  private final String path;
  private final JsonObject object;

  private Fields(String path, JsonObject object) {
    this.path = path;
    this.object = object;
  }

  /**
   * Reads a document that must be one object and nothing else, as RFC 8259 has it.
   *
   * @param json the document
   * @return its fields
   * @throws WireException if it is anything else
   */
  public static Fields parse(String json) {
    JsonReader reader = new JsonReader(new StringReader(json));
    reader.setStrictness(Strictness.STRICT);
    try {
      JsonElement element = JsonParser.parseReader(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new WireException("", "the body must be one JSON object, but goes on after it");
      }
      return of("", element);
    } catch (JsonParseException | IOException e) {
      throw new WireException("", "the body is not valid JSON (" + reader.getPath() + ")");
    }
  }

  private static Fields of(String path, JsonElement element) {
    if (!element.isJsonObject()) {
      String subject = path.isEmpty() ? "the body " : "";
      throw new WireException(path, subject + mustBe("a JSON object", element));
    }
    return new Fields(path, element.getAsJsonObject());
  }

  String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /**
   * Whether there is a field.
   *
   * @param name of the field
   * @return true if it is there
   */
  public boolean has(String name) {
    return get(name) != null;
  }

  /** The value of a field; null for one that is missing, and for one that is null. */
  private @Nullable JsonElement get(String name) {
    JsonElement element = object.get(name);
    return element == null || element.isJsonNull() ? null : element;
  }

  private JsonElement require(String name) {
    JsonElement element = get(name);
    if (element == null) {
      throw new WireException(path(name), "is missing");
    }
    return element;
  }

  List<Fields> objects(String name, int most) {
    JsonElement element = require(name);
    if (!element.isJsonArray()) {
      throw new WireException(path(name), mustBe("an array", element));
    }
    JsonArray array = element.getAsJsonArray();
    if (array.size() > most) {
      throw new WireException(
          path(name), "must have at most " + most + " elements, but has " + array.size());
    }
    List<Fields> objects = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      objects.add(of(path(name) + "[" + i + "]", array.get(i)));
    }
    return objects;
  }

  Optional<Fields> object(String name) {
    return Optional.ofNullable(get(name)).map(element -> of(path(name), element));
  }

  String string(String name) {
    return string(name, require(name));
  }

  /**
   * Reads a text that may be missing.
   *
   * @param name of the field
   * @return the text
   * @throws WireException if it is no text
   */
  public Optional<String> optionalString(String name) {
    return Optional.ofNullable(get(name)).map(element -> string(name, element));
  }

  private String string(String name, JsonElement element) {
    if (!(element instanceof JsonPrimitive primitive && primitive.isString())) {
      throw refused(name, mustBe("a string", element));
    }
    return wellFormed(name, element.getAsString());
  }

  /** JSON can escape half of a surrogate pair, which no encoding can write again. */
  private String wellFormed(String name, String text) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      if (Character.getType(text.codePointAt(i)) == Character.SURROGATE) {
        throw refused(name, "must be well-formed Unicode, but has an unpaired surrogate");
      }
    }
    return text;
  }

  /**
   * Reads a number.
   *
   * @param name of the field
   * @return the number, which is finite
   * @throws WireException if it is missing, or no finite number
   */
  public double number(String name) {
    return number(name, require(name));
  }

  /**
   * Reads a number that may be missing.
   *
   * @param name of the field
   * @return the number, which is finite
   * @throws WireException if it is no finite number
   */
  public OptionalDouble optionalNumber(String name) {
    JsonElement element = get(name);
    return element == null ? OptionalDouble.empty() : OptionalDouble.of(number(name, element));
  }

  private double number(String name, JsonElement element) {
    if (!(element instanceof JsonPrimitive primitive && primitive.isNumber())) {
      throw refused(name, mustBe("a number", element));
    }
    double number = element.getAsDouble();
    if (!Double.isFinite(number)) {
      throw refused(name, mustBe("a finite number", element));
    }
    return number;
  }

  long integer(String name, long low, long high) {
    return integer(name, require(name), low, high);
  }

  /**
   * Reads a whole number that may be missing.
   *
   * @param name of the field
   * @param low the least that is allowed
   * @param high the most that is allowed
   * @param otherwise what it is if it is missing
   * @return the number
   * @throws WireException if it is no whole number, or is not allowed
   */
  public long integer(String name, long low, long high, long otherwise) {
    JsonElement element = get(name);
    return element == null ? otherwise : integer(name, element, low, high);
  }

  private long integer(String name, JsonElement element, long low, long high) {
    double number = number(name, element);
    if (number != Math.rint(number) || number < low || number > high) {
      throw new WireException(
          path(name), mustBe("a whole number from " + low + " to " + high, element));
    }
    return (long) number;
  }

  Instant instant(String name) {
    return instant(name, string(name));
  }

  Optional<Instant> optionalInstant(String name) {
    return optionalString(name).map(text -> instant(name, text));
  }

  private Instant instant(String name, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new WireException(
          path(name), mustBe("a time such as 2026-01-31T12:00:00Z", new JsonPrimitive(text)));
    }
  }

  Map<String, Double> numbers(String name) {
    Map<String, Double> numbers = new TreeMap<>();
    object(name)
        .ifPresent(
            fields ->
                fields
                    .object
                    .keySet()
                    .forEach(key -> numbers.put(wellFormed(name, key), fields.number(key))));
    return numbers;
  }

  /**
   * Reads an object whose fields are texts.
   *
   * @param name of the field
   * @return the texts by name; empty if it is missing
   * @throws WireException if it is anything else
   */
  public SortedMap<String, String> strings(String name) {
    SortedMap<String, String> strings = new TreeMap<>();
    object(name)
        .ifPresent(
            fields -> fields.object.keySet().forEach(key -> strings.put(key, fields.string(key))));
    return strings;
  }

  /**
   * Reads one of several words.
   *
   * @param name of the field
   * @param words what it may be
   * @return the word
   * @throws WireException if it is missing, or none of them
   */
  public String choice(String name, Collection<String> words) {
    String word = string(name);
    if (!words.contains(word)) {
      throw refused(name, mustBe("one of " + String.join(", ", words), new JsonPrimitive(word)));
    }
    return word;
  }

  /**
   * Checks that there is no field that means nothing.
   *
   * @param known the fields that mean something
   * @throws WireException if there is another
   */
  public void requireKnown(Collection<String> known) {
    for (String name : object.keySet()) {
      if (!known.contains(name)) {
        throw refused(
            name,
            "means nothing here"
                + Nearest.of(name, known, 1).stream()
                    .findFirst()
                    .map(near -> "; did you mean " + near + "?")
                    .orElse("; there are " + String.join(", ", known)));
      }
    }
  }

  /**
   * Refuses a field.
   *
   * @param name of the field
   * @param problem what is the matter, as in {@code must be a number, but is true}
   * @return what is to be thrown
   */
  public WireException refused(String name, String problem) {
    return new WireException(path(name), problem);
  }

  /**
   * Runs a constructor that checks its arguments, and says where what it refuses stands.
   *
   * @param <T> what is made
   * @param constructor makes it
   * @return what was made
   * @throws WireException if the constructor refused its arguments
   */
  public <T> T checked(Supplier<T> constructor) {
    try {
      return constructor.get();
    } catch (WireException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new WireException(path, String.valueOf(e.getMessage()));
    }
  }

  private static String mustBe(String allowed, JsonElement actual) {
    String text = actual.toString();
    return "must be "
        + allowed
        + ", but is "
        + (text.length() <= 80 ? text : text.substring(0, 80) + "…");
  }
}
