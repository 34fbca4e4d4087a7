package dev.latentgauge.collector.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latentgauge.collector.ingest.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SharesTest {

  private final Shares shares = new Shares(64);

  private int takeAll(Visitor visitor) {
    int taken = 0;
    try {
      while (taken < 100) {
        shares.take(visitor);
        taken++;
      }
    } catch (Rejection e) {
      assertThat(e.reason()).isEqualTo(Rejection.Reason.SCORING);
      assertThat(e.retryAfter()).isPresent();
    }
    return taken;
  }

  @Test
  void anAddressWithoutATokenLeavesAQuarter() {
    assertThat(takeAll(new Visitor("192.0.2.1", Optional.empty()))).isEqualTo(48);
    assertThat(takeAll(new Visitor("192.0.2.2", Optional.empty()))).isEqualTo(48);
  }

  @Test
  void aTokenLeavesAQuarterAndOneOfItsAddressesHalf() {
    assertThat(takeAll(new Visitor("192.0.2.1", Optional.of("fleet")))).isEqualTo(32);
    assertThat(takeAll(new Visitor("192.0.2.2", Optional.of("fleet")))).isEqualTo(16);
    assertThat(takeAll(new Visitor("192.0.2.1", Optional.of("other")))).isEqualTo(32);
  }

  @Test
  void whatIsGivenBackCanBeTakenAgain() {
    Visitor visitor = new Visitor("192.0.2.1", Optional.of("fleet"));
    List<Runnable> taken = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      taken.add(shares.take(visitor));
    }
    taken.forEach(Runnable::run);
    assertThat(takeAll(visitor)).isEqualTo(32);
  }

  @Test
  void whereThereAreFewPlacesEverybodyCanHaveOne() {
    Shares few = new Shares(1);
    Visitor visitor = new Visitor("192.0.2.1", Optional.of("fleet"));
    few.take(visitor);
    assertThatExceptionOfType(Rejection.class).isThrownBy(() -> few.take(visitor));
  }
}
