package dev.latentgauge.collector.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LaneTest {

  @Test
  void whatIsCommittedNeverGoesBeyondOneThatIsNotDone() {
    Lane lane = new Lane();
    Lane.Slot first = lane.enter(5);
    Lane.Slot second = lane.enter(6);
    Lane.Slot third = lane.enter(9);
    assertThat(lane.moved()).isEmpty();
    lane.done(second);
    assertThat(lane.moved()).isEmpty();
    lane.done(first);
    assertThat(lane.moved()).hasValue(7);
    assertThat(lane.moved()).isEmpty();
    lane.done(third);
    assertThat(lane.moved()).hasValue(10);
    assertThat(lane.enter(10)).isNotNull();
    assertThat(lane.moved()).isEmpty();
  }
}
