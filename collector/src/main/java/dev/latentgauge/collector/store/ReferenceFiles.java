package dev.latentgauge.collector.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The files of references in a database that several collectors share, each with a document that
 * describes it.
 *
 * <p>Thread-safe. All methods block, for as long as the database takes, and fail with a {@link
 * StoreException}. Files are read and written in parts, so that none is in memory as a whole.
 */
public final class ReferenceFiles {

  private static final int PART_BYTES = 1 << 20;

  private final Database database;
  private final Reader reader;

  /** Reads in a transaction. */
  interface Reader {
    <T> T read(Function<Handle, T> query);
  }

  ReferenceFiles(Database database, Reader reader) {
    this.database = database;
    this.reader = reader;
  }

  /**
   * A file.
   *
   * @param number what tells it from one that had its name before
   * @param name the name of the reference
   * @param document what describes it
   */
  public record Entry(long number, String name, String document) {}

  /**
   * Tells whether files were added or deleted.
   *
   * @return a text that is another one as soon as that has happened
   */
  public String state() {
    return reader.read(
        handle ->
            handle
                .createQuery(
                    "select coalesce(md5(string_agg(cast(number as text), ',' order by number)), '')"
                        + " from reference_file")
                .mapTo(String.class)
                .one());
  }

  /**
   * Tells whether a file is still there.
   *
   * @param entry which one
   * @return false if it was deleted
   */
  public boolean has(Entry entry) {
    return reader.read(
        handle ->
            handle
                .createQuery("select 1 from reference_file where number = :number")
                .bind("number", entry.number())
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
  }

  /**
   * Lists the files by name.
   *
   * @return all that there are
   */
  public List<Entry> list() {
    return reader.read(
        handle ->
            handle
                .createQuery("select number, name, document from reference_file order by name")
                .map(
                    (row, context) -> new Entry(row.getLong(1), row.getString(2), row.getString(3)))
                .list());
  }

  /**
   * Adds a file.
   *
   * @param name the name of the reference
   * @param document what describes it, without NUL
   * @param file the file
   * @return false if the name is taken; then nothing has changed
   * @throws IOException if the file cannot be read
   */
  public boolean add(String name, String document, Path file) throws IOException {
    try (Connection connection = database.openBeside();
        InputStream content = Files.newInputStream(file)) {
      Handle handle = Jdbi.open(connection);
      Optional<Long> number =
          handle
              .createQuery(
                  "insert into reference_file (name, document) values (:name, :document)"
                      + " on conflict (name) do nothing returning number")
              .bind("name", name)
              .bind("document", document)
              .mapTo(Long.class)
              .findOne();
      if (number.isPresent()) {
        addParts(handle, number.get(), content);
      }
      connection.commit();
      return number.isPresent();
    } catch (SQLException | RuntimeException e) {
      throw translated(e);
    }
  }

  private static void addParts(Handle handle, long number, InputStream content) throws IOException {
    byte[] bytes = content.readNBytes(PART_BYTES);
    for (int part = 0; bytes.length > 0; part++) {
      handle.execute(
          "insert into reference_part (number, part, content) values (?, ?, ?)",
          number,
          part,
          bytes);
      bytes = content.readNBytes(PART_BYTES);
    }
  }

  /**
   * Writes a file to the disk.
   *
   * @param entry which one
   * @param target where to; must not exist
   * @throws IOException if it cannot be written, or is not there any more ({@link
   *     NoSuchFileException})
   */
  public void fetch(Entry entry, Path target) throws IOException {
    try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
      int part = 0;
      Optional<byte[]> bytes = part(entry, part);
      while (bytes.isPresent()) {
        out.write(bytes.get());
        part++;
        bytes = part(entry, part);
      }
      if (part == 0) {
        throw new NoSuchFileException("the reference " + entry.name());
      }
    }
  }

  private Optional<byte[]> part(Entry entry, int part) {
    return reader.read(
        handle ->
            handle
                .createQuery(
                    "select content from reference_part where number = :number and part = :part")
                .bind("number", entry.number())
                .bind("part", part)
                .mapTo(byte[].class)
                .findOne());
  }

  /**
   * Deletes a file.
   *
   * @param name the name of the reference
   * @return whether there was one
   */
  public boolean delete(String name) {
    try (Connection connection = database.openBeside()) {
      Handle handle = Jdbi.open(connection);
      Optional<Long> number =
          handle
              .createQuery("delete from reference_file where name = :name returning number")
              .bind("name", name)
              .mapTo(Long.class)
              .findOne();
      number.ifPresent(gone -> handle.execute("delete from reference_part where number = ?", gone));
      connection.commit();
      return number.isPresent();
    } catch (SQLException | RuntimeException e) {
      throw translated(e);
    }
  }

  private RuntimeException translated(Exception failure) {
    return GroupCommit.sqlCause(failure)
        .<RuntimeException>map(database::translated)
        .orElseGet(() -> (RuntimeException) failure);
  }
}
