package dev.latentgauge.delivery;

import static dev.latentgauge.delivery.Reports.END;
import static dev.latentgauge.delivery.Reports.LABEL;
import static dev.latentgauge.delivery.Reports.observations;
import static dev.latentgauge.delivery.Reports.range;
import static dev.latentgauge.delivery.Reports.steps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.StringDataType;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SpoolTest {

  private static final long MEBIBYTE = 1L << 20;

  @TempDir private Path folder;

  private Path file() {
    return new SpoolFolder(folder.resolve("spool")).newFile(LABEL);
  }

  /** The file as it is now, as a process finds it whose predecessor is killed now. */
  private Spool afterAKill(Path file) throws IOException {
    Path copy = new SpoolFolder(folder).newFile(LABEL);
    Files.copy(file, copy);
    return Spool.reopened(copy).orElseThrow();
  }

  @Test
  void whatWasAppendedOutlivesTheProcess() throws Exception {
    Path file = file();
    try (Spool spool = Spool.create(file, LABEL, MEBIBYTE)) {
      spool.append(observations(0, 2));
      spool.append(observations(2, 3));
      spool.end(END);
      assertThat(spool.waiting()).isEqualTo(4).isEqualTo(spool.waitingOnDisk());
      try (Spool found = afterAKill(file)) {
        assertThat(found.label()).isEqualTo(LABEL);
        assertThat(found.end()).contains(END);
        assertThat(steps(found.oldest(100))).isEqualTo(range(0, 3));
        assertThat(found.waiting()).isEqualTo(4);
      }
    }
  }

  @Test
  void whatWasTakenIsGoneForTheNextProcessToo() throws Exception {
    Path file = file();
    try (Spool spool = Spool.create(file, LABEL, MEBIBYTE)) {
      spool.append(observations(0, 5));
      spool.taken(spool.oldest(3));
      try (Spool found = afterAKill(file)) {
        assertThat(steps(found.oldest(100))).containsExactly(3L, 4L);
      }
    }
  }

  @Test
  void whatWasOnlyLookedAtStays() throws Exception {
    Path file = file();
    try (Spool spool = Spool.create(file, LABEL, MEBIBYTE)) {
      spool.append(observations(0, 5));
      assertThat(steps(spool.oldest(2))).isEqualTo(range(0, 2));
      assertThat(steps(spool.oldest(2))).isEqualTo(range(0, 2));
      assertThat(spool.waiting()).isEqualTo(5);
    }
  }

  @Test
  void ofAFullSpoolTheOldestObservationsGoAndAreCounted() throws Exception {
    Path file = file();
    try (Spool spool = Spool.create(file, LABEL, 10_000)) {
      spool.append(observations(0, 1));
      spool.end(END);
      spool.append(observations(1, 500));
      long kept = spool.waiting() - 1;
      assertThat(kept).isBetween(20L, 60L);
      assertThat(spool.dropped()).isEqualTo(500 - kept);
      try (Spool found = afterAKill(file)) {
        assertThat(steps(found.oldest(100))).isEqualTo(range(500 - kept, 500));
        assertThat(found.label()).isEqualTo(LABEL);
        assertThat(found.end()).contains(END);
      }
    }
  }

  @Test
  void anObservationThatIsDeliveredWhileItIsDroppedWasNotDropped() throws Exception {
    try (Spool spool = Spool.create(file(), LABEL, 10_000)) {
      spool.append(observations(0, 10));
      List<Spool.Entry> underWay = spool.oldest(10);
      spool.append(observations(10, 500));
      spool.taken(underWay);
      assertThat(spool.dropped()).isEqualTo(490 - spool.waiting());
    }
  }

  @Test
  void theFileStaysSmallHoweverMuchGoesThroughIt() throws Exception {
    Path file = file();
    long largest = 0;
    try (Spool spool = Spool.create(file, LABEL, MEBIBYTE)) {
      for (int step = 0; step < 100_000; step += 100) {
        spool.append(observations(step, step + 100));
        if (spool.waiting() > 250) {
          spool.taken(spool.oldest(100));
        }
        largest = Math.max(largest, Files.size(file));
      }
      assertThat(spool.dropped()).isZero();
    }
    assertThat(largest).isLessThan(MEBIBYTE);
  }

  @Test
  void theFileOfAFullSpoolIsNoMoreThanAFewTimesItsLimit() throws Exception {
    Path file = file();
    try (Spool spool = Spool.create(file, LABEL, MEBIBYTE)) {
      for (int step = 0; spool.dropped() < 3000; step++) {
        spool.append(observations(step, step + 1));
      }
      assertThat(Files.size(file)).isLessThan(8 * MEBIBYTE);
    }
  }

  @Test
  void aFileInWhichNothingWaitsIsDeleted() throws Exception {
    Path file = file();
    try (Spool spool = Spool.create(file, LABEL, MEBIBYTE)) {
      spool.append(observations(0, 1));
      spool.end(END);
      spool.taken(spool.oldest(1));
      spool.endTaken();
      assertThat(file).exists();
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileInWhichSomethingWaitsStays() throws Exception {
    Path file = file();
    try (Spool spool = Spool.create(file, LABEL, MEBIBYTE)) {
      spool.append(observations(0, 1));
    }
    try (Spool found = Spool.reopened(file).orElseThrow()) {
      assertThat(steps(found.oldest(1))).containsExactly(0L);
    }
  }

  @Test
  void anInterruptedThreadLosesNothingAndStaysInterrupted() throws Exception {
    Path file = file();
    try (Spool spool = Spool.create(file, LABEL, MEBIBYTE)) {
      Thread.currentThread().interrupt();
      spool.append(observations(0, 1));
      List<Spool.Entry> entries = spool.oldest(1);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(steps(entries)).containsExactly(0L);
      assertThat(spool.waitingOnDisk()).isEqualTo(1);
    }
  }

  @Test
  void aFileThatIsOpenElsewhereIsHeld() {
    Path file = file();
    try (Spool spool = Spool.create(file, LABEL, MEBIBYTE)) {
      spool.append(observations(0, 1));
      assertThatExceptionOfType(SpoolException.class)
          .isThrownBy(() -> Spool.reopened(file))
          .matches(SpoolException::isHeld)
          .withMessageContaining(file.toString());
    }
  }

  @Test
  void aFileThatIsNoSpoolIsNamedAndLeftAlone() throws Exception {
    Path garbage = folder.resolve("garbage.spool");
    Files.writeString(garbage, "this is not a spool, but is as long as a block".repeat(400));
    Path foreign = folder.resolve("foreign.spool");
    try (MVStore store = MVStore.open(foreign.toString())) {
      store.<String, String>openMap("table").put("a", "b");
    }
    for (Path file : List.of(garbage, foreign)) {
      byte[] before = Files.readAllBytes(file);
      assertThatExceptionOfType(SpoolException.class)
          .isThrownBy(() -> Spool.reopened(file))
          .matches(failure -> !failure.isHeld())
          .withMessageContaining(file.toString());
      assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }
  }

  @Test
  void aFileOfANewerFormatIsNamedAndLeftAlone() throws Exception {
    Path file = file();
    try (Spool spool = Spool.create(file, LABEL, MEBIBYTE)) {
      spool.append(observations(0, 1));
    }
    try (MVStore store = MVStore.open(file.toString())) {
      MVMap<String, String> about =
          store.openMap(
              "latentgauge.about",
              new MVMap.Builder<String, String>()
                  .keyType(StringDataType.INSTANCE)
                  .valueType(StringDataType.INSTANCE));
      about.put("format", "2");
    }
    byte[] before = Files.readAllBytes(file);
    assertThatExceptionOfType(SpoolException.class)
        .isThrownBy(() -> Spool.reopened(file))
        .withMessageContaining("must be of format 1, but is of 2");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  @Test
  void aFileThatWasCutOffAnywhereIsReadOrLeftAlone() throws Exception {
    Path file = file();
    try (Spool spool = Spool.create(file, LABEL, MEBIBYTE)) {
      spool.append(observations(0, 50));
    }
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 1000) {
      Path cut = new SpoolFolder(folder).newFile(LABEL);
      Files.write(cut, Arrays.copyOf(whole, length));
      try (Spool spool = Spool.reopened(cut).orElse(null)) {
        assertThat(spool == null || spool.waiting() >= 0).isTrue();
      } catch (SpoolException e) {
        assertThat(cut).exists();
      }
    }
  }

  @Test
  void aFileThatNothingWasWrittenToIsDeleted() throws Exception {
    Path file = Files.createFile(folder.resolve("empty.spool"));
    assertThat(Spool.reopened(file)).isEmpty();
    assertThat(file).doesNotExist();
  }

  @Test
  void withoutAFolderReportsWaitInMemoryAndGoToDiskWhenThereIsOne() throws Exception {
    Path file = file();
    Path place = folder.resolve("spool");
    Files.writeString(place, "a file where the folder should be");
    String logged =
        LoggedLines.during(
            () -> {
              try (Spool spool = Spool.create(file, LABEL, MEBIBYTE)) {
                spool.append(observations(0, 2));
                spool.append(observations(2, 4));
                assertThat(spool.waiting()).isEqualTo(4);
                assertThat(spool.waitingOnDisk()).isZero();
                assertThat(steps(spool.oldest(3))).isEqualTo(range(0, 3));
                Files.delete(place);
                spool.taken(spool.oldest(1));
                assertThat(spool.waitingOnDisk()).isEqualTo(3);
              }
            });
    assertThat(logged).containsOnlyOnce("wait in memory").contains(place.toString());
    try (Spool found = Spool.reopened(file).orElseThrow()) {
      assertThat(steps(found.oldest(10))).isEqualTo(range(1, 4));
    }
  }

  @Test
  void inMemoryTheOldestGoBeyondTheLimit() throws Exception {
    try (Spool spool = Spool.inMemory(LABEL, 10_000)) {
      spool.append(observations(0, 500));
      assertThat(spool.waiting()).isBetween(20L, 60L);
      assertThat(spool.dropped()).isEqualTo(500 - spool.waiting());
      assertThat(steps(spool.oldest(500))).endsWith(499L);
    }
  }

  @Test
  void inMemoryThereIsALimitOfItsOwnWhateverTheSpoolsIs() throws Exception {
    try (Spool spool = Spool.inMemory(LABEL, Courier.DEFAULT_LIMIT)) {
      spool.append(observations(0, 50_000));
      List<Spool.Entry> kept = spool.oldest(50_000);
      long bytes = kept.stream().mapToLong(entry -> Journal.size(entry.json())).sum();
      assertThat(bytes).isBetween(Spool.MEMORY_LIMIT - 1000, Spool.MEMORY_LIMIT);
      assertThat(kept.size() + spool.dropped()).isEqualTo(50_000);
    }
  }

  @Test
  void whatWasDeliveredAndCouldNotBeRemovedIsNotReadAgain() throws Exception {
    Path file = file();
    Map<Long, String> three = Map.of(0L, "a", 1L, "b", 2L, "c");
    try (Journal journal = Journal.create(file, LABEL)) {
      journal.change(three, Set.of(), null, MEBIBYTE);
      assertThat(journal.oldest(2, Set.of(0L)))
          .containsExactly(new Spool.Entry(1, "b"), new Spool.Entry(2, "c"));
    }
  }

  @Test
  void aFileThatSomebodyDeletedIsMadeAnewAndWhatItHeldIsCounted() throws Exception {
    Path file = file();
    try (Spool spool = Spool.create(file, LABEL, MEBIBYTE)) {
      spool.append(observations(0, 2));
      Files.delete(file);
      spool.append(observations(2, 3));
      assertThat(spool.waiting()).isEqualTo(1);
      assertThat(spool.dropped()).isEqualTo(2);
      try (Spool found = afterAKill(file)) {
        assertThat(steps(found.oldest(10))).containsExactly(2L);
      }
    }
  }

  @Test
  void aFullDiskLosesNothingThatMemoryCanHold() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()),
        "a small disk can be mounted by root alone: a full one was NOT tested");
    try {
      List<Long> delivered = new ArrayList<>();
      Path file = new SpoolFolder(disk).newFile(LABEL);
      try (Spool spool = Spool.create(file, LABEL, 64 * MEBIBYTE)) {
        spool.append(observations(0, 100));
        Path filler = disk.resolve("filler");
        fill(filler);
        spool.append(observations(100, 2000));
        assertThat(spool.waiting()).isEqualTo(2000);
        assertThat(spool.waitingOnDisk()).isLessThan(2000);
        for (int i = 0; i < 3; i++) {
          List<Spool.Entry> batch = spool.oldest(100);
          delivered.addAll(steps(batch));
          spool.taken(batch);
        }
        Files.delete(filler);
        spool.append(observations(2000, 2001));
        assertThat(spool.waitingOnDisk()).isEqualTo(1701).isEqualTo(spool.waiting());
        assertThat(spool.dropped()).isZero();
      }
      try (Spool found = Spool.reopened(file).orElseThrow()) {
        delivered.addAll(steps(found.oldest(5000)));
      }
      assertThat(delivered).hasSizeGreaterThan(300).doesNotHaveDuplicates();
    } finally {
      assertThat(run("umount", disk.toString())).isTrue();
    }
  }

  private static void fill(Path filler) throws IOException {
    try (var stream = Files.newOutputStream(filler)) {
      while (true) {
        stream.write(new byte[4096]);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
  }
}
