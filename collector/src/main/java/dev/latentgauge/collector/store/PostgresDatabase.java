package dev.latentgauge.collector.store;

import com.zaxxer.hikari.HikariConfig;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A history in a database server, which several collectors may share.
 *
 * <p>Who changes something locks the books first, so that one at a time does, and none can wait for
 * another in a circle. A collector that stops in between, or is cut off, is thrown out after some
 * seconds: by the server, or where that waits for the rest of a message, by the first collector
 * that has lost its patience. A commit is on the server's disk when it returns, unless the server
 * was told not to care ({@code fsync}).
 */
final class PostgresDatabase extends Database {

  private static final int CONNECT_TIMEOUT_SECONDS = 5;

  /** A server that is gone without a word is found out so. */
  private static final int SOCKET_TIMEOUT_SECONDS = 30;

  private static final int ROWS_AT_ONCE = 2000;

  /**
   * Who holds the books and says nothing for so long, is not there any more. Others wait for them a
   * little longer, and connect anew then.
   */
  private static final int SILENCE_SECONDS = 4;

  private static final int LOCK_TIMEOUT_SECONDS = 5;

  /**
   * A collector of before there could be several held this lock alone. Those that can share hold it
   * together.
   */
  private static final long LOCK = 0x6c_61_74_65_6e_74L;

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private static final String NAME = "latentgauge";
  private static final String WRITER = "latentgauge writer";

  private final DatabaseUrl url;
  private final Optional<String> password;

  PostgresDatabase(DatabaseUrl url, Optional<String> password) {
    this.url = url;
    this.password = password;
  }

  @Override
  String description() {
    return "the database " + url.place();
  }

  @Override
  void prepare() throws IOException {
    try (Connection writer = openWriter()) {
      writer.commit();
      migrate(source(NAME), "postgresql");
    } catch (SQLException e) {
      throw new IOException("cannot use " + description() + ": " + firstLine(e), e);
    }
  }

  private PGSimpleDataSource source(String name) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(url.jdbc());
    url.user().ifPresent(source::setUser);
    password.ifPresent(source::setPassword);
    source.setApplicationName(name);
    source.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
    source.setSocketTimeout(SOCKET_TIMEOUT_SECONDS);
    source.setTcpKeepAlive(true);
    return source;
  }

  @Override
  Connection openWriter() throws SQLException {
    Connection connection = open(WRITER);
    try (Statement statement = connection.createStatement()) {
      statement.execute("set idle_in_transaction_session_timeout = '" + SILENCE_SECONDS + "s'");
      statement.execute("set lock_timeout = '" + LOCK_TIMEOUT_SECONDS + "s'");
      throwOutSilent(connection);
      share(connection);
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  Connection openBeside() throws SQLException {
    Connection connection = open(NAME);
    connection.setAutoCommit(false);
    return connection;
  }

  /** A connection that commits by itself. */
  private Connection open(String name) throws SQLException {
    Connection connection = source(name).getConnection();
    try {
      requireDurability(connection);
      // What is locked must be read as it is then.
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * The server's own limit does not count while it waits for the rest of what somebody began to
   * send.
   */
  private static void throwOutSilent(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select pg_terminate_backend(pid) from pg_stat_activity"
                + " where application_name = ? and datname = current_database()"
                + " and usename = current_user and pid <> pg_backend_pid()"
                + " and xact_start is not null and wait_event = 'ClientRead'"
                + " and state_change < now() - make_interval(secs => ?)")) {
      statement.setString(1, WRITER);
      statement.setInt(2, SILENCE_SECONDS);
      statement.execute();
    }
  }

  /** The lock belongs to the schema, so that a server may have several histories. */
  private static void share(Connection connection) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement(
            "select pg_advisory_lock_shared(hashtextextended(coalesce(current_schema(), ''), ?))")) {
      lock.setLong(1, LOCK);
      lock.execute();
    } catch (SQLException e) {
      throw LOCK_NOT_AVAILABLE.equals(e.getSQLState())
          ? new SQLException("a collector of an earlier version uses it", e.getSQLState())
          : e;
    }
  }

  /** A role or a database may be set up to lose what was committed last. */
  private static void requireDurability(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "select set_config('synchronous_commit', 'on', false)"
              + " where current_setting('synchronous_commit') = 'off'");
    }
  }

  @Override
  boolean isShared() {
    return true;
  }

  @Override
  void beginReading(Handle handle) {
    handle.execute("set transaction isolation level repeatable read, read only");
  }

  @Override
  String forUpdate() {
    return " for update";
  }

  @Override
  HikariConfig readers() {
    HikariConfig config = new HikariConfig();
    PGSimpleDataSource source = source(NAME);
    // Otherwise the driver gathers all rows before it gives the first.
    source.setDefaultRowFetchSize(ROWS_AT_ONCE);
    config.setDataSource(source);
    config.setReadOnly(true);
    return config;
  }

  @Override
  String score() {
    return "cast(cast(document as json) ->> 'score' as double precision)";
  }

  @Override
  StoreException translated(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    if (state.equals("53100")) {
      return new StoreException(
          StoreException.Kind.FULL, "the disk under the database is full: make room", failure);
    }
    if (state.equals("XX001") || state.equals("XX002")) {
      return new StoreException(
          StoreException.Kind.DAMAGED, "the database is damaged: see its log", failure);
    }
    return new StoreException(
        StoreException.Kind.UNAVAILABLE, "the database cannot be used now", failure);
  }

  /** The server does so by itself. */
  @Override
  void shrink(Handle handle) {}

  /** So it does. */
  @Override
  void maintain(Connection connection) {}
}
