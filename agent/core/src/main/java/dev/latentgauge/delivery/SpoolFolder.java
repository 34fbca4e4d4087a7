package dev.latentgauge.delivery;

import dev.latentgauge.observation.RunInfo;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A folder of spools, shared by any number of processes and runs.
 *
 * <p>The name of a file tells its run, attempt and collector, so that who looks for those of one
 * run does not have to open, and so to hold, the files of others.
 */
final class SpoolFolder {

  private static final String ENDING = ".spool";

  /** Names of runs have no plus; on some systems names of files have no asterisk. */
  private static final Pattern NAME =
      Pattern.compile("([A-Za-z0-9._+@-]+)-(\\d{1,10})-([0-9a-f]{16})-[0-9a-f]{32}\\.spool");

  private final Path folder;

  SpoolFolder(Path folder) {
    this.folder = folder;
  }

  /** A name for the spool of a process, which no other process has. */
  Path newFile(Label label) {
    return folder.resolve(
        readable(label.run().name())
            + "-"
            + label.run().attempt()
            + "-"
            + digest(label.collector())
            + "-"
            + UUID.randomUUID().toString().replace("-", "")
            + ENDING);
  }

  /**
   * The spools that processes of a run left for a collector, those of earlier attempts first.
   *
   * @throws IOException if the folder cannot be read
   */
  List<Path> of(RunInfo run, URI collector) throws IOException {
    return files()
        .filter(
            file -> {
              Matcher name = NAME.matcher(file.getFileName().toString());
              return name.matches()
                  && name.group(1).equals(readable(run.name()))
                  && name.group(3).equals(digest(collector));
            })
        .toList();
  }

  /**
   * All spools, by run and attempt.
   *
   * @param run without those whose name tells of another run
   * @throws IOException if the folder cannot be read
   */
  List<Path> all(Optional<String> run) throws IOException {
    return files()
        .filter(
            file ->
                run.isEmpty()
                    || part(file, 1).filter(name -> !name.equals(readable(run.get()))).isEmpty())
        .toList();
  }

  /**
   * The names of runs, as files have them.
   *
   * @throws IOException if the folder cannot be read
   */
  List<String> runs() throws IOException {
    return files().map(SpoolFolder::runName).filter(name -> !name.isEmpty()).distinct().toList();
  }

  private Stream<Path> files() throws IOException {
    try (Stream<Path> listed = Files.list(folder)) {
      return listed
          .filter(file -> file.getFileName().toString().endsWith(ENDING))
          .sorted(
              Comparator.comparing(SpoolFolder::runName)
                  .thenComparingLong(SpoolFolder::attempt)
                  .thenComparing(Path::getFileName))
          .toList()
          .stream();
    } catch (NoSuchFileException e) {
      throw new NoSuchFileException(folder.toString());
    }
  }

  private static String runName(Path file) {
    return part(file, 1).orElse("");
  }

  private static long attempt(Path file) {
    return part(file, 2).map(Long::parseLong).orElse(0L);
  }

  private static Optional<String> part(Path file, int group) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    return name.matches() ? Optional.of(name.group(group)) : Optional.empty();
  }

  private static String readable(String run) {
    return run.replace('*', '+');
  }

  private static String digest(URI collector) {
    try {
      byte[] bytes =
          MessageDigest.getInstance("SHA-256")
              .digest(
                  collector.toString().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(bytes, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
