package dev.latentgauge.collector.web;

import dev.latentgauge.collector.ingest.Rejection;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a body in a file, in a folder of its own that goes with it. */
final class FileSink implements BodySink<Path> {

  private static final Logger LOG = LoggerFactory.getLogger(FileSink.class);
  private static final String ONLY_FOR_US = "rwx------";

  private final Vertx vertx;
  private final Path folder;
  private final Path path;
  private Future<Void> opening = Future.succeededFuture();
  private @Nullable AsyncFile file;

  /**
   * A sink.
   *
   * @param parent where to make the folder; must exist
   */
  FileSink(Vertx vertx, Path parent) {
    this.vertx = vertx;
    this.folder = parent.resolve(UUID.randomUUID().toString());
    this.path = folder.resolve("upload");
  }

  @Override
  public Future<Void> open() {
    opening =
        vertx
            .fileSystem()
            .mkdir(folder.toString(), ONLY_FOR_US)
            .compose(
                made ->
                    vertx
                        .fileSystem()
                        .open(path.toString(), new OpenOptions().setCreateNew(true).setRead(false)))
            .map(
                opened -> {
                  file = opened;
                  return (Void) null;
                });
    return opening.recover(failure -> Future.failedFuture(translated(failure)));
  }

  @Override
  public Future<Void> write(Buffer piece) {
    return opened().write(piece).recover(failure -> Future.failedFuture(translated(failure)));
  }

  @Override
  public boolean isFull() {
    return opened().writeQueueFull();
  }

  @Override
  public void whenRoom(Handler<Void> ready) {
    opened().drainHandler(ready);
  }

  @Override
  public Future<Path> finish() {
    return close().map(closed -> path).recover(failure -> Future.failedFuture(translated(failure)));
  }

  /** A client may be gone before its file is open; the file is closed and deleted all the same. */
  @Override
  public void discard() {
    opening
        .otherwiseEmpty()
        .compose(opened -> close())
        .otherwiseEmpty()
        .compose(done -> vertx.fileSystem().deleteRecursive(folder.toString()))
        .onFailure(failure -> LOG.warn("{} remains: {}", folder, failure.getMessage()));
  }

  private Future<Void> close() {
    AsyncFile closing = file;
    file = null;
    return closing == null ? Future.succeededFuture() : closing.close();
  }

  private AsyncFile opened() {
    if (file == null) {
      throw new IllegalStateException("it must be open");
    }
    return file;
  }

  /** Why, without the path, which a message is at times all of. */
  private static String reason(Throwable cause) {
    String reason = cause instanceof FileSystemException e ? e.getReason() : cause.getMessage();
    return reason == null ? "its log says why" : reason;
  }

  private static Throwable translated(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    LOG.warn("an upload cannot be written: {}", cause.toString());
    return new Rejection(
        Rejection.Reason.SPACE,
        Optional.empty(),
        "the collector cannot write the body to its disk: " + reason(cause));
  }
}
