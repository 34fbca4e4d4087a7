package dev.latentgauge.collector.store;

import com.zaxxer.hikari.HikariConfig;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A history in a database server.
 *
 * <p>One collector at a time writes there: it holds a lock of the server as long as it is
 * connected. A commit is on the server's disk when it returns, unless the server was told not to
 * care ({@code fsync}).
 */
final class PostgresDatabase extends Database {

  private static final int CONNECT_TIMEOUT_SECONDS = 5;

  /** A server that is gone without a word is found out so. */
  private static final int SOCKET_TIMEOUT_SECONDS = 30;

  /** The name of the lock, which is a number. */
  private static final long LOCK = 0x6c_61_74_65_6e_74L;

  private static final int ROWS_AT_ONCE = 2000;

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /** Another collector may be on its way out. */
  private static final int LOCK_TIMEOUT_SECONDS = 5;

  /** What the connection that writes is called, to tell it from those of other collectors. */
  private final String writer = "latentgauge " + UUID.randomUUID();

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
      migrate(source(), "postgresql");
      writer.commit();
    } catch (SQLException e) {
      throw new IOException("cannot use " + description() + ": " + firstLine(e), e);
    }
  }

  private PGSimpleDataSource source() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(url.jdbc());
    url.user().ifPresent(source::setUser);
    password.ifPresent(source::setPassword);
    source.setApplicationName("latentgauge");
    source.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
    source.setSocketTimeout(SOCKET_TIMEOUT_SECONDS);
    source.setTcpKeepAlive(true);
    return source;
  }

  @Override
  Connection openWriter() throws SQLException {
    PGSimpleDataSource source = source();
    source.setApplicationName(writer);
    Connection connection = source.getConnection();
    try {
      requireLock(connection);
      requireDurability(connection);
      connection.setAutoCommit(false);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * The lock belongs to the schema, so that a server may have several histories. A connection of
   * this collector that broke may still hold it, until the server finds out that nobody is there.
   */
  private void requireLock(Connection connection) throws SQLException {
    try (PreparedStatement end =
            connection.prepareStatement(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                    + " where application_name = ? and pid <> pg_backend_pid()");
        Statement patience = connection.createStatement();
        PreparedStatement lock =
            connection.prepareStatement(
                "select pg_advisory_lock(hashtextextended(coalesce(current_schema(), ''), ?))")) {
      end.setString(1, writer);
      end.execute();
      patience.execute("set lock_timeout = '" + LOCK_TIMEOUT_SECONDS + "s'");
      lock.setLong(1, LOCK);
      lock.execute();
    } catch (SQLException e) {
      throw LOCK_NOT_AVAILABLE.equals(e.getSQLState())
          ? new SQLException("another collector uses it", e.getSQLState())
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
  HikariConfig readers() {
    HikariConfig config = new HikariConfig();
    PGSimpleDataSource source = source();
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
