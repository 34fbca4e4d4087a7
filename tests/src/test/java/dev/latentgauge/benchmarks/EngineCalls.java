package dev.latentgauge.benchmarks;

import static net.bytebuddy.matcher.ElementMatchers.is;
import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.none;

import ai.djl.pytorch.jni.JniUtils;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import net.bytebuddy.agent.ByteBuddyAgent;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/**
 * What some work asks of the engine. A GPU works on while the host goes ahead, but for what the
 * host reads: that it waits for.
 *
 * @param operations calls of libtorch that are no part of others: of a GPU a kernel or some, or
 *     none if they only look at an array otherwise
 * @param reads arrays that are copied to the host, which waits until all before is done
 * @param writes arrays that are made of numbers of the host
 * @param hidden operations that are known to make libtorch itself wait for a GPU, for a number or a
 *     shape; arrays that are moved to another device are not among them
 */
record EngineCalls(int operations, int reads, int writes, int hidden) {

  private static final Set<String> WAITING =
      Set.of(
          "aten::_local_scalar_dense",
          "aten::equal",
          "aten::nonzero",
          "aten::repeat_interleave",
          "aten::unique_consecutive",
          "aten::unique_dim",
          "aten::_unique2");

  private record Event(String name, int thread, double begin, double end) {}

  /** What DJL was asked for since it is counted. Public for the code that is put into DJL's. */
  public static final class Counted {

    static final LongAdder READS = new LongAdder();
    static final LongAdder WRITES = new LongAdder();

    private Counted() {}

    /** One more array was copied to the host. */
    public static void read() {
      READS.increment();
    }

    /** One more array was made of numbers of the host. */
    public static void written() {
      WRITES.increment();
    }

    static {
      ByteBuddyAgent.install();
      // Coverage has perhaps changed the class already: that stays, and nothing is added but calls.
      new AgentBuilder.Default()
          .disableClassFormatChanges()
          .with(AgentBuilder.TypeStrategy.Default.DECORATE)
          .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
          .ignore(none())
          .type(is(JniUtils.class))
          .transform(
              (builder, type, loader, module, domain) ->
                  builder
                      .visit(Advice.to(Read.class).on(named("getByteBuffer")))
                      .visit(Advice.to(Write.class).on(named("createNdFromByteBuffer"))))
          .installOnByteBuddyAgent();
    }

    private static final class Read {
      @Advice.OnMethodEnter
      static void enter() {
        read();
      }
    }

    private static final class Write {
      @Advice.OnMethodEnter
      static void enter() {
        written();
      }
    }
  }

  /**
   * Counts, of work in the thread of the caller while no other one uses the engine.
   *
   * @throws IOException if what libtorch has recorded cannot be read
   */
  static EngineCalls of(Runnable work) throws IOException {
    long reads = Counted.READS.sum();
    long writes = Counted.WRITES.sum();
    Path trace = Files.createTempFile("operations", ".json");
    try {
      JniUtils.startProfile(false, false, false);
      try {
        work.run();
      } finally {
        JniUtils.stopProfile(trace.toString());
      }
      List<Event> events = events(trace);
      return new EngineCalls(
          outermost(events, event -> true),
          Math.toIntExact(Counted.READS.sum() - reads),
          Math.toIntExact(Counted.WRITES.sum() - writes),
          outermost(events, event -> WAITING.contains(event.name)));
    } finally {
      Files.delete(trace);
    }
  }

  private static List<Event> events(Path trace) throws IOException {
    List<Event> events = new ArrayList<>();
    for (JsonElement each : JsonParser.parseString(Files.readString(trace)).getAsJsonArray()) {
      JsonObject event = each.getAsJsonObject();
      if (event.has("dur")) {
        double begin = event.get("ts").getAsDouble();
        events.add(
            new Event(
                event.get("name").getAsString(),
                event.get("tid").getAsInt(),
                begin,
                begin + event.get("dur").getAsDouble()));
      }
    }
    events.sort(
        Comparator.comparingDouble(Event::begin)
            .thenComparing(Comparator.comparingDouble(Event::end).reversed()));
    return events;
  }

  /** How many of a kind are no part of another of that kind. */
  private static int outermost(List<Event> events, Predicate<Event> kind) {
    int count = 0;
    Map<Integer, Double> ends = new HashMap<>();
    for (Event event : events) {
      if (kind.test(event) && event.begin >= ends.getOrDefault(event.thread, 0.0)) {
        count++;
        ends.put(event.thread, event.end);
      }
    }
    return count;
  }
}
