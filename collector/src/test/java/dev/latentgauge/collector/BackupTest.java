package dev.latentgauge.collector;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latentgauge.collector.access.Scope;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BackupTest {

  @TempDir private Path folder;

  @Test
  void whatWasAcknowledgedBeforeItBeganIsInItWhileOthersGoOnWriting() throws Exception {
    Path data = folder.resolve("data");
    try (Collector collector = Collector.start(TestOptions.builder().data(data).build())) {
      Client client = new Client(collector.address());
      client.report("before", scored(1, 0.5), scored(2, 0.5));
      AtomicBoolean enough = new AtomicBoolean();
      AtomicInteger step = new AtomicInteger();
      Thread writer =
          new Thread(
              () -> {
                while (!enough.get()) {
                  client.report("during", scored(step.getAndIncrement(), 0.5));
                }
              });
      writer.start();
      try {
        while (step.get() < 5) {
          Thread.onSpinWait();
        }
        Backup.Copied copied = Backup.copy(data, folder.resolve("copy"));
        assertThat(copied.history()).isTrue();
        assertThat(copied.references()).isZero();
      } finally {
        enough.set(true);
        writer.join();
      }
    }
    CollectorOptions copy = TestOptions.builder().data(folder.resolve("copy")).build();
    try (Collector collector = Collector.start(copy)) {
      Client client = new Client(collector.address());
      assertThat(client.get("/v1/runs/before").text()).contains("\"observations\":2");
      assertThat(client.get("/v1/runs/during").text()).contains("\"step\":");
      assertThat(client.report("before", scored(2, 0.5)).text()).contains("\"duplicates\":1");
    }
  }

  @Test
  void whoIsLetInStaysSo() throws IOException {
    Path data = folder.resolve("data");
    String token = TestTokens.create(data, "me", Scope.READ);
    Collector.start(TestOptions.builder().data(data).build()).close();
    Backup.copy(data, folder.resolve("copy"));
    CollectorOptions copy = TestOptions.builder().data(folder.resolve("copy")).build();
    try (Collector collector = Collector.start(copy)) {
      Client client = new Client(collector.address());
      assertThat(client.get("/v1/runs").status()).isEqualTo(401);
      assertThat(client.with(token).get("/v1/runs").status()).isEqualTo(200);
    }
    assertThat(Files.getPosixFilePermissions(folder.resolve("copy")))
        .containsExactlyInAnyOrder(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE);
  }

  @Test
  void aFolderThatExistsIsNotTouched() throws IOException {
    Path data = folder.resolve("data");
    Collector.start(TestOptions.builder().data(data).build()).close();
    Path target = Files.createDirectory(folder.resolve("copy"));
    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> Backup.copy(data, target));
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void whatIsNoDataFolderIsRefusedAndNothingIsLeft() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Backup.copy(folder, folder.resolve("copy")))
        .withMessageContaining("must be the data folder of a collector");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aDamagedHistoryIsReportedAndNothingIsLeft() throws IOException {
    Path data = folder.resolve("data");
    Collector.start(TestOptions.builder().data(data).build()).close();
    Files.writeString(data.resolve("history/history.sqlite"), "x".repeat(5000));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Backup.copy(data, folder.resolve("copy")))
        .withMessageContaining("cannot copy " + data.resolve("history/history.sqlite"));
    assertThat(folder)
        .isDirectoryContaining("glob:**/data")
        .isDirectoryNotContaining("glob:**/copy*");
  }
}
