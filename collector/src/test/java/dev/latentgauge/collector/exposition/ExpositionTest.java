package dev.latentgauge.collector.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.MutableClock;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExpositionTest {

  private static final String PROTOBUF =
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

  private final MutableClock clock = new MutableClock();
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger collections = new AtomicInteger();
  private final AtomicBoolean onEventLoop = new AtomicBoolean();
  @TempDir private Path folder;
  private Exposed exposed;
  private Exposition exposition;

  @BeforeEach
  void open() throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register(
        (MultiCollector)
            () -> {
              collections.incrementAndGet();
              onEventLoop.set(Context.isOnEventLoopThread());
              awaitGate();
              clock.pass(Duration.ofMillis(250));
              return MetricSnapshots.builder().build();
            });
    exposed = new Exposed(folder, registry, clock);
    exposition = exposed.exposition();
  }

  private void awaitGate() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void close() {
    gate.countDown();
    exposed.close();
  }

  @Test
  void simultaneousScrapesOfOneFormatShareOneRendering() {
    Future<Rendering> first = render(null, false);
    Future<Rendering> second = render("text/plain", false);
    assertThat(second).isSameAs(first);
    assertThat(render(null, true)).isNotSameAs(first);
    gate.countDown();
    join(first);
  }

  @Test
  void simultaneousScrapesOfWhateverFormatShareOneSnapshot() {
    List<Future<Rendering>> renderings = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String accept = i % 3 == 0 ? null : i % 3 == 1 ? "application/openmetrics-text" : PROTOBUF;
      Selection selection = i % 5 == 0 ? Selection.ALL : named("name_" + i);
      renderings.add(exposition.render(accept, i % 2 == 0, selection));
    }
    gate.countDown();
    renderings.forEach(ExpositionTest::join);
    assertThat(collections).hasValue(1);
    join(render(null, false));
    assertThat(collections).hasValue(2);
  }

  @Test
  void namesAreTakenWithAndWithoutWhatAFormatAdds() {
    gate.countDown();
    for (String name :
        List.of(
            "latentgauge_collector_observations",
            "latentgauge_collector_observations_total",
            "latentgauge_collector_scrape_duration_seconds_sum",
            "latentgauge_collector")) {
      String text = join(exposition.render(null, false, named(name))).body().get(0).toString();
      assertThat(text.contains("latentgauge_collector_observations_total 0.0\n"))
          .isEqualTo(name.contains("observations"));
      assertThat(text.contains("latentgauge_collector_scrape_duration_seconds_count"))
          .isEqualTo(name.contains("scrape"));
    }
  }

  private static Selection named(String name) {
    return new Selection(Set.of(name), Optional.empty());
  }

  private Future<Rendering> render(@Nullable String accept, boolean gzip) {
    return exposition.render(accept, gzip, Selection.ALL);
  }

  @Test
  void rendersOnAWorkerThreadEvenWhenAskedFromTheEventLoop() {
    gate.countDown();
    Promise<Rendering> rendered = Promise.promise();
    exposed.vertx().runOnContext(asked -> render(null, false).onComplete(rendered));
    join(rendered.future());
    assertThat(collections).hasValue(1);
    assertThat(onEventLoop).isFalse();
  }

  @Test
  void timesScrapes() {
    gate.countDown();
    join(render(null, false));
    assertThat(join(render(null, false)).body().get(0).toString())
        .contains(
            "latentgauge_collector_scrape_duration_seconds_count 1\n",
            "latentgauge_collector_scrape_duration_seconds_sum 0.25\n");
  }

  private static <T> T join(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
