package dev.latentgauge.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockOutputsTest {

  private final Block block = new SequentialBlock();
  private final NDList output = new NDList();
  private final List<Block> blocks = new ArrayList<>();
  private final List<NDList> outputs = new ArrayList<>();

  @AfterEach
  void forget() {
    BlockOutputs.areTold(false);
  }

  @Test
  void areNotKnownUntilSomebodySaysThatTheyAreTold() {
    assertThat(BlockOutputs.areKnown()).isFalse();
    BlockOutputs.areTold();
    assertThat(BlockOutputs.areKnown()).isTrue();
  }

  @Test
  void aWatcherIsToldOfWhatIsAnsweredWhileItWatches() {
    BlockOutputs.answered(block, output);
    BlockOutputs.watch(this::take, () -> BlockOutputs.answered(block, output));
    BlockOutputs.answered(block, output);

    assertThat(blocks).singleElement().isSameAs(block);
    assertThat(outputs).singleElement().isSameAs(output);
  }

  @Test
  void aWatcherIsNotToldOfOtherThreads() {
    BlockOutputs.watch(
        this::take,
        () -> CompletableFuture.runAsync(() -> BlockOutputs.answered(block, output)).join());
    assertThat(blocks).isEmpty();
  }

  @Test
  void twoThreadsHaveAWatcherEach() {
    List<Block> here = new ArrayList<>();
    BlockOutputs.watch(
        (at, answer) -> here.add(at),
        () -> {
          CompletableFuture.runAsync(
                  () -> BlockOutputs.watch(this::take, () -> BlockOutputs.answered(block, output)))
              .join();
          assertThat(here).isEmpty();
          BlockOutputs.answered(block, output);
        });
    assertThat(here).hasSize(1);
    assertThat(blocks).hasSize(1);
  }

  @Test
  void whatAWatcherThrowsReachesTheBlockAndItWatchesNoMoreAfterwards() {
    IllegalStateException failure = new IllegalStateException("on purpose");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                BlockOutputs.watch(
                    (at, answer) -> {
                      throw failure;
                    },
                    () -> BlockOutputs.answered(block, output)))
        .isSameAs(failure);
    BlockOutputs.answered(block, output);
  }

  private void take(Block at, NDList answer) {
    blocks.add(at);
    outputs.add(answer);
  }
}
