package dev.latentgauge.collector.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jdbi.v3.core.Handle;

/**
 * Where a history is kept: a file of SQLite, or a database of PostgreSQL.
 *
 * <p>Both are spoken to in the same SQL; here is what differs.
 */
public abstract sealed class Database permits SqliteDatabase, PostgresDatabase {

  /** Reads wait for one of so many connections, for so long. */
  private static final int READERS = 8;

  private static final long READER_TIMEOUT_MILLIS = 2_000;

  /**
   * A file of SQLite, which is made if it is missing.
   *
   * @param folder the folder for it and for what SQLite keeps beside it; must exist, on a disk of
   *     this machine, and be for nothing else
   * @return the database, not looked at yet
   */
  public static Database sqlite(Path folder) {
    return new SqliteDatabase(folder);
  }

  /**
   * A database of PostgreSQL, of which the history's tables may be the only ones in its schema.
   *
   * @param url where it is
   * @param password for who asks for one
   * @return the database, not looked at yet
   */
  public static Database postgres(DatabaseUrl url, Optional<String> password) {
    return new PostgresDatabase(url, password);
  }

  /** What it is called in messages. */
  abstract String description();

  /**
   * Makes it ready: that it is whole, is checked, and its tables are made or brought up to date.
   *
   * @throws IOException if that cannot be done
   */
  abstract void prepare() throws IOException;

  /**
   * A new connection that may change things. It commits by hand.
   *
   * @throws SQLException if there is none, or another collector has it
   */
  abstract Connection openWriter() throws SQLException;

  /**
   * A new connection for what does not change the history, beside its writer. It commits by hand.
   *
   * @throws SQLException if there is none
   */
  abstract Connection openBeside() throws SQLException;

  /** Makes what is read in the transaction that begins here be of one moment. */
  abstract void beginReading(Handle handle);

  /** Whether other collectors may change it. */
  abstract boolean isShared();

  /** What follows a query so that the rows are locked until the transaction ends. */
  abstract String forUpdate();

  /** How reading connections are made. */
  abstract HikariConfig readers();

  /** The SQL of the score in the {@code document} of an observation; null if it has none. */
  abstract String score();

  /** What a failure means to those who ask. */
  abstract StoreException translated(SQLException failure);

  /** Gives room back that was freed by deletions, a little at a time. */
  abstract void shrink(Handle handle);

  /** Does what can only be done between transactions; called now and then, at once if need be. */
  abstract void maintain(Connection connection) throws SQLException;

  final HikariDataSource openReaders() {
    HikariConfig config = readers();
    config.setPoolName("history-readers");
    config.setMaximumPoolSize(READERS);
    config.setConnectionTimeout(READER_TIMEOUT_MILLIS);
    config.setInitializationFailTimeout(-1);
    config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
    return new HikariDataSource(config);
  }

  /** Makes the tables, or brings them up to date. */
  final void migrate(DataSource source, String dialect) throws IOException {
    try {
      Flyway.configure()
          .dataSource(source)
          .locations("classpath:dev/latentgauge/collector/store/" + dialect)
          .failOnMissingLocations(true)
          .ignoreMigrationPatterns(new String[0])
          .cleanDisabled(true)
          .loggers("slf4j")
          .load()
          .migrate();
    } catch (FlywayValidateException e) {
      throw new IOException(
          description()
              + " was written by another version of Latentgauge, with which this one cannot go on;"
              + " run that version or a later one, or restore a backup: "
              + String.valueOf(e.getMessage())
                  .lines()
                  .filter(line -> line.startsWith("Detected"))
                  .findFirst()
                  .orElseGet(() -> firstLine(e)),
          e);
    } catch (FlywayException e) {
      throw new IOException("cannot use " + description() + ": " + firstLine(e), e);
    }
  }

  /** Of the messages of Flyway and the drivers, which go on for paragraphs. */
  static String firstLine(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).strip().lines().findFirst().orElse("unknown");
  }
}
