package dev.latentgauge.delivery;

import dev.latentgauge.observation.RunInfo;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Delivers what processes left in a folder, of all runs.
 *
 * <p>All files are held from the beginning, so that two replays of one folder share its files
 * between them. A collector that is away holds up its own reports only: files take turns.
 */
public final class Replay {

  private final Path folder;
  private final Function<URI, CollectorClient> clients;
  private final Map<URI, CollectorClient> byAddress = new HashMap<>();
  private final Bell bell = new Bell();
  private final Complaints complaints = new Complaints();
  private final RandomGenerator random = new SplittableRandom();
  private final List<CollectorClient> opened = new ArrayList<>();
  private Optional<URI> to = Optional.empty();
  private Optional<String> run = Optional.empty();

  /**
   * What became of one file.
   *
   * @param file the file
   * @param run the run and attempt whose reports it holds, if that is known
   * @param delivered how many reports were delivered
   * @param givenUp how many the collector refused for good
   * @param waiting how many still wait
   * @param why why something is left in the file; empty if nothing is
   */
  public record Result(
      Path file, Optional<RunInfo> run, long delivered, long givenUp, long waiting, String why) {

    /**
     * Whether the file still holds reports, or may.
     *
     * @return whether there is something to come back for
     */
    public boolean isLeft() {
      return !why.isEmpty();
    }
  }

  private static final class Turn {
    final Delivery delivery;
    Duration left = Duration.ZERO;
    String why = "there was no time to ask the collector";

    Turn(Delivery delivery) {
      this.delivery = delivery;
    }
  }

  /**
   * A replay of a folder.
   *
   * @param folder the folder
   * @param clients makes a client for an address; what it says in an {@link
   *     IllegalArgumentException} is why the reports for that address still wait
   */
  public Replay(Path folder, Function<URI, CollectorClient> clients) {
    this.folder = folder;
    this.clients = clients;
  }

  /**
   * Delivers all to one collector.
   *
   * @param collector in place of the one that each file was meant for
   * @return this replay
   */
  public Replay to(URI collector) {
    this.to = Optional.of(collector);
    return this;
  }

  /**
   * Delivers the reports of one run alone.
   *
   * @param name the name of the run
   * @return this replay
   */
  public Replay onlyRun(String name) {
    this.run = Optional.of(name);
    return this;
  }

  /**
   * The runs of which a folder has files, by the names of these.
   *
   * @param folder the folder
   * @return names, sorted, each once; an asterisk in one reads as a plus
   * @throws IOException if the folder cannot be read
   */
  public static List<String> runs(Path folder) throws IOException {
    return new SpoolFolder(folder).runs();
  }

  /** Ends the replay soon; what is not delivered stays. May be called from any thread. */
  public void stop() {
    bell.stop();
    synchronized (opened) {
      opened.forEach(CollectorClient::abort);
    }
  }

  /**
   * Delivers until nothing is left or it is stopped.
   *
   * @param results hears of each file as soon as it is known what became of it
   * @throws IOException if the folder cannot be read
   */
  public void deliver(Consumer<Result> results) throws IOException {
    List<Turn> turns = new ArrayList<>();
    for (Path file : new SpoolFolder(folder).all(run)) {
      open(file, results).ifPresent(turns::add);
    }
    while (!turns.isEmpty() && !bell.isStopped()) {
      for (Iterator<Turn> each = turns.iterator(); each.hasNext() && !bell.isStopped(); ) {
        Turn turn = each.next();
        if (turn.left.isZero() && isOver(turn)) {
          finish(turn, results);
          each.remove();
        }
      }
      awaitNext(turns);
    }
    turns.forEach(turn -> finish(turn, results));
  }

  private Optional<Turn> open(Path file, Consumer<Result> results) {
    Optional<Spool> opened = Optional.empty();
    try {
      opened = Spool.reopened(file);
      Optional<Spool> spool = opened.filter(this::isWanted);
      if (spool.isEmpty()) {
        opened.ifPresent(Spool::close);
        return Optional.empty();
      }
      CollectorClient client = client(to.orElse(spool.get().label().collector()));
      return Optional.of(
          new Turn(new Delivery(client, spool.get(), new Backoff(random), complaints, false)));
    } catch (SpoolException e) {
      results.accept(new Result(file, Optional.empty(), 0, 0, 0, String.valueOf(e.getMessage())));
    } catch (IllegalArgumentException e) {
      opened.ifPresent(
          spool -> {
            results.accept(
                new Result(
                    file,
                    Optional.of(spool.label().run()),
                    0,
                    0,
                    spool.waiting(),
                    String.valueOf(e.getMessage())));
            spool.close();
          });
    }
    return Optional.empty();
  }

  private boolean isWanted(Spool spool) {
    return run.filter(name -> !name.equals(spool.label().run().name())).isEmpty();
  }

  private CollectorClient client(URI address) {
    CollectorClient client = byAddress.computeIfAbsent(address, clients);
    synchronized (opened) {
      opened.add(client);
    }
    if (bell.isStopped()) {
      client.abort();
    }
    return client;
  }

  /** Whether nothing more can be done for a file; else it must wait. */
  private boolean isOver(Turn turn) {
    while (!bell.isStopped()) {
      Delivery.Step step = step(turn);
      switch (step.kind()) {
        case MOVED -> {}
        case IDLE -> {
          turn.why = "";
          return true;
        }
        case REFUSED, UNREADABLE -> {
          turn.why = step.why();
          return true;
        }
        case WAITS -> {
          if (!bell.isStopped()) {
            turn.why = step.why();
          }
          turn.left = step.pause();
          return false;
        }
      }
    }
    return false;
  }

  /** One file that cannot be dealt with must not keep the others back. */
  private static Delivery.Step step(Turn turn) {
    try {
      return turn.delivery.next();
    } catch (RuntimeException e) {
      return new Delivery.Step(Delivery.Step.Kind.UNREADABLE, Duration.ZERO, false, e.toString());
    }
  }

  private void awaitNext(List<Turn> turns) {
    Optional<Duration> shortest =
        turns.stream().map(turn -> turn.left).min(Comparator.naturalOrder());
    shortest.ifPresent(
        pause -> {
          bell.pause(pause, false);
          turns.forEach(turn -> turn.left = turn.left.minus(pause));
        });
  }

  private static void finish(Turn turn, Consumer<Result> results) {
    Spool spool = turn.delivery.spool();
    long waiting = spool.waiting();
    spool.close();
    results.accept(
        new Result(
            spool.file().orElseThrow(),
            Optional.of(spool.label().run()),
            turn.delivery.delivered(),
            spool.dropped(),
            waiting,
            waiting == 0 ? "" : turn.why));
  }
}
