package dev.latentgauge.probe;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockTreeTest {

  private final ToldBlock attention =
      ToldBlock.times(1).with("query", ToldBlock.times(1)).with("key", ToldBlock.times(1));
  private final Block network =
      new SequentialBlock()
          .add(new ParallelBlock(outputs -> outputs.get(0), List.of(attention)))
          .add(ToldBlock.times(1));

  @AfterEach
  void forget() {
    BlockOutputs.areTold(false);
  }

  @Test
  void whatIsInsideOtherBlocksIsThereOnlyWhereOutputsAreTold() {
    assertThat(BlockTree.canBePassed(network)).isTrue();
    assertThat(BlockTree.canBePassed(attention)).isFalse();
    assertThat(BlockTree.children(attention)).isEmpty();
    assertThat(BlockTree.paths(network))
        .containsExactly("01ParallelBlock", "01ParallelBlock.01ToldBlock", "02ToldBlock");

    BlockOutputs.areTold(true);

    assertThat(BlockTree.canBePassed(attention)).isTrue();
    assertThat(BlockTree.children(attention).keys()).containsExactly("01query", "02key");
    assertThat(BlockTree.paths(network))
        .containsExactly(
            "01ParallelBlock",
            "01ParallelBlock.01ToldBlock",
            "01ParallelBlock.01ToldBlock.01query",
            "01ParallelBlock.01ToldBlock.02key",
            "02ToldBlock");
  }

  @Test
  void aListIsOfFortyAtMostAndSaysHowManyMoreThereAre() {
    assertThat(BlockTree.listed(network(1))).isEqualTo("it has 01ToldBlock");
    String forty =
        IntStream.rangeClosed(1, 40)
            .mapToObj("%02dToldBlock"::formatted)
            .collect(Collectors.joining(", ", "it has ", ""));
    assertThat(BlockTree.listed(network(40))).isEqualTo(forty);
    assertThat(BlockTree.listed(network(43))).isEqualTo(forty + " and 3 more");
  }

  @Test
  void aBlockWithoutOthersInsideHasNoLayers() {
    assertThat(BlockTree.listed(ToldBlock.leaf(NDArray::exp))).isEqualTo("it has no layers inside");
    assertThat(BlockTree.listed(attention)).isEqualTo("it has no layers inside");
    BlockOutputs.areTold(true);
    assertThat(BlockTree.listed(attention)).isEqualTo("it has 01query, 02key");
  }

  @Test
  void ordinalsAreTheDigitsThatANameBeginsWith() {
    assertThat(BlockTree.withoutOrdinals("02Linear")).isEqualTo("Linear");
    assertThat(BlockTree.withoutOrdinals("01Sequential2.103conv1d.x"))
        .isEqualTo("Sequential2.conv1d.x");
    assertThat(BlockTree.withoutOrdinals("encoder")).isEqualTo("encoder");
  }

  private static Block network(int blocks) {
    SequentialBlock network = new SequentialBlock();
    for (int i = 0; i < blocks; i++) {
      network.add(ToldBlock.times(1));
    }
    return network;
  }
}
