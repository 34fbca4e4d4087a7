package dev.latentgauge.examples.study.task.text;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.translator.TextEmbeddingTranslator;
import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/**
 * Pretrained transformers that turn a sentence into a vector, from packages on the class path.
 *
 * <p>An embedding is the mean over the sentence's tokens, of length one. Sentences are embedded one
 * at a time on one thread: the activations of these models are quantised by their range in the
 * batch, so that otherwise a sentence's embedding would depend on its neighbours.
 */
public enum SentenceEncoder {
  /** MiniLM-L6, trained on pairs of sentences (Reimers and Gurevych 2019; Wang et al. 2020). */
  MINILM("all-minilm-l6-v2-q", ""),
  /** E5-small, trained on pairs of texts from the web (Wang et al. 2022). */
  E5("e5-small-v2-q", "query: ");

  /** d of the embeddings. */
  public static final int DIMENSIONS = 384;

  private static final String ENGINE = "OnnxRuntime";
  private static final Map<String, String> TOKENS =
      Map.of("maxLength", "512", "modelMaxLength", "512", "truncation", "true");

  private final String resource;
  private final String prefix;

  SentenceEncoder(String resource, String prefix) {
    this.resource = resource;
    this.prefix = prefix;
  }

  /**
   * Embeds sentences; takes some milliseconds for each.
   *
   * @param sentences n sentences
   * @return n x {@value #DIMENSIONS}, each row of length one
   * @throws IOException if the encoder is damaged or not on the class path
   */
  public float[][] embed(List<String> sentences) throws IOException {
    try (InputStream vocabulary = tokenizer();
        InputStream weights = weights();
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(vocabulary, TOKENS);
        Model model = Model.newInstance(resource, Device.cpu(), ENGINE)) {
      model.load(weights, Map.of("intraOpNumThreads", "1"));
      TextEmbeddingTranslator translator =
          TextEmbeddingTranslator.builder(tokenizer).optIncludeTokenTypes(true).build();
      try (Predictor<String, float[]> predictor = model.newPredictor(translator)) {
        float[][] embeddings = new float[sentences.size()][];
        for (int i = 0; i < embeddings.length; i++) {
          embeddings[i] = predictor.predict(prefix + sentences.get(i));
        }
        return embeddings;
      }
    } catch (MalformedModelException | TranslateException e) {
      throw new IOException("the sentence encoder " + resource + " cannot be used: " + e, e);
    }
  }

  /** What is put before each sentence. */
  String prefix() {
    return prefix;
  }

  /** The file of the tokenizer. */
  InputStream tokenizer() throws FileNotFoundException {
    return open(resource + "-tokenizer.json");
  }

  /** The file of the model. */
  InputStream weights() throws FileNotFoundException {
    return open(resource + ".onnx");
  }

  private static InputStream open(String name) throws FileNotFoundException {
    InputStream stream = SentenceEncoder.class.getClassLoader().getResourceAsStream(name);
    if (stream == null) {
      throw new FileNotFoundException(
          "the package langchain4j-embeddings that has " + name + " must be on the class path");
    }
    return stream;
  }
}
