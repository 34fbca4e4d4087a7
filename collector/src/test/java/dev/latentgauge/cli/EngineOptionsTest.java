package dev.latentgauge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineOptionsTest {

  @Test
  void theFolderIsInTheUsersCacheAsTheSpecificationOfXdgHasIt() throws IOException {
    assertThat(EngineOptions.defaultFolder(Map.of("HOME", "/h")))
        .isEqualTo(Path.of("/h/.cache/latentgauge"));
    assertThat(EngineOptions.defaultFolder(Map.of("HOME", "/h", "XDG_CACHE_HOME", "/c")))
        .isEqualTo(Path.of("/c/latentgauge"));
    assertThat(EngineOptions.defaultFolder(Map.of("HOME", "/h", "XDG_CACHE_HOME", "relative")))
        .isEqualTo(Path.of("/h/.cache/latentgauge"));
    assertThat(EngineOptions.defaultFolder(Map.of()))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".cache", "latentgauge"));
  }
}
