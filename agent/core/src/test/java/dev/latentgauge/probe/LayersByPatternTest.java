package dev.latentgauge.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import dev.latentgauge.observation.Names;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayersByPatternTest {

  private final ToldBlock network =
      block()
          .with("embedding", block())
          .with("blocks", block().with("block", part()).with("block", part()))
          .with("norm", block());

  @BeforeEach
  void tell() {
    BlockOutputs.areTold(true);
  }

  @AfterEach
  void forget() {
    BlockOutputs.areTold(false);
  }

  @ParameterizedTest
  @CsvSource({
    // Any characters of one name, also none and in its middle.
    "*, 01embedding 02blocks 03norm",
    "*norm*, 03norm",
    "e*g, 01embedding",
    "01*, 01embedding",
    "blocks*, 02blocks",
    "blocks.*.norm, 02blocks.01block.02norm 02blocks.02block.02norm",
    "02blocks.*.02norm, 02blocks.01block.02norm 02blocks.02block.02norm",
    "blocks.02*.at*, 02blocks.02block.01attention",
    "blocks.*, 02blocks.01block 02blocks.02block",
    "*.*, 02blocks.01block 02blocks.02block",
    // Any number of names, none included, in the order of the model.
    "**.norm, 02blocks.01block.02norm 02blocks.02block.02norm 03norm",
    "blocks.**.attention, 02blocks.01block.01attention 02blocks.02block.01attention",
    "blocks.**.block, 02blocks.01block 02blocks.02block",
    "**.02block.**.norm, 02blocks.02block.02norm",
    "**.02block.**, 02blocks.02block.01attention 02blocks.02block.02norm",
    "**.n*m, 02blocks.01block.02norm 02blocks.02block.02norm 03norm"
  })
  void starsStandForCharactersOfANameAndTwoForNames(String pattern, String paths) {
    assertThat(matching(network, pattern)).containsExactly(paths.split(" "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"**", "**.*", "*.**", "**.**"})
  void everythingCanBeAskedForAndIsThereOnce(String pattern) {
    List<String> all = BlockTree.paths(network);
    assertThat(all).hasSize(9);
    List<String> below = all.stream().filter(path -> path.contains(".")).toList();
    assertThat(matching(network, pattern)).isEqualTo(pattern.equals("*.**") ? below : all);
  }

  @Test
  void starsAloneArePatterns() {
    assertThat(BlockPattern.isPattern("a.b")).isFalse();
    assertThat(BlockPattern.isPattern("a.*")).isTrue();
    // No regular expression comes through.
    assertThat(new BlockPattern("[a-z]*").pathsIn(network)).isEmpty();
    assertThat(new BlockPattern("nor.*").pathsIn(network)).isEmpty();
    assertThat(new BlockPattern("\\E*").pathsIn(network)).isEmpty();
  }

  @Test
  void aPatternWithoutStarsIsAPath() {
    assertThat(matching(network, "blocks.01block.attention"))
        .containsExactly("blocks.01block.attention");
    assertRefused(network, "blocks.norm", "the model has no layer \"blocks.norm\"");
    assertRefused(network, "blocks.block", "is ambiguous");
  }

  @Test
  void aPatternThatNothingMatchesListsWhatThereIs() {
    assertRefused(
        network,
        "blocks.*.mlp",
        "no layer of the model matches \"blocks.*.mlp\"; it has 01embedding, 02blocks,"
            + " 02blocks.01block, 02blocks.01block.01attention, 02blocks.01block.02norm,"
            + " 02blocks.02block, 02blocks.02block.01attention, 02blocks.02block.02norm, 03norm");
    assertRefused(block(), "**", "no layer of the model matches \"**\"; it has no layers inside");
  }

  @Test
  void whereOutputsAreNotToldPatternsMatchWhatPathsCanReach() {
    BlockOutputs.areTold(false);
    Block sequential = new SequentialBlock().add(part()).add(new SequentialBlock().add(part()));
    assertThat(matching(sequential, "**"))
        .containsExactly("01ToldBlock", "02SequentialBlock", "02SequentialBlock.01ToldBlock");
    assertRefused(
        sequential,
        "**.attention",
        "no layer of the model matches \"**.attention\"; it has 01ToldBlock,");
  }

  @Test
  void aStarStandsForDotsInsideANameToo() {
    ToldBlock dotted =
        block().with("stage.one", block().with("bn.relu", block())).with("x", block());
    assertThat(matching(dotted, "*")).containsExactly("01stage.one", "02x");
    assertThat(matching(dotted, "**.bn*")).containsExactly("01stage.one.01bn.relu");
    assertThat(Layer.matching(dotted, "**.bn*").get(0).path().indices(dotted))
        .containsExactly(0, 0);
  }

  @Test
  void aNameForReportsHasNoOtherCharactersThanNamesAndStillLeadsToTheBlock() {
    ToldBlock odd =
        block().with("conv 1/größe", block()).with("conv_1/größe", block().with("a b", block()));

    List<Layer> layers = Layer.matching(odd, "**");

    assertThat(layers)
        .extracting(Layer::name)
        .containsExactly("01conv_1_gr__e", "02conv_1_gr__e", "02conv_1_gr__e.01a_b");
    assertThat(layers)
        .extracting(layer -> layer.path().indices(odd))
        .containsExactly(List.of(0), List.of(1), List.of(1, 0));
  }

  @Test
  void aPathThatIsTooLongForANameKeepsItsEndAndIsToldFromOthersWithThatEnd() {
    String deep = "x".repeat(60);
    String exact = "y".repeat(Names.LONGEST - 2);
    ToldBlock chain = block().with(deep, block().with(deep, block().with("norm", block())));
    ToldBlock both = block().with("left", chain).with("right", chain).with(exact, block());

    List<Layer> layers = Layer.matching(both, "**");

    assertThat(layers).hasSize(9);
    assertThat(layers).extracting(Layer::name).doesNotHaveDuplicates();
    assertThat(layers)
        .extracting(Layer::name)
        .allSatisfy(name -> assertThat(Names.require("a layer", name)).isEqualTo(name));
    String left = "01left.01" + deep + ".01" + deep + ".01norm";
    String right = "02right.01" + deep + ".01" + deep + ".01norm";
    assertThat(layers.get(3).name())
        .hasSize(Names.LONGEST)
        .matches("[0-9a-f]{8}" + left.substring(left.length() - 120));
    assertThat(layers.get(7).name())
        .hasSize(Names.LONGEST)
        .endsWith(right.substring(right.length() - 120));
    assertThat(layers.get(3).path().indices(both)).containsExactly(0, 0, 0, 0);
    assertThat(layers.get(7).path().indices(both)).containsExactly(1, 0, 0, 0);
    // As long as a name may be is not too long.
    assertThat(layers.get(8).name()).isEqualTo("03" + exact).hasSize(Names.LONGEST);
    assertThat(Layer.matching(both, "**")).extracting(Layer::name).isEqualTo(names(layers));
  }

  private static List<String> matching(Block block, String pattern) {
    return names(Layer.matching(block, pattern));
  }

  private static List<String> names(List<Layer> layers) {
    return layers.stream().map(Layer::name).toList();
  }

  private static void assertRefused(Block block, String pattern, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Layer.matching(block, pattern))
        .withMessageContaining(message);
  }

  private static ToldBlock part() {
    return block().with("attention", block()).with("norm", block());
  }

  private static ToldBlock block() {
    return ToldBlock.times(1);
  }
}
