package dev.latentgauge.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicAnswerTest {

  private static final RunInfo RUN =
      RunInfo.named("run").withAttempt(2).withStartedAt(Instant.parse("2026-05-06T07:08:09Z"));

  @Test
  void readsWhatItWrote() {
    TopicAnswer stop = TopicAnswer.of(RUN, Directive.stop("flat"));
    assertThat(stop.json())
        .isEqualTo(
            """
            {"attempt":2,"startedAt":"2026-05-06T07:08:09Z",\
            "directive":{"action":"stop","reason":"flat"}}""");
    assertThat(TopicAnswer.read(stop.json())).isEqualTo(stop);
    TopicAnswer refusal = TopicAnswer.refusal(RunInfo.named("run"), "another has it");
    assertThat(refusal.json()).isEqualTo("{\"attempt\":1,\"refused\":\"another has it\"}");
    assertThat(TopicAnswer.read(refusal.json())).isEqualTo(refusal);
  }

  @Test
  void isForOneAttemptOfOneTraining() {
    TopicAnswer answer = TopicAnswer.of(RUN, Directive.CONTINUE);
    assertThat(answer.isFor(RUN)).isTrue();
    assertThat(answer.isFor(RUN.withAttempt(1))).isFalse();
    assertThat(answer.isFor(RUN.withStartedAt(Instant.EPOCH))).isFalse();
    assertThat(answer.isFor(RunInfo.named("run").withAttempt(2))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"attempt\":0}",
        "{\"attempt\":1,\"directive\":{\"action\":\"jump\"}}",
        "{\"attempt\":1,\"startedAt\":\"now\"}",
        "{\"attempt\":1,\"refused\":7}"
      })
  void whatIsNoAnswerIsNotRead(String json) {
    assertThatExceptionOfType(WireException.class).isThrownBy(() -> TopicAnswer.read(json));
  }
}
