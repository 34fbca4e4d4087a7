package dev.latentgauge.collector.store;

import com.zaxxer.hikari.HikariConfig;
import dev.latentgauge.collector.disk.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A history in a file.
 *
 * <p>A commit is on the disk when it returns: the log that is written ahead is forced to it each
 * time. Readers see the last commit and do not wait for the writer, nor it for them.
 *
 * <p>A file is made under another name, and gets its own when its tables are there. So a file that
 * is empty, or is none of SQLite, was damaged by somebody, and is left alone.
 */
final class SqliteDatabase extends Database {

  private static final Logger LOG = LoggerFactory.getLogger(SqliteDatabase.class);
  private static final long LARGE = 1L << 30;
  private static final int BUSY_TIMEOUT_MILLIS = 10_000;

  /** The log is cut back to this size; it may be longer while somebody reads for long. */
  private static final int LOG_BYTES = 64 << 20;

  /** Where the driver unpacks SQLite. */
  private static final String UNPACKED = "org.sqlite.tmpdir";

  private static final int MOMENT_MILLIS = 100;
  private static final int PAGES_TO_SHRINK_AT_ONCE = 2000;

  private final Path folder;
  private final Path file;

  SqliteDatabase(Path folder) {
    this.folder = folder.toAbsolutePath();
    this.file = this.folder.resolve("history.sqlite");
  }

  Path file() {
    return file;
  }

  SQLiteDataSource source() {
    return source(file);
  }

  @Override
  String description() {
    return file.toString();
  }

  @Override
  void prepare() throws IOException {
    unpackLibrary();
    if (Files.exists(file)) {
      requireWhole();
      migrate(source(), "sqlite");
    } else {
      requireNoRemains();
      create();
    }
  }

  /**
   * SQLite is a library of the machine's language, which must lie where nobody else can put one.
   */
  void unpackLibrary() throws IOException {
    if (System.getProperty(UNPACKED) == null) {
      Path libraries = folder.resolve("native");
      Files.createDirectories(libraries);
      System.setProperty(UNPACKED, libraries.toString());
    }
  }

  private void create() throws IOException {
    Path made = folder.resolve("history.sqlite.new");
    for (String end : new String[] {"", "-wal", "-shm", "-journal"}) {
      Files.deleteIfExists(made.resolveSibling(made.getFileName() + end));
    }
    allowToShrink(made);
    migrate(source(made), "sqlite");
    Durable.force(made);
    Durable.move(made, file);
  }

  /** That can be said of a file only as long as nothing is in it. */
  private static void allowToShrink(Path made) throws IOException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + made);
        Statement statement = connection.createStatement()) {
      statement.execute("pragma auto_vacuum = incremental");
      statement.execute("vacuum");
    } catch (SQLException e) {
      throw new IOException("cannot make " + made + ": " + firstLine(e), e);
    }
  }

  /** What is committed but still in the log would be lost with it. */
  private void requireNoRemains() throws IOException {
    Path log = file.resolveSibling(file.getFileName() + "-wal");
    if (Files.exists(log) && Files.size(log) > 0) {
      throw new IOException(
          file + " is missing, but its log " + log + " is there: restore the file, or a backup");
    }
  }

  void requireWhole() throws IOException {
    if (Files.size(file) == 0) {
      throw damaged("it is empty");
    }
    if (Files.size(file) > LARGE) {
      LOG.info("checking {}, which takes some seconds for each GB", file);
    }
    String found;
    try (Connection connection = source().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("pragma quick_check(1)")) {
      found = rows.next() ? rows.getString(1) : "no answer";
    } catch (SQLException e) {
      found = firstLine(e);
    }
    if (!found.equals("ok")) {
      throw damaged(found);
    }
  }

  private IOException damaged(String found) {
    return new IOException(
        file
            + " is damaged: "
            + found
            + "; restore a backup, save what can be read of it by \"sqlite3 FILE .recover\", or move"
            + " it away to begin anew");
  }

  private static SQLiteDataSource source(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    config.setJournalSizeLimit(LOG_BYTES);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  @Override
  Connection openWriter() throws SQLException {
    Connection connection = source().getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  @Override
  Connection openBeside() throws SQLException {
    return openWriter();
  }

  /** So it is anyway. */
  @Override
  void beginReading(Handle handle) {}

  /** The folder has one collector. */
  @Override
  boolean isShared() {
    return false;
  }

  /** Who writes has the whole file. */
  @Override
  String forUpdate() {
    return "";
  }

  @Override
  HikariConfig readers() {
    SQLiteDataSource source = source();
    source.setTransactionMode("DEFERRED");
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setConnectionInitSql("pragma query_only = on");
    return config;
  }

  @Override
  String score() {
    return "json_extract(document, '$.score')";
  }

  @Override
  StoreException translated(SQLException failure) {
    SQLiteErrorCode code = code(failure);
    return switch (code) {
      case SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_SHMSIZE ->
          new StoreException(
              StoreException.Kind.FULL, "the disk under the history is full: make room", failure);
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          new StoreException(
              StoreException.Kind.DAMAGED,
              "the history is damaged: restore a backup, see the log of the collector",
              failure);
      default ->
          new StoreException(
              StoreException.Kind.UNAVAILABLE, "the history cannot be used now: " + code, failure);
    };
  }

  private static SQLiteErrorCode code(SQLException failure) {
    return failure instanceof SQLiteException e ? e.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
  }

  @Override
  void shrink(Handle handle) {
    int free = handle.createQuery("pragma freelist_count").mapTo(Integer.class).one();
    for (int page = 0; page < Math.min(free, PAGES_TO_SHRINK_AT_ONCE); page++) {
      // A number in brackets would be no use: the driver takes only the first step, which is a
      // page.
      handle.execute("pragma incremental_vacuum");
    }
  }

  /**
   * Where somebody is always reading, the log is never begun anew by itself: it is cut back here,
   * if nobody reads for a moment.
   */
  @Override
  void maintain(Connection connection) throws SQLException {
    Path log = file.resolveSibling(file.getFileName() + "-wal");
    if (log.toFile().length() <= LOG_BYTES) {
      return;
    }
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute("pragma busy_timeout = " + MOMENT_MILLIS);
      statement.execute("pragma wal_checkpoint(truncate)");
      statement.execute("pragma busy_timeout = " + BUSY_TIMEOUT_MILLIS);
    } finally {
      connection.setAutoCommit(false);
    }
  }
}
