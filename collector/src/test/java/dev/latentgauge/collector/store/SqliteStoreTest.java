package dev.latentgauge.collector.store;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latentgauge.collector.Runs;
import dev.latentgauge.collector.run.RunListener;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {

  @TempDir private Path folder;

  @Override
  Store open(String name, Capacity capacity, RunListener listener, Instant endedAfter)
      throws IOException {
    Path own = Files.createDirectories(folder.resolve(name));
    return SqlStore.open(
        Database.sqlite(own), capacity, listener, () -> endedAfter, Clock.systemUTC());
  }

  @Override
  void alter(String name, List<String> statements) throws SQLException {
    Path file = folder.resolve(name).resolve("history.sqlite");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private Path write() throws IOException {
    try (Store store = open("damaged", Capacity.DEFAULT, Runs.NOBODY, Instant.EPOCH)) {
      store
          .append(
              "a",
              LongStream.range(0, 2000).mapToObj(step -> scored(step, 0.5)).toList(),
              Instant.EPOCH)
          .toCompletableFuture()
          .join();
    }
    return folder.resolve("damaged/history.sqlite");
  }

  private void assertRefused(String... reasons) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> open("damaged", Capacity.DEFAULT, Runs.NOBODY, Instant.EPOCH).close())
        .satisfies(failure -> assertThat(failure.getMessage()).contains(reasons));
  }

  @Test
  void aFileThatIsOverwrittenIsReportedAndLeftAsItIs() throws IOException {
    Path file = write();
    String garbage = "this is no database, but it is long enough to be taken for one";
    Files.writeString(file, garbage);
    assertRefused(file + " is damaged: ", "restore a backup");
    assertThat(file).hasContent(garbage);
  }

  @Test
  void aFileThatIsEmptyIsReportedAndLeftAsItIs() throws IOException {
    Path file = write();
    Files.write(file, new byte[0]);
    assertRefused(file + " is damaged: it is empty");
    assertThat(file).isEmptyFile();
  }

  @Test
  void aFileWithBrokenPagesIsReported() throws IOException {
    Path file = write();
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      for (long page = 5; page < bytes.length() / 4096; page += 3) {
        bytes.seek(page * 4096);
        bytes.write(new byte[512]);
      }
    }
    assertRefused(file + " is damaged: ");
  }

  @Test
  void aLogWithoutItsFileIsReported() throws IOException {
    Path file = write();
    Files.delete(file);
    Files.write(file.resolveSibling("history.sqlite-wal"), new byte[] {1});
    assertRefused(file + " is missing, but its log");
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileThatWasNotMadeWhollyIsMadeAnew() throws IOException {
    Path own = Files.createDirectories(folder.resolve("damaged"));
    Files.write(own.resolve("history.sqlite.new"), new byte[] {1, 2, 3});
    assertThat(write()).exists();
    assertThat(own.resolve("history.sqlite.new")).doesNotExist();
  }

  @Test
  void aFileOfALaterVersionIsReportedAndLeftAsItIs() throws Exception {
    write();
    alter(
        "damaged",
        List.of(
            "insert into flyway_schema_history select 99, '99', description, type, 'V99__more.sql',"
                + " checksum, installed_by, installed_on, execution_time, success"
                + " from flyway_schema_history where version = '1'"));
    assertRefused(
        "was written by another version of Latentgauge",
        "Detected applied migration not resolved locally: 99");
  }

  @Test
  void aFileShrinksWhenRunsAreDeleted() throws IOException {
    Path file = write();
    long size = Files.size(file);
    try (Store store = open("damaged", Capacity.DEFAULT, Runs.NOBODY, Instant.EPOCH)) {
      store.delete("a").toCompletableFuture().join();
      while (store.tidy().toCompletableFuture().join()) {
        // Little by little.
      }
    }
    assertThat(Files.size(file)).isLessThan(size / 4);
  }
}
