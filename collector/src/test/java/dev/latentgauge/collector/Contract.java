package dev.latentgauge.collector;

import com.google.gson.Gson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.openapi.contract.OpenAPIVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * {@code openapi.yaml}, against which tests hold what is asked and what is answered.
 *
 * <p>Vert.x's own reader of contracts takes only some content types; so its parts are used here:
 * the schemas of OpenAPI 3.1, by which the document is valid or not, and its JSON Schema.
 * Thread-safe.
 */
public final class Contract {

  private static final String SCHEMA = "https://spec.openapis.org/oas/3.1/schema-base/2022-10-07";
  private static final List<String> METHODS = List.of("get", "put", "post", "delete");

  /** What makes an answer 400 although the schemas allow the request, as they cannot say it. */
  private static final List<String> BEYOND_SCHEMAS =
      List.of(
          "the body must be UTF-8",
          "must be well-formed Unicode",
          "must be a finite number",
          "the body is not valid JSON",
          "the body must be one JSON object, but goes on",
          "predictedAccuracy must have 0 <= low",
          "cursor must be the \"next\"",
          "tag must be given with one value for each name",
          "the path and the headers must be valid HTTP",
          "a profile must be",
          "the body is not a valid safetensors file",
          "the body is not a file of embeddings",
          "the body is not a valid reference",
          "the body is not a sketch",
          "must be given with sketch=true",
          "must name each run once",
          "reference must be given as a parameter",
          "report in the metadata of the body",
          "evaluations.loss must be a number",
          "observations must have at most 3 elements",
          "must be none, but one is",
          "the parameters of this address must be among",
          "must be given once",
          "must not be given with points",
          "means nothing here",
          "maxResource must be");

  /** What is refused before anybody asks what there is. */
  private static final Map<Integer, String> AT_THE_DOOR =
      Map.of(401, "Unauthenticated", 403, "Forbidden", 421, "Host", 429, "Rate");

  private final JsonObject document;
  private final SchemaRepository schemas;
  private final List<String> mistakes;

  private Contract(JsonObject document, SchemaRepository schemas, List<String> mistakes) {
    this.document = document;
    this.schemas = schemas;
    this.mistakes = mistakes;
  }

  private static final class Ours {
    static final Contract CONTRACT = parse(read());
  }

  /** The one that the collector serves. */
  public static Contract ours() {
    return Ours.CONTRACT;
  }

  static String read() {
    try (InputStream resource =
        Collector.class.getResourceAsStream("/dev/latentgauge/collector/web/openapi.yaml")) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Contract parse(String yaml) {
    JsonObject document = json(yaml);
    Vertx vertx = Vertx.vertx();
    try {
      SchemaRepository schemas =
          await(OpenAPIVersion.V3_1.getRepository(vertx, "app://latentgauge"));
      List<String> mistakes = mistakes(schemas.validator(SCHEMA).validate(document));
      JsonObject resolved = await(OpenAPIVersion.V3_1.resolve(vertx, schemas, document));
      return new Contract(resolved, schemas, mistakes);
    } finally {
      await(vertx.close());
    }
  }

  private static JsonObject json(String yaml) {
    Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    return new JsonObject(new Gson().toJson(tree));
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private static List<String> mistakes(OutputUnit result) {
    if (result.getErrors() == null || Boolean.TRUE.equals(result.getValid())) {
      return List.of();
    }
    return result.getErrors().stream()
        .map(error -> error.getInstanceLocation() + ": " + error.getError())
        .toList();
  }

  /** Where the document is not as OpenAPI wants it. */
  List<String> mistakes() {
    return mistakes;
  }

  /** The document, without references. */
  public JsonObject document() {
    return document;
  }

  /** Methods and addresses with their parameters: {@code GET /v1/runs ?cursor&limit}. */
  Set<String> operations() {
    return paths().stream()
        .flatMap(path -> METHODS.stream().flatMap(method -> operation(path, method).stream()))
        .map(Operation::line)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> paths() {
    return document.getJsonObject("paths").fieldNames().stream()
        .filter(name -> name.startsWith("/"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Optional<Operation> operation(String path, String method) {
    JsonObject item = document.getJsonObject("paths").getJsonObject(path);
    return Optional.ofNullable(item.getJsonObject(method))
        .map(operation -> new Operation(method, path, item, operation));
  }

  private record Operation(String method, String path, JsonObject item, JsonObject operation) {
    Stream<JsonObject> parameters() {
      return Stream.of(item, operation)
          .flatMap(part -> part.getJsonArray("parameters", new JsonArray()).stream())
          .map(JsonObject.class::cast);
    }

    String line() {
      String query =
          parameters()
              .filter(parameter -> parameter.getString("in").equals("query"))
              .map(parameter -> parameter.getString("name"))
              .sorted()
              .collect(Collectors.joining("&"));
      return method.toUpperCase(Locale.ROOT) + " " + path + (query.isEmpty() ? "" : " ?" + query);
    }
  }

  /** A request, its answer, and where it went. */
  record Exchange(
      String method, String target, HeaderMap sent, Buffer body, int status, Client.Reply reply) {
    String path() {
      return target.split("\\?", 2)[0];
    }

    /** Names and values of the query, decoded. */
    List<String[]> query() {
      String[] parts = target.split("\\?", 2);
      return parts.length == 1 || parts[1].isEmpty()
          ? List.of()
          : Arrays.stream(parts[1].split("&"))
              .map(pair -> pair.split("=", 2))
              .map(
                  pair -> new String[] {decoded(pair[0]), pair.length == 1 ? "" : decoded(pair[1])})
              .toList();
    }
  }

  /** Looks up headers whatever their case. */
  interface HeaderMap {
    Optional<String> get(String name);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** What in an exchange is not as the document says. */
  List<String> complaints(Exchange exchange) {
    Optional<String> path = match(exchange.path());
    String method = exchange.method().toLowerCase(Locale.ROOT).replace("head", "get");
    if (path.isEmpty()) {
      return answered(exchange, component("NotFound"), 404);
    }
    Optional<Operation> operation = operation(path.get(), method);
    if (operation.isEmpty()) {
      return answered(exchange, component("Method"), 405);
    }
    List<String> complaints = new ArrayList<>();
    List<String> invalid = ofRequest(operation.get(), exchange);
    if (exchange.status() < 400 && !invalid.isEmpty()) {
      complaints.add("it is answered " + exchange.status() + ", though invalid: " + invalid);
    }
    if (exchange.status() == 400 && invalid.isEmpty() && !isBeyondSchemas(exchange)) {
      complaints.add("it is refused, though valid: " + exchange.reply().text());
    }
    complaints.addAll(ofAnswer(operation.get(), exchange));
    return complaints;
  }

  private static boolean isBeyondSchemas(Exchange exchange) {
    return exchange.method().equals("HEAD")
        || BEYOND_SCHEMAS.stream().anyMatch(exchange.reply().text()::contains)
        || BEYOND_SCHEMAS.stream()
            .anyMatch(exchange.reply().text().replace("\\\"", "\"")::contains);
  }

  private JsonObject component(String name) {
    return document.getJsonObject("components").getJsonObject("responses").getJsonObject(name);
  }

  private List<String> answered(Exchange exchange, JsonObject response, int status) {
    if (AT_THE_DOOR.containsKey(exchange.status())) {
      return ofResponse(component(AT_THE_DOOR.get(exchange.status())), exchange);
    }
    return exchange.status() == status
        ? ofResponse(response, exchange)
        : List.of("it must be answered " + status + ", but is " + exchange.status());
  }

  private Optional<String> match(String target) {
    List<String> matching = paths().stream().filter(path -> matches(path, target)).toList();
    return matching.stream()
        .filter(path -> !path.contains("{"))
        .findAny()
        .or(() -> matching.stream().findAny());
  }

  private static boolean matches(String path, String target) {
    return target.matches(path.replace(".", "\\.").replaceAll("\\{\\w+}", "[^/]+"));
  }

  private List<String> ofRequest(Operation operation, Exchange exchange) {
    List<String> complaints = new ArrayList<>();
    operation
        .parameters()
        .forEach(parameter -> complaints.addAll(ofParameter(parameter, operation, exchange)));
    JsonObject body = operation.operation().getJsonObject("requestBody");
    if (body != null) {
      JsonObject content = body.getJsonObject("content");
      String declared =
          exchange.sent().get("content-type").orElse("").split(";", 2)[0].toLowerCase(Locale.ROOT);
      String only =
          content.fieldNames().stream()
              .filter(name -> name.contains("/"))
              .findFirst()
              .orElseThrow();
      if (!declared.equals(only) && !declared.isEmpty()) {
        complaints.add("Content-Type is " + declared);
      } else if (only.equals("application/json")) {
        complaints.addAll(ofJson(content.getJsonObject(only), exchange.body()));
      }
    }
    return complaints;
  }

  private List<String> ofParameter(JsonObject parameter, Operation operation, Exchange exchange) {
    String name = parameter.getString("name");
    List<String> values =
        switch (parameter.getString("in")) {
          case "path" -> List.of(inPath(name, operation.path(), exchange.path()));
          case "header" -> exchange.sent().get(name).stream().toList();
          default ->
              exchange.query().stream()
                  .filter(pair -> pair[0].equals(name))
                  .map(pair -> pair[1])
                  .toList();
        };
    if (values.isEmpty()) {
      return Boolean.TRUE.equals(parameter.getBoolean("required"))
          ? List.of(name + " is missing")
          : List.of();
    }
    JsonObject schema = parameter.getJsonObject("schema");
    boolean isArray = "array".equals(schema.getValue("type"));
    Object value = isArray ? new JsonArray(values) : typed(schema.getValue("type"), values.get(0));
    return mistakes(schemas.validator(JsonSchema.of(schema)).validate(value)).stream()
        .map(mistake -> name + ": " + mistake)
        .toList();
  }

  private static String inPath(String name, String template, String target) {
    String[] names = template.split("/", -1);
    String[] parts = target.split("/", -1);
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals("{" + name + "}")) {
        return decoded(parts[i].replace("+", "%2B"));
      }
    }
    throw new IllegalArgumentException(template + " must have " + name);
  }

  private static Object typed(Object type, String text) {
    try {
      if (type.equals("integer")) {
        return Long.parseLong(text);
      } else if (type.equals("number")) {
        double number = Double.parseDouble(text);
        return Double.isFinite(number) ? (Object) number : text;
      } else if (type.equals("boolean") && (text.equals("true") || text.equals("false"))) {
        return Boolean.valueOf(text);
      }
    } catch (NumberFormatException e) {
      return text;
    }
    return text;
  }

  private List<String> ofAnswer(Operation operation, Exchange exchange) {
    JsonObject response =
        operation
            .operation()
            .getJsonObject("responses")
            .getJsonObject(Integer.toString(exchange.status()));
    return response == null
        ? List.of(
            "the status " + exchange.status() + " is not declared: " + exchange.reply().text())
        : ofResponse(response, exchange);
  }

  private List<String> ofResponse(JsonObject response, Exchange exchange) {
    List<String> complaints = new ArrayList<>();
    JsonObject headers = response.getJsonObject("headers", new JsonObject());
    for (String name : headers.fieldNames()) {
      if (!name.startsWith("__")) {
        complaints.addAll(ofHeader(name, headers.getJsonObject(name), exchange));
      }
    }
    for (String name : List.of("cache-control", "x-content-type-options")) {
      if (exchange.reply().header(name).isEmpty()) {
        complaints.add("the header " + name + " is missing");
      }
    }
    JsonObject content = response.getJsonObject("content");
    String type = exchange.reply().header("content-type");
    if (content == null) {
      if (exchange.reply().response().body().length > 0) {
        complaints.add("there must be no body");
      }
    } else if (!content.fieldNames().contains(type)) {
      complaints.add("the content type " + type + " is not declared");
    } else if (type.endsWith("json") && !exchange.method().equals("HEAD")) {
      complaints.addAll(
          ofJson(content.getJsonObject(type), Buffer.buffer(exchange.reply().plain())));
    }
    return complaints;
  }

  private List<String> ofHeader(String name, JsonObject header, Exchange exchange) {
    String value = exchange.reply().header(name);
    if (value.isEmpty()) {
      return Boolean.TRUE.equals(header.getBoolean("required"))
          ? List.of("the header " + name + " is missing")
          : List.of();
    }
    JsonObject schema = header.getJsonObject("schema");
    return mistakes(
            schemas
                .validator(JsonSchema.of(schema))
                .validate(typed(schema.getValue("type", ""), value)))
        .stream()
        .map(mistake -> "the header " + name + ": " + mistake)
        .toList();
  }

  private List<String> ofJson(JsonObject media, Buffer body) {
    Object value;
    try {
      value = Json.decodeValue(body);
    } catch (DecodeException e) {
      return List.of("the body is not JSON");
    }
    return mistakes(
        schemas.validator(JsonSchema.of(media.getJsonObject("schema"))).validate(value));
  }
}
