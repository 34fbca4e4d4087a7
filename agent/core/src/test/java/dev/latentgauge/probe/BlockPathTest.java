package dev.latentgauge.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BlockPathTest {

  private static final String ALL =
      "it has 01stem, 02stage.one, 02stage.one.01conv, 02stage.one.02bn.relu, 03stage.two,"
          + " 03stage.two.01conv, 03stage.two.02bn.relu, 04head, 04head.01conv, 04head.02conv";

  private final ToldBlock network =
      block()
          .with("stem", block())
          .with("stage.one", stage())
          .with("stage.two", stage())
          .with("head", block().with("conv", block()).with("conv", block()));

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
    "01stem, 0",
    "stem, 0",
    "02stage.one, 1",
    "stage.one, 1",
    "stage.two, 2",
    "03stage.two.01conv, 2 0",
    "stage.two.conv, 2 0",
    "stage.one.02bn.relu, 1 1",
    "stage.one.bn.relu, 1 1",
    "02stage.one.bn.relu, 1 1",
    "head.02conv, 3 1"
  })
  void aPathNamesAChildAndThenOneOfItAndNamesMayHaveDotsInThem(String path, String indices) {
    assertThat(new BlockPath(path).indices(network).toString().replaceAll("[\\[\\],]", ""))
        .isEqualTo(indices);
  }

  @Test
  void aNameThatIsThereCountsMoreThanOneWithoutItsOrdinal() {
    ToldBlock numbered = block().with("2d", block()).with("12d", block());
    // They are 012d and 0212d, and no digits are left of either.
    assertThat(new BlockPath("0212d").indices(numbered)).containsExactly(1);
    assertThat(new BlockPath("012d").indices(numbered)).containsExactly(0);
    assertRefused(numbered, "d", "is ambiguous (several are called \"d\"); it has 012d, 0212d");
  }

  @Test
  void ofTwoWaysToReadAPathTheOneWithTheShorterNameIsTaken() {
    ToldBlock both = block().with("a", block().with("b", block())).with("a.b", block());
    assertThat(new BlockPath("a.b").indices(both)).containsExactly(0, 0);
    assertThat(new BlockPath("02a.b").indices(both)).containsExactly(1);
  }

  @Test
  void aPathThatLeadsNowhereListsWhatThereIs() {
    assertRefused(
        network,
        "encoder",
        "the model has no layer \"encoder\" (nothing is called \"encoder\"); " + ALL);
    assertRefused(
        network,
        "stage.one.pool",
        "the model has no layer \"stage.one.pool\" (nothing is called \"pool\"); did you mean"
            + " 02stage.one");
    assertRefused(network, "stage.one.pool", ALL);
    assertRefused(
        network,
        "head.conv",
        "the layer \"head.conv\" is ambiguous (several are called \"conv\"); " + ALL);
  }

  @Test
  void aPathIntoABlockWithoutOthersInsideLeadsNowhere() {
    assertRefused(
        network,
        "stem.conv",
        "the model has no layer \"stem.conv\" (nothing is called \"conv\"); did you mean ");
    assertRefused(
        block(),
        "stem",
        "the model has no layer \"stem\" (nothing is called \"stem\"); it has no layers inside");
  }

  @Test
  void whereOutputsAreNotToldAPathCannotPassOtherBlocks() {
    BlockOutputs.areTold(false);
    assertRefused(
        network,
        "stem",
        "the path \"stem\" leads into a ToldBlock, but only sequential and parallel blocks run"
            + " their children in a known order; it has no layers inside, or compute the embedding"
            + " by a function, or attach the monitor by -javaagent");
  }

  private static void assertRefused(ToldBlock root, String path, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BlockPath(path).indices(root))
        .withMessageContaining(message);
  }

  private static ToldBlock stage() {
    return block().with("conv", block()).with("bn.relu", block());
  }

  private static ToldBlock block() {
    return ToldBlock.times(1);
  }
}
