package dev.latentgauge.collector;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.access.AccessOptions;
import dev.latentgauge.collector.access.RateLimits;
import dev.latentgauge.collector.access.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A collector under requests that mean harm; {@code -Dlatentgauge.seed=N} repeats those of a run,
 * {@code -Dlatentgauge.hostile=N} sends more.
 */
@Timeout(300)
class HostileRequestsTest {

  private static final int COUNT = Integer.getInteger("latentgauge.hostile", 1_000);

  @TempDir private Path data;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isRefusedAndHarmsNothing(boolean tokens) throws Exception {
    long seed = Long.getLong("latentgauge.seed", ThreadLocalRandom.current().nextLong(1 << 30));
    System.out.println("hostile requests of seed " + seed);
    String token = tokens ? TestTokens.create(data, "fleet", Scope.ADMIN) : "";
    StringBuilder metrics = new StringBuilder();
    String log =
        LoggedLines.during(
            soFar -> {
              try (Collector collector = Collector.start(options())) {
                HostileRequests.Outcome outcome =
                    HostileRequests.fire(collector.address(), seed, COUNT);
                System.out.println(outcome.statuses());
                assertThat(outcome.violations()).as("of seed %d", seed).isEmpty();
                Client client = new Client(collector.address());
                Client honest = tokens ? client.with(token) : client;
                assertThat(honest.get("/health/ready").status()).isEqualTo(200);
                assertThat(honest.report("honest", scored(1, 0.5)).status()).isEqualTo(200);
                metrics.append(honest.get("/metrics").text());
              }
            });
    assertThat(metrics.toString()).contains("latentgauge_score{").doesNotContain("attacker");
    assertThat(log)
        .as("the log of seed %d", seed)
        .doesNotContain(HostileRequests.MARK)
        .doesNotContain("\u001b", "\u2028", "\u0085", "Exception", "ERROR");
    try (var files = Files.walk(data)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .as("files of seed %d", seed)
          .noneMatch(name -> name.matches("[0-9a-f]{8}-.*|upload|hostile.*|passwd"));
    }
  }

  private CollectorOptions options() {
    return CollectorOptions.builder()
        .port(0)
        .data(data)
        .bodyTime(Duration.ofMillis(100))
        .idleTime(Duration.ofSeconds(1))
        .access(AccessOptions.DEFAULT.withLimits(RateLimits.DEFAULT))
        .build();
  }
}
