package dev.latentgauge.examples.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataSearchTest {

  private static final ByteBuffer[] CONTENTS = {
    ByteBuffer.wrap(SmallDataset.IMAGE_FILE), ByteBuffer.wrap(SmallDataset.LABEL_FILE)
  };

  private static final byte[] IMAGES = SmallDataset.gzip(SmallDataset.IMAGE_FILE);
  private static final byte[] LABELS = SmallDataset.gzip(SmallDataset.LABEL_FILE);

  @TempDir private Path folder;
  private Path cache;
  private Website website;

  @BeforeEach
  void start() throws IOException {
    cache = folder.resolve("cache").resolve("small");
    website = new Website();
  }

  @AfterEach
  void stop() {
    website.close();
  }

  @Test
  void takesTheFirstFolderThatHasAllFilesAndDownloadsNothing() throws IOException {
    Path half = folder.resolve("half");
    Path whole = folder.resolve("whole");
    SmallDataset.writeTo(half);
    Files.delete(half.resolve("labels.gz"));
    SmallDataset.writeTo(whole);
    publish();

    DataSearch search = new DataSearch(List.of(half, whole), cache, publisher("/"));

    assertThat(search.find(SmallDataset.DATASET)).containsExactly(CONTENTS);
    assertThat(website.requests()).isEmpty();
    assertThat(cache).doesNotExist();
  }

  @Test
  void complainsOfADamagedFileInAFolderRatherThanLookFurther() throws IOException {
    SmallDataset.writeTo(folder);
    Files.write(folder.resolve("labels.gz"), IMAGES);
    publish();

    assertThatExceptionOfType(DataException.class)
        .isThrownBy(
            () -> new DataSearch(List.of(folder), cache, publisher("/")).find(SmallDataset.DATASET))
        .withMessageContaining(folder.resolve("labels.gz") + " is not labels.gz");
    assertThat(website.requests()).isEmpty();
  }

  @Test
  void downloadsOnceAndThenReadsTheCache() throws IOException {
    publish();

    assertThat(find("/")).containsExactly(CONTENTS);
    assertThat(find("/")).containsExactly(CONTENTS);

    assertThat(website.requests()).containsExactly("/images.gz", "/labels.gz");
    assertThat(filesInCache()).containsExactlyInAnyOrder("images.gz", "labels.gz");
  }

  @Test
  void replacesADamagedFileInTheCacheAndKeepsTheOthers() throws IOException {
    SmallDataset.writeTo(cache);
    Files.write(cache.resolve("images.gz"), Arrays.copyOf(IMAGES, 20));
    publish();

    assertThat(find("/")).containsExactly(CONTENTS);

    assertThat(website.requests()).containsExactly("/images.gz");
    assertThat(cache.resolve("images.gz")).hasBinaryContent(IMAGES);
  }

  @Test
  void takesTheNextAddressWhereOneHasNoSuchFile() throws IOException {
    publish();

    assertThat(find("/elsewhere/", "/")).containsExactly(CONTENTS);
  }

  @Test
  void triesAgainAfterAFailure() throws IOException {
    CountDownLatch failures = new CountDownLatch(1);
    website.serving("/labels.gz", LABELS);
    website.on(
        "/images.gz",
        exchange -> {
          if (failures.getCount() > 0) {
            failures.countDown();
            exchange.sendResponseHeaders(503, -1);
          } else {
            Website.send(exchange, IMAGES);
          }
        });

    assertThat(find("/")).containsExactly(CONTENTS);
    assertThat(website.requests()).containsExactly("/images.gz", "/images.gz", "/labels.gz");
  }

  @Test
  void namesEveryPlaceEveryAddressAndTheRemedyIfTheDataIsNowhere() {
    Path installed = folder.resolve("installed");

    assertThatExceptionOfType(DataException.class)
        .isThrownBy(
            () ->
                new DataSearch(List.of(installed), cache, publisher("/a/", "/b/"))
                    .find(SmallDataset.DATASET))
        .withMessageStartingWith(
            "Small is in none of "
                + installed
                + ", "
                + cache
                + ", and images.gz could not be downloaded (")
        .withMessageContaining(website.folder("/a/images.gz") + " failed: ")
        .withMessageContaining(website.folder("/b/images.gz") + " failed: ")
        .withMessageContaining("HTTP status 404")
        .withMessageEndingWith(". Ask the tests.");
    assertThat(filesInCache()).isEmpty();
  }

  @Test
  void refusesATruncatedDownload() {
    website.on(
        "/images.gz",
        exchange -> {
          exchange.sendResponseHeaders(200, IMAGES.length);
          exchange.getResponseBody().write(IMAGES, 0, IMAGES.length / 2);
          exchange.getResponseBody().flush();
        });

    assertThatFindingFailsBecause(
        "the connection ended after %d of %d bytes".formatted(IMAGES.length / 2, IMAGES.length));
  }

  @Test
  void refusesAnArchiveThatEndsEarly() {
    website.serving("/images.gz", Arrays.copyOf(IMAGES, IMAGES.length - 12));

    assertThatFindingFailsBecause("/images.gz is not a whole images.gz: ");
  }

  @Test
  void refusesACorruptDownload() {
    byte[] corrupt = IMAGES.clone();
    Arrays.fill(corrupt, 10, 20, (byte) 0x55);
    website.serving("/images.gz", corrupt);

    assertThatFindingFailsBecause("/images.gz is not ");
  }

  @Test
  void refusesAnotherContent() {
    website.serving(
        "/images.gz", SmallDataset.gzip(SmallDataset.withLastByteChanged(SmallDataset.IMAGE_FILE)));

    assertThatFindingFailsBecause("/images.gz is not images.gz: ", SmallDataset.IMAGES_SHA256);
  }

  @Test
  void stopsADownloadThatIsTooLong() {
    website.on(
        "/images.gz",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] block = new byte[1 << 16];
          for (int i = 0; i < 1000; i++) {
            exchange.getResponseBody().write(block);
          }
        });

    // 1.01 times the 28 bytes of the content, and 1024 more.
    assertThatFindingFailsBecause("the file must have at most 1052 bytes, but has more");
  }

  @Test
  void givesUpOnAServerThatStalls() {
    CountDownLatch testEnds = new CountDownLatch(1);
    website.on(
        "/images.gz",
        exchange -> {
          exchange.sendResponseHeaders(200, IMAGES.length);
          exchange.getResponseBody().write(IMAGES, 0, 10);
          exchange.getResponseBody().flush();
          await(testEnds);
        });

    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> search(Duration.ofMillis(200), "/").find(SmallDataset.DATASET))
        .withMessageContaining("/images.gz sent nothing for 200 ms");
    testEnds.countDown();
    assertThat(filesInCache()).isEmpty();
  }

  @Test
  void saysThatTheCacheCannotBeWritten() throws IOException {
    // A file in the way stops even the superuser, whom permissions do not.
    Files.createFile(folder.resolve("cache"));
    publish();

    assertThatFindingFailsBecause(
        "images.gz could not be downloaded, because " + cache + " cannot be written");
    assertThat(website.requests()).isEmpty();
  }

  @Test
  void aDownloadDoesNotDisturbAnotherIntoTheSameFolder() throws Exception {
    AtomicBoolean isFirst = new AtomicBoolean(true);
    CountDownLatch firstIsHalfWay = new CountDownLatch(1);
    CountDownLatch secondIsDone = new CountDownLatch(1);
    website.serving("/labels.gz", LABELS);
    website.on(
        "/images.gz",
        exchange -> {
          exchange.sendResponseHeaders(200, IMAGES.length);
          exchange.getResponseBody().write(IMAGES, 0, 10);
          exchange.getResponseBody().flush();
          if (isFirst.getAndSet(false)) {
            firstIsHalfWay.countDown();
            await(secondIsDone);
          }
          exchange.getResponseBody().write(IMAGES, 10, IMAGES.length - 10);
        });
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<List<ByteBuffer>> first = thread.submit(() -> find("/"));
      await(firstIsHalfWay);
      assertThat(find("/")).containsExactly(CONTENTS);
      secondIsDone.countDown();

      assertThat(first.get(60, TimeUnit.SECONDS)).containsExactly(CONTENTS);
    } finally {
      thread.shutdownNow();
    }
    assertThat(website.requests()).filteredOn("/images.gz"::equals).hasSize(2);
    assertThat(filesInCache()).containsExactlyInAnyOrder("images.gz", "labels.gz");
  }

  @Test
  void theCacheIsWhereTheUserWantsCaches() {
    Path home = Path.of("/home/ada");

    assertThat(DataSearch.cacheFolder(Map.of(), home)).isEqualTo(Path.of("/home/ada/.cache"));
    assertThat(DataSearch.cacheFolder(Map.of("XDG_CACHE_HOME", "/fast"), home))
        .isEqualTo(Path.of("/fast"));
    assertThat(DataSearch.cacheFolder(Map.of("XDG_CACHE_HOME", "relative"), home))
        .isEqualTo(Path.of("/home/ada/.cache"));
  }

  private void assertThatFindingFailsBecause(String... reasons) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> find("/"))
        .satisfies(e -> assertThat(e.getMessage()).contains(reasons));
    assertThat(filesInCache()).isEmpty();
  }

  private void publish() {
    website.serving("/images.gz", IMAGES).serving("/labels.gz", LABELS);
  }

  private List<ByteBuffer> find(String... addresses) throws DataException {
    return search(Duration.ofSeconds(30), addresses).find(SmallDataset.DATASET);
  }

  private DataSearch search(Duration patience, String... addresses) {
    List<URI> folders = Stream.of(addresses).map(website::folder).toList();
    return new DataSearch(List.of(), cache, new Publisher(folders, patience));
  }

  private Publisher publisher(String... addresses) {
    return search(Duration.ofSeconds(30), addresses).publisher();
  }

  private List<String> filesInCache() {
    if (!Files.isDirectory(cache)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(cache)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new IOException("the test must end within 60 seconds");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
