package dev.latentgauge.examples.spark;

import dev.latentgauge.reference.Candidate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;

/**
 * The references of a job, open, in the hands of one task.
 *
 * <p>References are not thread-safe, and a file that one is read from is closed if the thread that
 * reads is interrupted, as those of tasks that are killed are. So the tasks that run at the same
 * time in an executor have references of their own, and leave them to those that come after them: a
 * reference is opened once for each core of an executor.
 */
final class OpenReferences implements AutoCloseable {

  private static final Deque<OpenReferences> IDLE = new ArrayDeque<>();

  private final UUID job;
  private final List<OpenReference> references = new ArrayList<>();

  private OpenReferences(UUID job) {
    this.job = job;
  }

  /**
   * Opens references, or takes those that a task before has left; closes what is left from other
   * jobs. The engine must be loaded.
   *
   * @throws IOException if the files cannot be written to this machine
   * @throws IllegalArgumentException if one cannot be used
   */
  static OpenReferences take(References wanted) throws IOException {
    synchronized (IDLE) {
      while (!IDLE.isEmpty()) {
        OpenReferences idle = IDLE.pop();
        if (idle.job.equals(wanted.job())) {
          return idle;
        }
        idle.close();
      }
    }
    return open(wanted);
  }

  private static OpenReferences open(References wanted) throws IOException {
    OpenReferences opened = new OpenReferences(wanted.job());
    try {
      for (ReferenceContent content : wanted.contents()) {
        opened.references.add(OpenReference.of(content, wanted));
      }
      return opened;
    } catch (IOException | RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  /** Leaves the references to another task; only if nothing went wrong with them. */
  void leave() {
    synchronized (IDLE) {
      IDLE.push(this);
    }
  }

  /**
   * Scores a file against each reference.
   *
   * @return a row for each, which says why if the file cannot be read or scored
   * @throws IOException if this machine cannot take a copy of the file
   */
  List<Row> score(String file, Configuration configuration) throws IOException {
    try (LocalFile local = LocalFile.of(file, configuration)) {
      return score(file, local);
    } catch (LocalFile.UnreadableException e) {
      return failed(file, String.valueOf(e.getMessage()));
    }
  }

  private List<Row> score(String file, LocalFile local) {
    try (Candidate candidate = Candidate.open(local.path())) {
      List<Row> rows = new ArrayList<>();
      for (OpenReference reference : references) {
        rows.add(reference.score(file, local, candidate));
      }
      return rows;
    } catch (IOException | UncheckedIOException e) {
      return failed(file, local.reason(e));
    }
  }

  private List<Row> failed(String file, String reason) {
    return references.stream().map(reference -> reference.failed(file, reason)).toList();
  }

  @Override
  public void close() throws IOException {
    for (OpenReference reference : references) {
      reference.close();
    }
  }
}
