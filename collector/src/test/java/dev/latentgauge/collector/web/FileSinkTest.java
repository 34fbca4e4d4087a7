package dev.latentgauge.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileSinkTest {

  private final Vertx vertx = Vertx.vertx();
  @TempDir private Path folder;

  @AfterEach
  void close() throws ExecutionException, InterruptedException {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFileThatNobodyWantsAnyMoreWhenItIsOpenIsClosedAndDeleted() throws Exception {
    for (int i = 0; i < 50; i++) {
      FileSink sink = new FileSink(vertx, folder);
      Future<Void> opening = sink.open();
      sink.discard();
      opening.otherwiseEmpty().toCompletionStage().toCompletableFuture().get();
    }
    awaitEmpty();
    assertThat(openFiles()).isEmpty();
  }

  private void awaitEmpty() throws IOException {
    for (boolean isEmpty = false; !isEmpty; ) {
      try (Stream<Path> files = Files.list(folder)) {
        isEmpty = files.findAny().isEmpty();
      }
    }
  }

  /** Those of this process that are, or were, in the folder. */
  private List<String> openFiles() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors
          .map(FileSinkTest::target)
          .filter(target -> target.startsWith(folder.toString()))
          .toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
