package dev.latentgauge.tests.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Two trainings with Deeplearning4j, the same but for its {@link StatsListener}, that take turns as
 * those of {@code OverheadBenchmark} do: a block of steps without, two with, one without.
 *
 * <p>Arguments: {@code MLP} or {@code CNN}, how often the listener looks, in steps, and for how
 * many seconds to train. Prints a line a round: the nanoseconds without and with it; of as many
 * steps.
 */
public final class StatsListenerTraining {

  private static final int SEED = 7;
  private static final int SIDE = 28;
  private static final int CLASSES = 10;
  private static final int BATCH = 64;
  private static final int BATCHES = 16;
  private static final int FIRST_STEPS = 60;
  private static final int WARM_UP_ROUNDS = 10;
  private static final int LEAST_ROUNDS = 3;
  private static final long BLOCK = TimeUnit.MILLISECONDS.toNanos(60);

  private final MultiLayerNetwork network;
  private final List<INDArray> inputs;
  private final List<INDArray> labels;
  private int steps;

  private StatsListenerTraining(
      MultiLayerNetwork network, List<INDArray> inputs, List<INDArray> labels) {
    this.network = network;
    this.inputs = inputs;
    this.labels = labels;
    network.init();
  }

  /** Trains. */
  public static void main(String[] arguments) {
    boolean isConvolutional = arguments[0].equals("CNN");
    int frequency = Integer.parseInt(arguments[1]);
    double seconds = Double.parseDouble(arguments[2]);
    Nd4j.getRandom().setSeed(SEED);
    List<INDArray> inputs = new ArrayList<>();
    List<INDArray> labels = new ArrayList<>();
    for (int i = 0; i < BATCHES; i++) {
      inputs.add(
          isConvolutional
              ? Nd4j.randn(BATCH, 1, SIDE, SIDE)
              : Nd4j.randn(BATCH, (long) SIDE * SIDE));
      labels.add(labels(i));
    }
    StatsListenerTraining without =
        new StatsListenerTraining(network(isConvolutional), inputs, labels);
    StatsListenerTraining with =
        new StatsListenerTraining(network(isConvolutional), inputs, labels);
    StatsStorageRouter storage = new InMemoryStatsStorage();
    with.network.setListeners(new StatsListener(storage, frequency));
    takeTurns(without, with, frequency, seconds);
    System.exit(0); // Deeplearning4j keeps threads that would not end.
  }

  private static INDArray labels(int batch) {
    INDArray labels = Nd4j.zeros(BATCH, CLASSES);
    for (int row = 0; row < BATCH; row++) {
      labels.putScalar(row, (batch + row * 7L) % CLASSES, 1);
    }
    return labels;
  }

  private static MultiLayerNetwork network(boolean isConvolutional) {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder().seed(SEED).updater(new Adam(1e-4)).list();
    if (isConvolutional) {
      for (int channels : new int[] {16, 32, 64}) {
        layers.layer(
            new ConvolutionLayer.Builder(3, 3)
                .stride(2, 2)
                .convolutionMode(ConvolutionMode.Same)
                .nOut(channels)
                .activation(Activation.RELU)
                .build());
      }
      layers.setInputType(InputType.convolutional(SIDE, SIDE, 1));
    } else {
      layers.layer(dense(256, Activation.RELU)).layer(dense(256, Activation.RELU));
      layers.setInputType(InputType.feedForward((long) SIDE * SIDE));
    }
    return new MultiLayerNetwork(
        layers
            .layer(dense(128, Activation.IDENTITY))
            .layer(
                new OutputLayer.Builder(LossFunction.MCXENT)
                    .nOut(CLASSES)
                    .activation(Activation.SOFTMAX)
                    .build())
            .build());
  }

  private static DenseLayer dense(int units, Activation activation) {
    return new DenseLayer.Builder().nOut(units).activation(activation).build();
  }

  /** Blocks have as many steps as the listener looks at one of, or a multiple. */
  private static void takeTurns(
      StatsListenerTraining without, StatsListenerTraining with, int frequency, double seconds) {
    int block = frequency;
    with.train(FIRST_STEPS);
    without.train(FIRST_STEPS);
    while (without.train(block) < BLOCK) {
      block += frequency;
    }
    long begin = System.nanoTime();
    for (int round = -WARM_UP_ROUNDS;
        round < LEAST_ROUNDS || System.nanoTime() - begin < seconds * 1e9;
        round++) {
      if (round == 0) {
        begin = System.nanoTime();
      }
      long alone = without.train(block);
      long listened = with.train(block) + with.train(block);
      alone += without.train(block);
      if (round >= 0) {
        System.out.println(String.format(Locale.ROOT, "%d %d %d", 2 * block, alone, listened));
      }
    }
  }

  /** Answers how many nanoseconds it took. */
  private long train(int count) {
    long begin = System.nanoTime();
    for (int i = 0; i < count; i++) {
      int batch = steps++ % inputs.size();
      network.fit(inputs.get(batch), labels.get(batch));
    }
    return System.nanoTime() - begin;
  }
}
