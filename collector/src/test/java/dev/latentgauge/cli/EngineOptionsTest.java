package dev.latentgauge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineOptionsTest {

  @Test
  void theFolderIsInTheUsersCacheAsTheSpecificationOfXdgHasIt() throws IOException {
    assertThat(EngineOptions.defaultFolder(Map.of("HOME", "/h"), Optional.empty()))
        .isEqualTo(Path.of("/h/.cache/latentgauge"));
    assertThat(
            EngineOptions.defaultFolder(
                Map.of("HOME", "/h", "XDG_CACHE_HOME", "/c"), Optional.empty()))
        .isEqualTo(Path.of("/c/latentgauge"));
    assertThat(
            EngineOptions.defaultFolder(
                Map.of("HOME", "/h", "XDG_CACHE_HOME", "relative"), Optional.empty()))
        .isEqualTo(Path.of("/h/.cache/latentgauge"));
    assertThat(EngineOptions.defaultFolder(Map.of(), Optional.empty()))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".cache", "latentgauge"));
  }

  @Test
  void aServiceWithoutAHomeUnpacksBesideItsData() throws IOException {
    Path beside = Path.of("data", "engine");
    assertThat(EngineOptions.defaultFolder(Map.of("HOME", "none"), Optional.of(beside)))
        .isEqualTo(beside);
    assertThat(EngineOptions.defaultFolder(Map.of("HOME", "/h"), Optional.of(beside)))
        .isEqualTo(Path.of("/h/.cache/latentgauge"));
  }
}
