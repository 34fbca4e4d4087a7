package dev.latentgauge.collector.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latentgauge.collector.ingest.Rejection;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlacesTest {

  @Test
  void thereAreSoManyAndNoMore() {
    Places places = new Places(new ScoringLimits(1, 1, 1));
    places.take();
    places.take();
    assertThat(refusal(places).retryAfter()).hasValue(Duration.ofSeconds(1));
    places.free();
    places.take();
    assertThat(places.taken()).isEqualTo(2);
  }

  @Test
  void whoIsRefusedIsToldToComeWhenHalfOfThoseWhoWaitAreServed() {
    Places places = new Places(new ScoringLimits(2, 4, 1));
    places.served(Duration.ofSeconds(5));
    for (int i = 0; i < 6; i++) {
      places.take();
    }
    // 6 in two rows take 15 s.
    assertThat(refusal(places).retryAfter()).hasValue(Duration.ofMillis(7500));
  }

  @Test
  void nobodyIsLetInToWaitForLong() {
    Places places = new Places(new ScoringLimits(1, 100, 1));
    places.served(Duration.ofSeconds(8));
    for (int i = 0; i < 4; i++) {
      places.take();
    }
    assertThat(refusal(places))
        .hasMessage(
            "embeddings must be scored within 30 s, but those that wait will take 32 s: try again"
                + " later");
    places.free();
    places.take();
  }

  @Test
  void oneSlowMeasurementIsForgotten() {
    Places places = new Places(new ScoringLimits(1, 100, 1));
    places.served(Duration.ofSeconds(100));
    for (int i = 0; i < 100; i++) {
      places.served(Duration.ofMillis(10));
    }
    for (int i = 0; i < 50; i++) {
      places.take();
    }
    assertThat(places.taken()).isEqualTo(50);
  }

  private static Rejection refusal(Places places) {
    return catchThrowableOfType(Rejection.class, places::take);
  }
}
