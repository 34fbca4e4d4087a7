package dev.latentgauge.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.Contract;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProblemTest {

  @Test
  void allKindsAreDescribed() {
    JsonObject problem =
        Contract.ours()
            .document()
            .getJsonObject("components")
            .getJsonObject("schemas")
            .getJsonObject("Problem");
    assertThat(problem.getJsonObject("properties").getJsonObject("type").getJsonArray("enum"))
        .containsExactlyElementsOf(
            Arrays.stream(Problem.Kind.values()).map(ProblemTest::type).toList());
  }

  private static String type(Problem.Kind kind) {
    Answer answer = new Problem(kind, Optional.empty(), "why").answer();
    return answer.body().get(0).toJsonObject().getString("type");
  }
}
