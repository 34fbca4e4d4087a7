package dev.latentgauge.collector.event;

import dev.latentgauge.collector.run.Run;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The newest change of each run, and of each of its sketches, in the order of the changes.
 *
 * <p>An event says how a run is, not how it became so; so of two changes of a run the earlier one
 * is of no use to those who have not read it yet, and is forgotten. What a reader has still to read
 * is never more than one event a run and a sketch, however far behind it is, and nothing is kept
 * for it. When there is no room, the oldest changes go; readers who were not so far are told to
 * read anew.
 *
 * <p>A change is numbered, and written as an event when the first reader wants it. Thread-safe; a
 * change takes time in the logarithm of the number of runs.
 */
final class EventLog {

  private static final Pattern ID = Pattern.compile("([0-9a-f]{8})-([0-9]{1,18})");

  private final String process = UUID.randomUUID().toString().substring(0, 8);
  private final EventLimits limits;
  private final Function<Run, String> document;
  private final NavigableMap<Long, Change> changes = new TreeMap<>();
  private final NavigableMap<String, Change> newest = new TreeMap<>();
  private long last;
  private long forgotten;
  private long bytes;

  /**
   * An empty log.
   *
   * @param document writes a run in one line of JSON
   */
  EventLog(EventLimits limits, Function<Run, String> document) {
    this.limits = limits;
    this.document = document;
  }

  /** What it is that happened to a run. */
  private sealed interface Content {}

  /** It was registered or has changed. */
  private record Changed(Run run) implements Content {}

  /** It is gone. */
  private record Deleted() implements Content {}

  /** It has a new sketch; the names need no escapes. */
  private record Sketched(String layer, String probes, long step) implements Content {}

  /** A change of a run; of those with the same key the newest is of use. */
  private static final class Change {
    final long number;
    final String key;
    final String name;
    final Content content;

    /** When the run was last deleted; 0 if it never was. */
    final long deletion;

    Optional<Buffer> event = Optional.empty();

    Change(long number, String key, String name, Content content, long deletion) {
      this.number = number;
      this.key = key;
      this.name = name;
      this.content = content;
      this.deletion = deletion;
    }
  }

  /**
   * What a reader is to be sent.
   *
   * @param events in the order of the changes, as they are sent
   * @param position the number up to which the reader knows all that it wants to then
   */
  record Batch(Buffer events, long position) {}

  synchronized void changed(Run run) {
    Change before = newest.get(run.name());
    add(run.name(), run.name(), new Changed(run), before == null ? 0 : before.deletion);
  }

  synchronized void deleted(String name) {
    // What stands after a slash comes before what stands after a zero.
    Map<String, Change> sketches = newest.subMap(name + "/", name + "0");
    for (Change sketch : sketches.values()) {
      changes.remove(sketch.number);
      forgetEvent(sketch);
    }
    sketches.clear();
    add(name, name, new Deleted(), last + 1);
  }

  synchronized void sketched(String run, String layer, String probes, long step) {
    // No name has a slash.
    add(run + "/" + layer + "/" + probes, run, new Sketched(layer, probes, step), 0);
  }

  /** Forgets everything, as changes may be missing: who reads must read anew. */
  synchronized void startOver() {
    changes.clear();
    newest.clear();
    bytes = 0;
    forgotten = ++last;
  }

  private void add(String key, String name, Content content, long deletion) {
    Change change = new Change(++last, key, name, content, deletion);
    Change before = newest.put(key, change);
    if (before != null) {
      changes.remove(before.number);
      forgetEvent(before);
    }
    changes.put(change.number, change);
    if (changes.size() > limits.runs()) {
      forgetOldest();
    }
  }

  private void forgetOldest() {
    Change oldest = changes.pollFirstEntry().getValue();
    newest.remove(oldest.key);
    forgotten = oldest.number;
    forgetEvent(oldest);
  }

  private void forgetEvent(Change change) {
    change.event.ifPresent(event -> bytes -= event.length());
    change.event = Optional.empty();
  }

  /** The number of the newest change. */
  synchronized long last() {
    return last;
  }

  /** The id by which a reader says later how far it was. */
  String id(long number) {
    return process + "-" + number;
  }

  /** How far a reader was who names an id; empty if it cannot go on from there. */
  synchronized OptionalLong position(String id) {
    Matcher parts = ID.matcher(id);
    if (!parts.matches() || !parts.group(1).equals(process)) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(parts.group(2));
    return number >= forgotten && number <= last ? OptionalLong.of(number) : OptionalLong.empty();
  }

  /**
   * What comes after a position.
   *
   * @param wanted the names of the runs that are wanted
   * @param most after so many bytes no further event is added
   * @return empty if what comes next was forgotten
   */
  Optional<Batch> after(long position, Predicate<String> wanted, int most) {
    Buffer events = Buffer.buffer();
    long reached = position;
    while (events.length() < most) {
      List<Change> some;
      synchronized (this) {
        if (reached < forgotten) {
          return Optional.empty();
        }
        some = next(reached, wanted);
        if (some.isEmpty()) {
          return Optional.of(new Batch(events, last));
        }
      }
      for (Change change : some) {
        if (events.length() >= most) {
          break;
        }
        append(change, position, events);
        reached = change.number;
      }
    }
    return Optional.of(new Batch(events, reached));
  }

  /** The next few changes that are wanted. */
  private List<Change> next(long reached, Predicate<String> wanted) {
    List<Change> some = new ArrayList<>();
    for (Change change : changes.tailMap(reached, false).values()) {
      if (wanted.test(change.name)) {
        some.add(change);
        if (some.size() == 16) {
          break;
        }
      }
    }
    return some;
  }

  /** Of a run that is there again after it was deleted, both is said. */
  private void append(Change change, long position, Buffer events) {
    if (change.content instanceof Changed && change.deletion > position) {
      events.appendString("event: deleted\ndata: " + name(change) + "\n\n");
    }
    events.appendBuffer(event(change));
  }

  private Buffer event(Change change) {
    synchronized (this) {
      if (change.event.isPresent()) {
        return change.event.get();
      }
    }
    Buffer event =
        Buffer.buffer(
            ("event: "
                    + type(change.content)
                    + "\nid: "
                    + id(change.number)
                    + "\ndata: "
                    + data(change)
                    + "\n\n")
                .getBytes(StandardCharsets.UTF_8));
    keep(change, event);
    return event;
  }

  private synchronized void keep(Change change, Buffer event) {
    if (newest.get(change.key) != change || change.event.isPresent()) {
      return;
    }
    change.event = Optional.of(event);
    bytes += event.length();
    while (bytes > limits.bytes() && changes.size() > 1) {
      forgetOldest();
    }
  }

  private static String type(Content content) {
    if (content instanceof Changed) {
      return "run";
    }
    return content instanceof Sketched ? "sketch" : "deleted";
  }

  private String data(Change change) {
    if (change.content instanceof Changed changed) {
      return document.apply(changed.run());
    } else if (change.content instanceof Sketched sketched) {
      return "{\"run\":\"%s\",\"layer\":\"%s\",\"probes\":\"%s\",\"step\":%d}"
          .formatted(change.name, sketched.layer(), sketched.probes(), sketched.step());
    }
    return name(change);
  }

  /** Names need no escapes. */
  private static String name(Change change) {
    return "{\"name\":\"" + change.name + "\"}";
  }

  /** How many bytes of events are kept ready. */
  synchronized long bytes() {
    return bytes;
  }
}
