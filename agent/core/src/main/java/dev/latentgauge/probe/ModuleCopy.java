package dev.latentgauge.probe;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.BlockList;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import ai.djl.util.PairList;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A TorchScript module as a probe pass may run it: a copy of what it is at the first run.
 *
 * <p>The module of a training cannot be evaluated without a trace (seen with DJL 0.36):
 *
 * <ul>
 *   <li>It keeps its mode to itself. DJL loads it in evaluation mode and believes that it trains;
 *       only after a first evaluation does it really switch. Were that evaluation ours, the rest of
 *       the training would have dropout and moving statistics that it has not without us.
 *   <li>The engine optimises its graph in one of its first runs, for good. Where that run was an
 *       evaluation, the training has failed with "Inference tensors cannot be saved for backward".
 *   <li>If it was traced in training mode, an evaluation moves the statistics of its batch
 *       normalisation.
 * </ul>
 *
 * <p>A copy takes the time and the main memory to write the module and to read it, which must be
 * less than 2 GB, and lives as long as the manager it belongs to.
 */
final class ModuleCopy extends AbstractBlock {

  private final Block original;
  private final NDManager manager;
  private @Nullable SymbolBlock copy;

  private ModuleCopy(Block original, NDManager manager) {
    this.original = original;
    this.manager = manager;
  }

  /**
   * A block that computes what another does in evaluation mode, and runs no TorchScript module.
   *
   * <p>Modules are copied when they are run, so that those after a layer are not. Inside other
   * blocks than sequential ones nothing can be replaced: such a block is refused when it is run.
   *
   * @param block unchanged; returned itself if it has no module inside
   * @param manager receives the copies
   * @throws IllegalArgumentException if the block has a module inside where it cannot be replaced
   */
  static Block insteadOfModules(Block block, NDManager manager) {
    Block replaced = replaced(block, manager);
    if (replaced instanceof Refused refused) {
      throw refused.exception();
    }
    return replaced;
  }

  private static Block replaced(Block block, NDManager manager) {
    if (!hasModule(block)) {
      return block;
    }
    if (isModule(block)) {
      return new ModuleCopy(block, manager);
    }
    // Not one of a subclass, which may do other things with its children.
    return block.getClass() == SequentialBlock.class
        ? new Chain((SequentialBlock) block, manager)
        : new Refused(block);
  }

  /** Whether a block does what sequential blocks do, and nothing else. */
  static boolean runsItsChildrenInTurn(Block block) {
    return block.getClass() == SequentialBlock.class || block.getClass() == Chain.class;
  }

  private static boolean hasModule(Block block) {
    return isModule(block) || block.getChildren().values().stream().anyMatch(ModuleCopy::hasModule);
  }

  /** Whether a block is DJL's for TorchScript; other engines have symbol blocks of other kinds. */
  private static boolean isModule(Block block) {
    return block instanceof SymbolBlock
        && block.getClass().getName().startsWith("ai.djl.pytorch.engine.");
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    if (copy == null) {
      copy = copy();
    }
    return copy.forward(parameters, inputs, false);
  }

  private SymbolBlock copy() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      original.saveParameters(new DataOutputStream(bytes));
      SymbolBlock loaded = SymbolBlock.newInstance(manager);
      loaded.loadParameters(
          manager, new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
      return loaded;
    } catch (IOException e) {
      throw new UncheckedIOException("a TorchScript module cannot be copied", e);
    } catch (MalformedModelException e) {
      throw new IllegalStateException("a TorchScript module cannot read what it wrote", e);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    throw new UnsupportedOperationException("a copied module only tells its shapes by running");
  }

  /** A sequential block with the same names for its children, whose modules are copies. */
  private static final class Chain extends SequentialBlock {

    Chain(SequentialBlock block, NDManager manager) {
      setReturnIntermediate(block.isReturnIntermediate());
      BlockList replaced = new BlockList();
      for (Pair<String, Block> child : block.getChildren()) {
        replaced.add(child.getKey(), replaced(child.getValue(), manager));
      }
      children = replaced;
    }
  }

  /** In the place of a block that hides a module. */
  private static final class Refused extends AbstractBlock {

    private final Block block;

    Refused(Block block) {
      this.block = block;
    }

    IllegalArgumentException exception() {
      return new IllegalArgumentException(
          "a TorchScript module must be the model's block, or inside sequential blocks and nothing"
              + " else, so that a copy of it can be run in its place, but is inside a "
              + block.getClass().getSimpleName());
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore parameters,
        NDList inputs,
        boolean training,
        @Nullable PairList<String, Object> options) {
      throw exception();
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
      throw exception();
    }
  }
}
