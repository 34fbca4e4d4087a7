package dev.latentgauge.collector.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The books and the newest changes, in SQL that both databases speak. */
final class BookRows {

  private static final String BOOKS =
      "select changes, accepted, expired, live_runs, live_series, runs, observations, sketches,"
          + " bytes from books where id = 1";

  private BookRows() {}

  /**
   * A change as all collectors of a history hear of it.
   *
   * @param number from 1, without gaps
   * @param run the name of the run, which may be gone by now
   * @param news what happened; empty if the run is not as it was
   */
  record Entry(long number, String run, Optional<News> news) {
    private static Entry of(ResultSet row) throws SQLException {
      String run = row.getString(2);
      String layer = row.getString(4);
      Optional<News> news = Optional.empty();
      if (row.getInt(3) != 0) {
        news = Optional.of(new News.Deleted(run));
      } else if (layer != null) {
        SketchKey key = new SketchKey(layer, row.getString(5));
        news = Optional.of(new News.Sketched(run, key, row.getLong(6)));
      }
      return new Entry(row.getLong(1), run, news);
    }
  }

  /** The books as they are now. */
  static Books read(Handle handle) {
    return read(handle, "");
  }

  /**
   * The books, which nobody else can change until the transaction ends.
   *
   * @param lock what a database wants to hear so that a row that is read is locked
   */
  static Books read(Handle handle, String lock) {
    return handle.createQuery(BOOKS + lock).map((row, context) -> books(row)).one();
  }

  private static Books books(ResultSet row) throws SQLException {
    return new Books(
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        new Totals(
            row.getLong(4),
            row.getLong(5),
            row.getLong(6),
            row.getLong(7),
            row.getLong(8),
            row.getLong(9)));
  }

  /** Writes the books, and the changes that they have more. */
  static void write(Handle handle, Books books, Collection<News> news) {
    PreparedBatch batch =
        handle.prepareBatch(
            "insert into change (number, run, deleted, layer, probes, step)"
                + " values (?, ?, ?, ?, ?, ?)");
    long number = books.changes() - news.size();
    for (News one : news) {
      number++;
      if (one instanceof News.Sketched sketched) {
        SketchKey key = sketched.key();
        batch.add(number, sketched.run(), 0, key.layer(), key.probes(), sketched.step());
      } else {
        int deleted = one instanceof News.Deleted ? 1 : 0;
        batch.add(number, one.subject().run(), deleted, null, null, null);
      }
    }
    Batches.execute(batch);
    Totals totals = books.totals();
    handle.execute(
        "update books set changes = ?, accepted = ?, expired = ?, live_runs = ?, live_series = ?,"
            + " runs = ?, observations = ?, sketches = ?, bytes = ? where id = 1",
        books.changes(),
        books.accepted(),
        books.expired(),
        totals.liveRuns(),
        totals.liveSeries(),
        totals.runs(),
        totals.observations(),
        totals.sketches(),
        totals.bytes());
  }

  /** What came after a change, in its order; a gap at the beginning is what is forgotten. */
  static List<Entry> after(Handle handle, long number, int limit) {
    return handle
        .createQuery(
            "select number, run, deleted, layer, probes, step from change where number > :number"
                + " order by number limit :limit")
        .bind("number", number)
        .bind("limit", limit)
        .map((row, context) -> Entry.of(row))
        .list();
  }

  /** Forgets all changes but the newest ones. */
  static void forget(Handle handle, long most) {
    handle.execute("delete from change where number <= (select changes from books) - ?", most);
  }
}
