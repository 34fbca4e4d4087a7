package dev.latentgauge.agent.attach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.observation.RunInfo;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of the runs of a process. */
class RunNamesTest {

  @Test
  void theFirstHasTheGivenName() {
    RunNames names =
        RunNames.of(
            RunInfo.named("lr-0.1").tag("lr", "0.1"), true, new AtomicInteger()::incrementAndGet);
    assertThat(names.next()).isEqualTo(RunInfo.named("lr-0.1").tag("lr", "0.1"));
    assertThat(names.next()).isEqualTo(RunInfo.named("lr-0.1-2").tag("lr", "0.1"));
    assertThat(names.next().name()).isEqualTo("lr-0.1-3");
  }

  @Test
  void longNamesAreShortened() {
    RunNames names =
        RunNames.of(RunInfo.named("x".repeat(128)), true, new AtomicInteger()::incrementAndGet);
    names.next();
    assertThat(names.next().name()).isEqualTo("x".repeat(126) + "-2");
  }

  @Test
  void aNameIsMadeUp() {
    String name =
        RunNames.of(RunInfo.named("unnamed"), false, new AtomicInteger()::incrementAndGet)
            .next()
            .name();
    assertThat(name).matches(".+-[0-9]{8}-[0-9]{6}-" + ProcessHandle.current().pid());
  }

  @ParameterizedTest
  @CsvSource({
    "com.example.TrainMnist --epochs 3, TrainMnist",
    "/srv/jobs/train-1.0.jar x, train-1_0",
    "C:\\jobs\\train.jar, train",
    "module.name/com.example.Main, Main",
    "'', training"
  })
  void aProgramIsCalledByItsClassOrJar(String command, String name) {
    assertThat(RunNames.program(command)).isEqualTo(name);
  }
}
