package dev.latentgauge.examples.study.task;

import dev.latentgauge.examples.graph.Activity;
import dev.latentgauge.examples.graph.DeepEncoder;
import dev.latentgauge.examples.graph.DeepEncoder.Convolution;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The trainings of {@link CoraTask}.
 *
 * <p>A cell is a choice of architecture, layers, dropout, two activations, optimiser and learning
 * rate, two values of each: 128 cells, and five seeds in each make the 640 trajectories of
 * Moschella et al. The report takes two seeds of each cell that Adam trains, every seed equally
 * often, and one of every eighth of the others: within 50 epochs without momentum they do not get
 * beyond the largest topic, and half a study of such runs would say nothing.
 */
final class CoraGrid {

  static final int SEEDS = 5;

  private static final int SEEDS_OF_REPORT = 2;
  private static final int SHARE_WITHOUT_ADAM = 8;

  private CoraGrid() {}

  static List<CoraRecipe> of(Scale scale) {
    return switch (scale) {
      case FULL -> full(cells(64, new int[] {32, 64}, new int[] {32, 64}));
      case REPORT -> drawn(cells(32, new int[] {16, 32}, new int[] {2, 4}));
      case SMOKE -> cells(8, new int[] {2}, new int[] {1}).subList(0, 3);
    };
  }

  private static List<CoraRecipe> full(List<CoraRecipe> cells) {
    List<CoraRecipe> all = new ArrayList<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      for (CoraRecipe cell : cells) {
        all.add(cell.seeded(seed));
      }
    }
    return all;
  }

  private static List<CoraRecipe> drawn(List<CoraRecipe> cells) {
    List<CoraRecipe> shuffled = new ArrayList<>(cells);
    Collections.shuffle(shuffled, new Random(0));
    List<CoraRecipe> adam = shuffled.stream().filter(CoraRecipe::adam).toList();
    List<CoraRecipe> others = shuffled.stream().filter(cell -> !cell.adam()).toList();
    List<CoraRecipe> all = new ArrayList<>();
    for (int i = 0; i < SEEDS_OF_REPORT * adam.size(); i++) {
      all.add(adam.get(i / SEEDS_OF_REPORT).seeded(i % SEEDS));
    }
    for (int i = 0; i < others.size() / SHARE_WITHOUT_ADAM; i++) {
      all.add(others.get(i).seeded(i % SEEDS));
    }
    return all;
  }

  private static List<CoraRecipe> cells(int width, int[] gcn2Layers, int[] ginLayers) {
    List<CoraRecipe> cells = new ArrayList<>();
    for (DeepEncoder.Form form : forms(width, gcn2Layers, ginLayers)) {
      for (boolean adam : new boolean[] {true, false}) {
        for (float learningRate : new float[] {0.01f, 0.02f}) {
          cells.add(new CoraRecipe(form, adam, learningRate, 0));
        }
      }
    }
    return cells;
  }

  private static List<DeepEncoder.Form> forms(int width, int[] gcn2Layers, int[] ginLayers) {
    List<DeepEncoder.Form> forms = new ArrayList<>();
    for (Convolution convolution : List.of(Convolution.GCN2, Convolution.GIN)) {
      for (int layers : convolution == Convolution.GCN2 ? gcn2Layers : ginLayers) {
        for (double dropout : new double[] {0.1, 0.5}) {
          for (Activity hidden : Activity.values()) {
            for (Activity convolved : Activity.values()) {
              forms.add(
                  new DeepEncoder.Form(convolution, layers, width, dropout, hidden, convolved));
            }
          }
        }
      }
    }
    return forms;
  }
}
