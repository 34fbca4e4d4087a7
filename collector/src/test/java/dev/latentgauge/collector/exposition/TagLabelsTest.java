package dev.latentgauge.collector.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;

class TagLabelsTest {

  @Test
  void whatALabelMayNotContainBecomesAnUnderscore() {
    assertThat(TagLabels.of(List.of("lr", "weight-decay", "opt.beta1")))
        .containsOnly(
            entry("lr", "tag_lr"),
            entry("weight-decay", "tag_weight_decay"),
            entry("opt.beta1", "tag_opt_beta1"));
  }

  @Test
  void tagsThatWouldShareALabelAreNumberedAndTheExactOneKeepsItsName() {
    assertThat(TagLabels.of(List.of("a.b", "a-b", "a_b", "a_b_2")))
        .containsOnly(
            entry("a_b", "tag_a_b"),
            entry("a_b_2", "tag_a_b_2"),
            entry("a-b", "tag_a_b_3"),
            entry("a.b", "tag_a_b_4"));
  }
}
