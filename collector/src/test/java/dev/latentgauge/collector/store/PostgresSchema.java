package dev.latentgauge.collector.store;

import dev.latentgauge.collector.PostgresServer;
import dev.latentgauge.collector.run.RunListener;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A schema for one test, in the server that all share. */
final class PostgresSchema {

  private final String name;

  private PostgresSchema(String name) {
    this.name = name;
  }

  /** One that nobody else has. */
  static PostgresSchema create() throws IOException {
    return of("t" + UUID.randomUUID().toString().replace("-", ""));
  }

  /** One of a name; it is made if it is missing. */
  static PostgresSchema of(String name) throws IOException {
    administer("create schema if not exists " + name);
    return new PostgresSchema(name);
  }

  /** A store in it, as one of perhaps several collectors would open it. */
  Store open(Capacity capacity, RunListener listener, Instant endedAfter) throws IOException {
    return open(database(), capacity, listener, endedAfter);
  }

  static Store open(Database database, Capacity capacity, RunListener listener, Instant endedAfter)
      throws IOException {
    return SqlStore.open(database, capacity, listener, () -> endedAfter, Clock.systemUTC());
  }

  Database database() throws IOException {
    return database(PostgresServer.shared().port(), PostgresServer.PASSWORD);
  }

  /** The same by another port or another password. */
  Database database(int port, String password) {
    return Database.postgres(
        DatabaseUrl.parse(
            "postgresql://%s@127.0.0.1:%d/postgres?currentSchema=%s"
                .formatted(PostgresServer.USER, port, name)),
        Optional.of(password));
  }

  void execute(String sql) throws IOException {
    administer("set search_path to " + name + ";" + sql);
  }

  /** What a query answers in its first row and column. */
  String query(String sql) throws IOException, SQLException {
    try (Connection connection = database().openBeside();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  /** Does something in the server as a whole. */
  static void administer(String sql) throws IOException {
    try (Connection connection =
            DriverManager.getConnection(
                DatabaseUrl.parse(PostgresServer.shared().url()).jdbc(),
                PostgresServer.USER,
                PostgresServer.PASSWORD);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }
}
