package dev.latentgauge.cli;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options of commands that compute, and the engine they compute with.
 *
 * <p>A command has these as a {@link picocli.CommandLine.Mixin} and calls {@link #load} before its
 * first use of DJL, which otherwise unpacks 450 MB into a folder of its own choice, if need be a
 * shared one, and may ask the network. DJL's own settings, variables of the environment or
 * properties of {@code java -D}, are left as the user set them:
 *
 * <ul>
 *   <li>{@code ENGINE_CACHE_DIR} or {@code DJL_CACHE_DIR}: the folder is theirs, and DJL's to keep;
 *   <li>{@code PYTORCH_LIBRARY_PATH}: these libraries are loaded in place of the jar's; {@code
 *       PYTORCH_FLAVOR} must say which they are, {@code cpu} or for instance {@code cu128};
 *   <li>{@code DJL_OFFLINE} or {@code ai.djl.offline}: whether DJL may use the network.
 * </ul>
 *
 * <p>Where the class path has native libraries beside those of the jar, DJL takes CUDA's if the
 * machine has a GPU and a CUDA at least as new, else those for the CPU.
 */
final class EngineOptions {

  private static final String ENGINE_FOLDER = "ENGINE_CACHE_DIR";
  private static final String DJL_FOLDER = "DJL_CACHE_DIR";
  private static final String LIBRARY_PATH = "PYTORCH_LIBRARY_PATH";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = {
        "Folder to unpack the engine's native libraries in, about 450 MB, once.",
        "  Default: latentgauge in $XDG_CACHE_HOME or ~/.cache"
      })
  private @Nullable Path data;

  private final Optional<Path> homeless;

  /** Options of a command that the user starts, and waits for. */
  EngineOptions() {
    homeless = Optional.empty();
  }

  private EngineOptions(Path folder) {
    homeless = Optional.of(folder);
  }

  /**
   * The engine of a service, which has no options for it.
   *
   * @param folder where to unpack the libraries if the user has no home
   */
  static EngineOptions ofService(Path folder) {
    return new EngineOptions(folder);
  }

  /**
   * Makes the engine ready, unpacking its native libraries if they are not there yet. Other
   * processes that do so at the same time wait for each other.
   *
   * @throws IOException if the folder cannot be made, or is not private
   * @throws EngineException if the engine cannot be loaded
   * @throws ParameterException if the user named two folders
   */
  void load() throws IOException {
    if (!isGiven("DJL_OFFLINE") && !isGiven("ai.djl.offline")) {
      System.setProperty("ai.djl.offline", "true");
    }
    checkLibraryPath();
    if (isGiven(ENGINE_FOLDER) || (isGiven(DJL_FOLDER) && data == null)) {
      refuseTwoFolders();
      loadEngine(isGiven(ENGINE_FOLDER) ? given(ENGINE_FOLDER) : given(DJL_FOLDER));
    } else {
      loadFrom(NativeFolder.at(data == null ? defaultFolder(System.getenv(), homeless) : data));
    }
  }

  private static void loadFrom(NativeFolder folder) throws IOException {
    folder.announce();
    if (folder.isComplete()) {
      loadEngine(folder.toString());
    } else {
      folder.whileLocked(
          () -> {
            folder.removeRemains();
            loadEngine(folder.toString());
          });
    }
  }

  private static void loadEngine(String folder) {
    try {
      Engine.getInstance();
    } catch (EngineException | LinkageError e) {
      throw new EngineException(
          "the engine cannot be loaded with its native libraries in "
              + folder
              + ": "
              + reasons(e)
              + (isGiven(LIBRARY_PATH)
                  ? " (PYTORCH_FLAVOR must tell which libraries " + LIBRARY_PATH + " leads to)"
                  : " (--data DIR chooses another folder)"),
          e);
    }
  }

  private static String reasons(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .map(cause -> Objects.requireNonNullElse(cause.getMessage(), cause.toString()))
        .collect(Collectors.joining(": "));
  }

  /** DJL would pass over a path without libraries in silence, and load others. */
  private static void checkLibraryPath() throws IOException {
    if (!isGiven(LIBRARY_PATH)) {
      return;
    }
    String library = System.mapLibraryName("torch");
    String path = given(LIBRARY_PATH);
    boolean found =
        Arrays.stream(path.split(java.io.File.pathSeparator))
            .map(Path::of)
            .anyMatch(
                place ->
                    (place.endsWith(library) && Files.isRegularFile(place))
                        || Files.isRegularFile(place.resolve(library)));
    if (!found) {
      throw new IOException(LIBRARY_PATH + " must lead to " + library + ", but is " + path);
    }
  }

  private void refuseTwoFolders() {
    if (data != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--data and " + ENGINE_FOLDER + " both name a folder for the native libraries; give one");
    }
  }

  /** As the XDG base directory specification has it, which tells to ignore relative paths. */
  static Path defaultFolder(Map<String, String> environment, Optional<Path> homeless)
      throws IOException {
    Path caches = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    if (!caches.isAbsolute()) {
      Path home = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "")));
      if (!home.isAbsolute()) {
        if (homeless.isPresent()) {
          return homeless.get();
        }
        throw new IOException(
            "there is no home folder to unpack the engine's native libraries in;"
                + " --data DIR chooses another folder");
      }
      caches = home.resolve(".cache");
    }
    return caches.resolve(Main.NAME);
  }

  private static boolean isGiven(String name) {
    return !given(name).isEmpty();
  }

  /** As DJL reads it: from the environment, else from the properties. */
  private static String given(String name) {
    String value = System.getenv(name);
    return Objects.requireNonNullElse(value, System.getProperty(name, ""));
  }
}
