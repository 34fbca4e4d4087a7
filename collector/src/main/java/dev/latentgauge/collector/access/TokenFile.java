package dev.latentgauge.collector.access;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tokens of a collector, in a file: their names, scopes and digests, as JSON.
 *
 * <p>A change replaces the file as a whole, and is on disk when it returns; it works beside a
 * collector that serves, and beside another change. Nobody but the owner may write the file, for
 * who can write it can let himself in.
 */
public final class TokenFile {

  /** What the file is called in a folder of data. */
  public static final String NAME = "tokens.json";

  private static final int VERSION = 1;
  private static final int MOST_TOKENS = 1000;
  private static final long MOST_BYTES = 1 << 20;
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

  private final Path path;

  private TokenFile(Path path) {
    this.path = path;
  }

  /**
   * A file, which need not exist.
   *
   * @param path where it is, or will be
   * @return the file
   */
  public static TokenFile at(Path path) {
    return new TokenFile(path.toAbsolutePath());
  }

  /**
   * Lists the tokens by name.
   *
   * @return what may be told of them; none if there is no file
   * @throws IOException if the file is damaged, or others may write it
   */
  public List<TokenSummary> list() throws IOException {
    return read().orElse(List.of()).stream()
        .map(Token::summary)
        .sorted(Comparator.comparing(TokenSummary::name))
        .toList();
  }

  /**
   * Makes a token. The file and its folder are made if they are missing.
   *
   * @param name what to call it
   * @param scopes what it allows, at least one
   * @param life how long it is good; empty for ever
   * @param now what time it is
   * @return the token, which is not kept
   * @throws IllegalArgumentException if the name is not one, or taken
   * @throws IOException if the file cannot be read or written
   */
  public Secret create(String name, Set<Scope> scopes, Optional<Duration> life, Instant now)
      throws IOException {
    Secret secret = Secret.token();
    Token token = new Token(name, scopes, now, life.map(now::plus), secret.digest());
    change(
        tokens -> {
          if (tokens.stream().anyMatch(known -> known.name().equals(name))) {
            throw new IllegalArgumentException(
                "a token must have a name of its own, but \"" + name + "\" is there already");
          }
          if (tokens.size() >= MOST_TOKENS) {
            throw new IllegalArgumentException(
                "tokens must be at most " + MOST_TOKENS + ", and as many are there: revoke some");
          }
          tokens.add(token);
        });
    return secret;
  }

  /**
   * Takes a token out of force. The last one leaves an empty list, which lets nobody in.
   *
   * @param name what it is called
   * @return whether there was one
   * @throws IOException if the file cannot be read or written
   */
  public boolean revoke(String name) throws IOException {
    boolean[] found = {false};
    if (read().isPresent()) {
      change(tokens -> found[0] = tokens.removeIf(known -> known.name().equals(name)));
    }
    return found[0];
  }

  /** A change of a list. */
  private interface Change {
    void to(List<Token> tokens);
  }

  private void change(Change change) throws IOException {
    Files.createDirectories(folder(), onlyForUs("rwx------"));
    // A lock of the file system is one of the process: threads need another.
    synchronized (TokenFile.class) {
      try (FileChannel channel =
          FileChannel.open(
              path.resolveSibling(path.getFileName() + ".lock"),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              onlyForUs("rw-------"))) {
        channel.lock();
        List<Token> tokens = new ArrayList<>(read().orElse(List.of()));
        change.to(tokens);
        write(document(tokens));
      }
    }
  }

  /** The tokens; empty if there is no file. */
  Optional<List<Token>> read() throws IOException {
    if (Files.notExists(path)) {
      return Optional.empty();
    }
    requireOurs(path);
    requireOurs(folder());
    if (!Files.isRegularFile(path) || Files.size(path) > MOST_BYTES) {
      throw damaged("it must be a file of at most " + MOST_BYTES + " bytes");
    }
    try {
      return Optional.of(tokens(JsonParser.parseString(Files.readString(path))));
    } catch (RuntimeException | CharacterCodingException e) {
      // The message of a parser may quote the file.
      throw damaged("it is not a list of tokens as token create writes it");
    }
  }

  private IOException damaged(String why) {
    return new IOException(
        "the token file "
            + path
            + " cannot be used: "
            + why
            + "; restore it, or create tokens anew");
  }

  private void requireOurs(Path place) throws IOException {
    if (!hasUsers()) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(place);
    boolean isFolder = Files.isDirectory(place);
    if (isFolder
        ? permissions.contains(PosixFilePermission.OTHERS_WRITE)
        : OTHERS_WRITE.stream().anyMatch(permissions::contains)) {
      throw new IOException(
          place
              + " must not be written by other users, since tokens are kept there, but is "
              + PosixFilePermissions.toString(permissions)
              + ": chmod "
              + (isFolder ? "o-w" : "go-w")
              + " helps");
    }
  }

  private static List<Token> tokens(JsonElement document) {
    JsonObject object = document.getAsJsonObject();
    if (object.get("version").getAsInt() != VERSION) {
      throw new IllegalArgumentException("another version");
    }
    List<Token> tokens = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonElement each : object.getAsJsonArray("tokens")) {
      Token token = token(each.getAsJsonObject());
      tokens.add(token);
      names.add(token.name());
    }
    if (names.size() != tokens.size() || tokens.size() > MOST_TOKENS) {
      throw new IllegalArgumentException("names twice, or too many");
    }
    return List.copyOf(tokens);
  }

  private static Token token(JsonObject object) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    object.getAsJsonArray("scopes").forEach(scope -> scopes.add(Scope.parse(scope.getAsString())));
    return new Token(
        object.get("name").getAsString(),
        scopes,
        Instant.parse(object.get("createdAt").getAsString()),
        Optional.ofNullable(object.get("expiresAt"))
            .map(JsonElement::getAsString)
            .map(Instant::parse),
        Digest.parse(object.get("sha256").getAsString()));
  }

  private static String document(List<Token> tokens) {
    JsonArray list = new JsonArray();
    for (Token token : tokens) {
      JsonObject object = new JsonObject();
      object.addProperty("name", token.name());
      JsonArray scopes = new JsonArray();
      token.scopes().stream().sorted().map(Scope::text).forEach(scopes::add);
      object.add("scopes", scopes);
      object.addProperty("createdAt", token.createdAt().toString());
      token.expiresAt().ifPresent(end -> object.addProperty("expiresAt", end.toString()));
      object.addProperty("sha256", token.digest().hex());
      list.add(object);
    }
    JsonObject document = new JsonObject();
    document.addProperty("version", VERSION);
    document.add("tokens", list);
    return document + "\n";
  }

  private void write(String text) throws IOException {
    Path target = Files.exists(path) ? path.toRealPath() : path;
    Path fresh = target.resolveSibling(target.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            onlyForUs("rw-------"))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder = FileChannel.open(folder(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private Path folder() {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private boolean hasUsers() {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private FileAttribute<?>[] onlyForUs(String permissions) {
    return hasUsers()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
