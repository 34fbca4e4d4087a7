package dev.latentgauge.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commit that is checked out in a folder, read from the files of git: no program is started for
 * it. See gitrepository-layout(5) for what stands where.
 */
final class GitCommit {

  private static final Logger LOG = LoggerFactory.getLogger(GitCommit.class);
  private static final String DIGITS = "[0-9a-f]{40}|[0-9a-f]{64}";
  private static final String SYMBOLIC = "ref: ";
  private static final String LINKED = "gitdir: ";
  private static final long LARGEST_FILE = 16 << 20;

  private GitCommit() {}

  /** The commit of the repository that a folder is in; empty if it is in none, or has none. */
  static Optional<String> in(Path folder) {
    try {
      for (Path at = folder.toAbsolutePath(); at != null; at = at.getParent()) {
        Path git = at.resolve(".git");
        if (Files.exists(git)) {
          return head(repository(git));
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("the commit of {} cannot be read", folder, e);
    }
    return Optional.empty();
  }

  /** A linked work tree, or a submodule, has a file that says where its repository is. */
  private static Path repository(Path git) throws IOException {
    if (Files.isDirectory(git)) {
      return git;
    }
    String text = line(git);
    return text.startsWith(LINKED)
        ? git.resolveSibling(text.substring(LINKED.length())).normalize()
        : git;
  }

  private static Optional<String> head(Path repository) throws IOException {
    String head = line(repository.resolve("HEAD"));
    if (!head.startsWith(SYMBOLIC)) {
      return commit(head);
    }
    String branch = head.substring(SYMBOLIC.length());
    Path common = repository.resolve("commondir");
    List<Path> places =
        Files.exists(common)
            ? List.of(repository, repository.resolve(line(common)).normalize())
            : List.of(repository);
    for (Path place : places) {
      Optional<String> found = loose(place, branch).or(() -> packed(place, branch));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> loose(Path place, String branch) throws IOException {
    Path file = place.resolve(branch);
    return Files.exists(file) ? commit(line(file)) : Optional.empty();
  }

  private static Optional<String> packed(Path place, String branch) {
    Path file = place.resolve("packed-refs");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.endsWith(" " + branch))
          .map(line -> line.substring(0, line.indexOf(' ')))
          .flatMap(line -> commit(line).stream())
          .findFirst();
    } catch (IOException e) {
      LOG.debug("{} cannot be read", file, e);
      return Optional.empty();
    }
  }

  private static Optional<String> commit(@Nullable String text) {
    return Optional.ofNullable(text).filter(digits -> digits.matches(DIGITS));
  }

  private static String line(Path file) throws IOException {
    if (Files.size(file) > LARGEST_FILE) {
      throw new IOException(file + " is too large to be a file of git");
    }
    return Files.readString(file).strip();
  }
}
