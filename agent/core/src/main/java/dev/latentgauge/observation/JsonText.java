package dev.latentgauge.observation;

import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/** JSON that is written field by field: as text, without a tree in between, or as a tree. */
final class JsonText extends Writer {

  private static final int USUAL_LENGTH = 512;

  private static final TypeAdapter<Content> TREES =
      new TypeAdapter<>() {
        @Override
        public void write(JsonWriter json, Content content) throws IOException {
          json.setStrictness(Strictness.LENIENT);
          content.writeTo(json);
        }

        @Override
        public Content read(JsonReader json) {
          throw new UnsupportedOperationException("this is only written");
        }
      };

  /** Not synchronized, as that of {@link java.io.StringWriter} is. */
  private final StringBuilder text = new StringBuilder(USUAL_LENGTH);

  /** What is written: one object. */
  interface Content {
    void writeTo(JsonWriter json) throws IOException;
  }

  private JsonText() {}

  /** One line of JSON. */
  static String of(Content content) {
    JsonText text = new JsonText();
    try {
      TREES.write(new JsonWriter(text), content);
    } catch (IOException e) {
      throw new UncheckedIOException("memory takes all that is written", e);
    }
    return text.text.toString();
  }

  /** A tree that is the same. */
  static JsonObject tree(Content content) {
    return TREES.toJsonTree(content).getAsJsonObject();
  }

  @Override
  public void write(int character) {
    text.append((char) character);
  }

  @Override
  public void write(char[] characters, int start, int length) {
    text.append(characters, start, length);
  }

  @Override
  public void write(String part) {
    text.append(part);
  }

  @Override
  public void write(String part, int start, int length) {
    text.append(part, start, start + length);
  }

  @Override
  public Writer append(CharSequence part) {
    text.append(part);
    return this;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
