package dev.latentgauge.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against git itself. */
class GitCommitTest {

  @TempDir private Path folder;

  private String git(Path in, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "user.name=a", "-c", "user.email=a@b"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile());
    builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    Process process = builder.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed.strip();
  }

  @Test
  void isFoundWhereverGitKeepsIt() throws Exception {
    Path work = Files.createDirectories(folder.resolve("work"));
    assertThat(GitCommit.in(work)).isEmpty();
    git(work, "init", "-q", "-b", "feature/one");
    assertThat(GitCommit.in(work)).as("before the first commit").isEmpty();
    git(work, "commit", "-q", "--allow-empty", "-m", "first");
    String first = git(work, "rev-parse", "HEAD");
    Path below = Files.createDirectories(work.resolve("a/b"));
    assertThat(GitCommit.in(below)).hasValue(first);

    git(work, "pack-refs", "--all");
    assertThat(GitCommit.in(work)).as("packed").hasValue(first);

    Path linked = folder.resolve("linked");
    git(work, "worktree", "add", "-q", "-b", "two", linked.toString());
    git(linked, "commit", "-q", "--allow-empty", "-m", "second");
    String second = git(linked, "rev-parse", "HEAD");
    assertThat(GitCommit.in(linked)).as("a linked work tree").hasValue(second);
    assertThat(second).isNotEqualTo(first);

    git(work, "checkout", "-q", "--detach", second);
    assertThat(GitCommit.in(work)).as("detached").hasValue(second);
  }

  @Test
  void whatIsNoRepositoryHasNone() throws IOException {
    Files.writeString(folder.resolve(".git"), "gitdir: /nowhere/at/all\n");
    assertThat(GitCommit.in(folder)).isEmpty();
    Files.writeString(folder.resolve(".git"), "\u0000\u0001");
    assertThat(GitCommit.in(folder)).isEmpty();
  }
}
