package dev.latentgauge.collector.store;

import dev.latentgauge.collector.disk.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Copies a history of SQLite, which somebody may be writing at the same time. */
public final class SqliteBackup {

  private SqliteBackup() {}

  /**
   * Copies a history as it is at one moment. Writers do not wait for it, nor it for them; their log
   * grows meanwhile. The copy is as small as it can be, is on the disk, and was checked.
   *
   * @param folder the folder of the history, see {@link Database#sqlite}
   * @param target an empty folder, which may be that of a history from then on
   * @return whether there is a history to copy
   * @throws IOException if it is damaged, or the copy cannot be written; then there is none
   */
  public static boolean copy(Path folder, Path target) throws IOException {
    SqliteDatabase from = new SqliteDatabase(folder);
    SqliteDatabase to = new SqliteDatabase(target);
    if (!Files.isRegularFile(from.file())) {
      return false;
    }
    from.unpackLibrary();
    try (Connection connection = from.source().getConnection();
        PreparedStatement statement = connection.prepareStatement("vacuum into ?")) {
      statement.setString(1, to.file().toString());
      statement.execute();
      Durable.force(to.file());
      to.requireWhole();
      return true;
    } catch (SQLException e) {
      Files.deleteIfExists(to.file());
      throw new IOException("cannot copy " + from.description() + ": " + Database.firstLine(e), e);
    } catch (IOException e) {
      Files.deleteIfExists(to.file());
      throw e;
    }
  }
}
