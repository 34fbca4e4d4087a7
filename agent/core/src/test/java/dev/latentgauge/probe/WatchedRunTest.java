package dev.latentgauge.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Layers wherever they are, in a model whose blocks tell what they answer. */
class WatchedRunTest {

  private static final int ANCHORS = 60;
  private static final int PROBES = 240;
  private static final int BATCHES = 2;
  private static final String NOT_RUN = "the model has not run the block of the layer";

  private final NDManager manager = NDManager.newBaseManager();
  private final ProbeSet probes = probes();
  private final ToldBlock doubled = ToldBlock.times(2);
  private final ToldBlock tripled = ToldBlock.times(3);
  private final ToldBlock after = ToldBlock.times(5);

  @BeforeEach
  void tell() {
    BlockOutputs.areTold(true);
  }

  @AfterEach
  void close() {
    BlockOutputs.areTold(false);
    probes.close();
    manager.close();
  }

  @Test
  void aLayerCanBeInsideAnyBlock() {
    Block branches =
        new ToldParallel(
            outputs -> new NDList(outputs.get(0).head().sub(outputs.get(1).head())),
            List.of(new ToldSequential().add(doubled), new ToldLambda(in -> in.mul(7))));
    ToldBlock residual =
        new ToldBlock((in, children) -> children.run(0, in).add(in)).with("inner", branches);
    Block network = new ToldSequential().add(new ToldSequential().add(tripled)).add(residual);

    List<EmbeddedLayer> embedded =
        embed(
            network,
            "ToldSequential.ToldBlock",
            "01ToldSequential",
            "ToldBlock.inner.ToldSequential.ToldBlock",
            "ToldBlock.inner.01ToldSequential",
            "ToldBlock.inner.02ToldLambda",
            "02ToldBlock.01inner",
            "02ToldBlock");

    // 3x goes into both branches, 6x - 21x comes out, and 3x is added.
    int[] factors = {3, 3, 6, 6, 21, -15, -12};
    for (int i = 0; i < factors.length; i++) {
      assertEmbeds(embedded.get(i), factors[i]);
    }
  }

  @Test
  void allLayersShareOneForwardPass() {
    ToldBlock first = inTurn(doubled, tripled);
    ToldBlock network = inTurn(first, after);

    List<EmbeddedLayer> embedded = embed(network, "02b", "01a.02b", "01a", "01a.01a", "a");

    assertEmbeds(embedded.get(0), 30);
    assertEmbeds(embedded.get(1), 6);
    assertEmbeds(embedded.get(2), 6);
    assertEmbeds(embedded.get(3), 2);
    assertEmbeds(embedded.get(4), 6);
    assertThat(List.of(network, first, doubled, tripled, after))
        .extracting(ToldBlock::runs)
        .containsOnly(BATCHES);
  }

  @Test
  void thePassEndsAtTheLastLayer() {
    boolean[] goesOn = {false};
    ToldBlock inner =
        new ToldBlock(
                (in, children) -> {
                  NDArray output = children.run(1, children.run(0, in));
                  goesOn[0] = true;
                  return output;
                })
            .with("a", doubled)
            .with("b", tripled);

    List<EmbeddedLayer> embedded = embed(inTurn(inner, after), "a.b", "a.a");

    assertEmbeds(embedded.get(0), 6);
    assertEmbeds(embedded.get(1), 2);
    assertThat(goesOn[0]).isFalse();
    assertThat(after.runs()).isZero();
  }

  @Test
  void ofABlockThatRunsSeveralTimesTheFirstTimeCounts() {
    ToldBlock repeated =
        new ToldBlock((in, children) -> children.run(0, children.run(0, in))).with("a", doubled);
    ToldBlock network = inTurn(repeated, after);

    List<EmbeddedLayer> embedded = embed(network, "a.a", "b");

    assertEmbeds(embedded.get(0), 2);
    assertEmbeds(embedded.get(1), 20);
    assertThat(doubled.runs()).isEqualTo(2 * BATCHES);

    assertEmbeds(embed(network, "a.a").get(0), 2);
    assertThat(doubled.runs()).isEqualTo(3 * BATCHES);
  }

  @Test
  void aBlockThatIsAtSeveralPlacesAnswersAsTheFirstOfThem() {
    ToldBlock network = inTurn(inTurn(tripled, doubled), inTurn(doubled, after));

    List<EmbeddedLayer> embedded = embed(network, "b.a", "a.b", "b.b");

    assertEmbeds(embedded.get(0), 6);
    assertEmbeds(embedded.get(1), 6);
    assertEmbeds(embedded.get(2), 60);
  }

  @Test
  void aBlockThatIsNotRunFailsAlone() {
    ToldBlock network =
        new ToldBlock((in, children) -> children.run(2, children.run(0, in)))
            .with("a", doubled)
            .with("unused", inTurn(tripled, tripled))
            .with("b", after);

    List<EmbeddedLayer> embedded = embed(network, "a", "unused.b", "unused", "nowhere", "b");

    assertEmbeds(embedded.get(0), 2);
    assertEmbeds(embedded.get(4), 10);
    for (int unused : new int[] {1, 2}) {
      assertThat(failure(embedded.get(unused)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              NOT_RUN
                  + ", though its forward pass is over: it must be one that runs in evaluation"
                  + " mode, on the thread that calls the model, and is derived from"
                  + " AbstractBaseBlock");
    }
    assertThat(failure(embedded.get(3)))
        .hasMessageStartingWith("the model has no layer \"nowhere\"")
        .hasMessageEndingWith("it has 01a, 02unused, 02unused.01a, 02unused.02b, 03b");
    // The layer that is not run in the first batch is not asked for in the second.
    assertThat(network.runs()).isEqualTo(BATCHES);
  }

  @Test
  void aBlockThatRunsOnAnotherThreadIsNotSeen() {
    ToldBlock network =
        new ToldBlock(
                (in, children) -> CompletableFuture.supplyAsync(() -> children.run(0, in)).join())
            .with("a", inTurn(doubled, tripled));

    List<EmbeddedLayer> embedded = embed(inTurn(network, after), "a.a.a", "a.a", "a");

    assertThat(failure(embedded.get(0))).hasMessageStartingWith(NOT_RUN);
    assertThat(failure(embedded.get(1))).hasMessageStartingWith(NOT_RUN);
    assertEmbeds(embedded.get(2), 6);
  }

  @Test
  void aBlockThatFailsCostsTheLayersAfterItTheirEmbeddings() {
    RuntimeException failure = new IllegalStateException("broken");
    ToldBlock broken = inTurn(doubled, failing(failure));

    List<EmbeddedLayer> embedded =
        embed(inTurn(tripled, broken, after), "c", "a", "b.a", "b.b", "b");

    assertEmbeds(embedded.get(1), 3);
    assertEmbeds(embedded.get(2), 6);
    for (int failed : new int[] {0, 3, 4}) {
      assertThat(failure(embedded.get(failed))).isSameAs(failure);
    }
    assertThat(after.runs()).isZero();
  }

  @Test
  void aBlockThatIsNotNeededCostsNothingByFailing() {
    ToldBlock network = inTurn(doubled, failing(new IllegalStateException("broken")));
    assertEmbeds(embed(network, "a").get(0), 2);
  }

  @Test
  void aBlockThatDoesWithoutOneThatFailsGoesOn() {
    ToldBlock forgiving =
        new ToldBlock(
                (in, children) -> {
                  try {
                    return children.run(0, in);
                  } catch (IllegalStateException e) {
                    return children.run(1, in);
                  }
                })
            .with("a", failing(new IllegalStateException("broken")))
            .with("b", doubled);

    List<EmbeddedLayer> embedded = embed(inTurn(forgiving, after), "a.a", "a.b", "a", "b");

    assertThat(failure(embedded.get(0))).hasMessageStartingWith(NOT_RUN);
    assertEmbeds(embedded.get(1), 2);
    assertEmbeds(embedded.get(2), 2);
    assertEmbeds(embedded.get(3), 10);
  }

  @Test
  void aBlockThatCatchesExceptionsDoesNotKeepThePassFromEnding() {
    ToldBlock forgiving =
        new ToldBlock(
                (in, children) -> {
                  try {
                    return children.run(0, in);
                  } catch (RuntimeException e) {
                    return children.run(1, in);
                  }
                })
            .with("a", doubled)
            .with("b", tripled);

    assertEmbeds(embed(inTurn(forgiving, after), "a.a").get(0), 2);

    assertThat(tripled.runs()).isZero();
    assertThat(after.runs()).isZero();
  }

  @Test
  void aBlockThatCatchesWhateverIsThrownIsLeftByTheNextThatAnswers() {
    ToldBlock last = ToldBlock.times(7);
    ToldBlock forgiving =
        new ToldBlock(
                (in, children) -> {
                  try {
                    return children.run(0, in);
                  } catch (Throwable e) {
                    return children.run(1, in);
                  }
                })
            .with("a", doubled)
            .with("b", after);

    assertEmbeds(embed(inTurn(forgiving, last), "a.a").get(0), 2);

    assertThat(after.runs()).isEqualTo(BATCHES);
    assertThat(last.runs()).isZero();
  }

  @Test
  void aBlockThatWrapsWhateverIsThrownDoesNotMakeThePassFail() {
    ToldBlock wrapping =
        new ToldBlock(
                (in, children) -> {
                  try {
                    return children.run(0, in);
                  } catch (Throwable e) {
                    throw new IllegalStateException("wrapped", e);
                  }
                })
            .with("a", doubled);

    assertEmbeds(embed(inTurn(wrapping, after), "a.a").get(0), 2);
  }

  @Test
  void aLayerWhoseOutputIsNoEmbeddingFailsAlone() {
    ToldBlock integers = ToldBlock.leaf(in -> in.toType(DataType.INT32, true));
    ToldBlock floats = ToldBlock.leaf(in -> in.toType(DataType.FLOAT32, true));

    List<EmbeddedLayer> embedded = embed(inTurn(doubled, integers, floats, after), "a", "b", "c");

    assertEmbeds(embedded.get(0), 2);
    assertThat(failure(embedded.get(1)))
        .hasMessageStartingWith("the layer b must answer floating-point numbers");
    assertThat(embedded.get(2)).isInstanceOf(EmbeddedLayer.Embedded.class);
    assertThat(after.runs()).isZero();
  }

  @Test
  void aBlockMayWriteIntoWhatOneBeforeItHasAnswered() {
    ToldBlock writing = ToldBlock.leaf(in -> in.muli(3));

    List<EmbeddedLayer> embedded = embed(inTurn(doubled, writing), "a", "b");

    assertEmbeds(embedded.get(0), 2);
    assertEmbeds(embedded.get(1), 6);
  }

  @Test
  void whereMemoryDoesNotSufficeThePassFails() {
    ToldBlock greedy = ToldBlock.leaf(in -> in.getManager().zeros(new Shape(1L << 50)));
    assertOutOfMemory(inTurn(doubled, greedy), "a", "b");
  }

  @Test
  void whereMemoryDoesNotSufficeToKeepTheLastOutputThePassFails() {
    // It takes no memory itself, but a copy of it does.
    ToldBlock wide =
        ToldBlock.leaf(in -> in.get(":, :1").broadcast(new Shape(in.size(0), 1L << 45)));
    assertOutOfMemory(inTurn(doubled, wide), "a", "b");
  }

  private void assertOutOfMemory(Block network, String... paths) {
    try (NDManager target = manager.newSubManager();
        Embedder embedder = new Embedder(probes, List.of(named(paths)), manager)) {
      assertThatExceptionOfType(EngineException.class)
          .isThrownBy(() -> embedder.embedAll(network, target))
          .withMessageContaining("memory");
      assertThat(target.getManagedArrays()).isEmpty();
    }
  }

  @Test
  void anErrorEndsThePassAndNothingIsWatchedAfterIt() {
    Error error = new StackOverflowError("on purpose");
    ToldBlock network =
        inTurn(
            doubled,
            ToldBlock.leaf(
                in -> {
                  throw error;
                }));
    assertThatExceptionOfType(StackOverflowError.class)
        .isThrownBy(() -> embed(network, "a", "b"))
        .isSameAs(error);
    BlockOutputs.answered(doubled, new NDList());
  }

  @Test
  void embeddingsAreThoseOfARunThatIsNotTold() {
    Block network =
        new ToldSequential()
            .add(new ToldSequential().add(doubled).add(tripled))
            .add(
                new ToldParallel(
                    outputs -> new NDList(outputs.get(0).head().mul(outputs.get(1).head())),
                    List.of(new ToldSequential().add(after), new ToldLambda(NDArray::tanh))))
            .add(ToldBlock.leaf(NDArray::sin));
    String[] paths = {
      "03ToldBlock",
      "01ToldSequential.01ToldBlock",
      "01ToldSequential",
      "ToldParallel.ToldSequential.ToldBlock",
      "ToldParallel.02ToldLambda",
      "ToldParallel"
    };

    List<EmbeddedLayer> told = embed(network, paths);
    assertThat(after.runs()).isEqualTo(BATCHES);
    BlockOutputs.areTold(false);
    List<EmbeddedLayer> untold = embed(network, paths);

    // Then a branch is run for itself, and once more with the block that it belongs to.
    assertThat(after.runs()).isEqualTo(BATCHES + 2 * BATCHES);
    for (int i = 0; i < paths.length; i++) {
      Embeddings expected = untold.get(i).orThrow();
      assertThat(told.get(i).orThrow().probes()).as(paths[i]).isEqualTo(expected.probes());
      assertThat(told.get(i).orThrow().anchors()).as(paths[i]).isEqualTo(expected.anchors());
    }
  }

  @Test
  void withoutBeingToldALayerInsideAnyBlockCannotBeReached() {
    BlockOutputs.areTold(false);
    assertThat(failure(embed(new SequentialBlock().add(inTurn(doubled)), "ToldBlock.a").get(0)))
        .hasMessageContaining("leads into a ToldBlock, but only sequential and parallel blocks")
        .hasMessageEndingWith(
            "it has 01ToldBlock, or compute the embedding by a function, or attach the monitor by"
                + " -javaagent");
  }

  @Test
  void rowsOfOneInputAreEmbeddedInOneRun() {
    NDArray input = manager.arange(160f).reshape(40, 4);
    try (ProbeSet rows = ProbeSet.rows(new NDList(input), new int[] {3, 39}, new int[] {1, 2, 30});
        Embedder embedder = new Embedder(rows, List.of(named("a.a", "b")), manager)) {
      List<EmbeddedLayer> embedded =
          embedder.embedAll(inTurn(inTurn(doubled, tripled), after), manager);
      assertThat(embedded.get(0).orThrow().anchors())
          .isEqualTo(input.get(manager.create(new long[] {3, 39})).mul(2));
      assertThat(embedded.get(1).orThrow().probes())
          .isEqualTo(input.get(manager.create(new long[] {1, 2, 30})).mul(30));
      assertThat(doubled.runs()).isEqualTo(1);
    }
  }

  private void assertEmbeds(EmbeddedLayer embedded, int factor) {
    Embeddings embeddings = embedded.orThrow();
    assertThat(embeddings.anchors()).isEqualTo(probes.anchors().head().mul(factor));
    assertThat(embeddings.probes()).isEqualTo(probes.probes().head().mul(factor));
  }

  private static RuntimeException failure(EmbeddedLayer embedded) {
    return ((EmbeddedLayer.Failed) embedded).failure();
  }

  private List<EmbeddedLayer> embed(Block block, String... paths) {
    try (Embedder embedder = new Embedder(probes, List.of(named(paths)), manager)) {
      return embedder.embedAll(block, manager);
    }
  }

  private static Layer[] named(String... paths) {
    return Arrays.stream(paths).map(Layer::named).toArray(Layer[]::new);
  }

  /** A block that runs others in turn, which are called a, b, c and so on. */
  private static ToldBlock inTurn(Block... blocks) {
    ToldBlock all =
        new ToldBlock(
            (in, children) -> {
              NDArray current = in;
              for (int i = 0; i < blocks.length; i++) {
                current = children.run(i, current);
              }
              return current;
            });
    for (int i = 0; i < blocks.length; i++) {
      all.with(String.valueOf((char) ('a' + i)), blocks[i]);
    }
    return all;
  }

  private static ToldBlock failing(RuntimeException failure) {
    return ToldBlock.leaf(
        in -> {
          throw failure;
        });
  }

  /** Small whole numbers, whose products are the same in any order. */
  private ProbeSet probes() {
    NDArray inputs = manager.arange((float) (ANCHORS + PROBES) * 4).reshape(-1, 4).sub(500);
    return ProbeSet.of(
        new NDList(inputs.get(":" + ANCHORS)), new NDList(inputs.get(ANCHORS + ":")));
  }

  /** DJL's own, that tells. */
  private static final class ToldSequential extends SequentialBlock {
    @Override
    protected NDList forwardInternal(
        ParameterStore parameters,
        NDList inputs,
        boolean training,
        @Nullable PairList<String, Object> options) {
      NDList output = super.forwardInternal(parameters, inputs, training, options);
      BlockOutputs.answered(this, output);
      return output;
    }
  }

  /** DJL's own, that tells. */
  private static final class ToldParallel extends ParallelBlock {

    ToldParallel(Function<List<NDList>, NDList> combined, List<Block> branches) {
      super(combined, branches);
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore parameters,
        NDList inputs,
        boolean training,
        @Nullable PairList<String, Object> options) {
      NDList output = super.forwardInternal(parameters, inputs, training, options);
      BlockOutputs.answered(this, output);
      return output;
    }
  }

  /** DJL's own, that tells. */
  private static final class ToldLambda extends LambdaBlock {

    ToldLambda(UnaryOperator<NDArray> operation) {
      super(in -> new NDList(operation.apply(in.head())), "ToldLambda");
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore parameters,
        NDList inputs,
        boolean training,
        @Nullable PairList<String, Object> options) {
      NDList output = super.forwardInternal(parameters, inputs, training, options);
      BlockOutputs.answered(this, output);
      return output;
    }
  }
}
