package dev.latentgauge.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GzipTest {

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate, gzip", "GZIP;q=0.5", "br;q=1, gzip; q=0.1"})
  void compressesWhereGzipIsAccepted(String header) {
    assertThat(Gzip.isAccepted(header)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "identity", "gzip;q=0", "gzip; q=0.000, br", "xgzip"})
  void doesNotCompressWhereItIsNot(String header) {
    assertThat(Gzip.isAccepted(header)).isFalse();
  }

  @Test
  void doesNotCompressWhereNothingIsSaid() {
    assertThat(Gzip.isAccepted(null)).isFalse();
  }
}
