package dev.latentgauge.examples.study.task;

import ai.djl.nn.Block;
import ai.djl.training.optimizer.Optimizer;
import java.util.function.Supplier;

/**
 * How one classifier is made.
 *
 * @param encoder the part of the network up to the monitored layer, new at each call
 * @param activation what stands between the monitored layer and the head
 * @param optimizer new at each call
 * @param examples how many of the training examples are used, the first ones
 * @param wrongLabels the share of their labels that are wrong, in [0, 1]
 * @param batch the number of examples an update is made from; at most {@code examples}
 * @param steps the number of updates
 * @param seed decides on weights, order and wrong labels
 */
public record Recipe(
    Supplier<Block> encoder,
    Supplier<Block> activation,
    Supplier<Optimizer> optimizer,
    int examples,
    double wrongLabels,
    int batch,
    int steps,
    int seed) {}
