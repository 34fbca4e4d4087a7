package dev.latentgauge.examples.stitching.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetrievalTest {

  @Test
  void theNearestAreThoseWithTheLargestCosines() {
    float[] cosines = {0.1F, 0.9F, -0.5F, 0.9F, 0.3F};

    assertThat(Retrieval.nearest(cosines, 1)).containsExactly(1);
    assertThat(Retrieval.nearest(cosines, 3)).containsExactlyInAnyOrder(1, 3, 4);
  }

  @Test
  void aWordIsAfterThoseThatAreAsNear() {
    float[] cosines = {0.1F, 0.9F, -0.5F, 0.9F, 0.3F};

    assertThat(Retrieval.rank(cosines, 4)).isEqualTo(3);
    assertThat(Retrieval.rank(cosines, 1)).isEqualTo(2);
    assertThat(Retrieval.rank(cosines, 2)).isEqualTo(5);
  }

  @Test
  void setsOverlapByTheShareOfWhatIsInEither() {
    assertThat(Retrieval.jaccard(Set.of(1, 2, 3), Set.of(2, 3, 4))).isEqualTo(0.5);
    assertThat(Retrieval.jaccard(Set.of(1), Set.of(2))).isZero();
    assertThat(Retrieval.jaccard(Set.of(1, 2), Set.of(2, 1))).isOne();
  }

  @Test
  void inItsOwnSpaceEveryWordFindsItselfAndItsNeighbours() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray words = manager.randomNormal(new Shape(40, 6));

      Retrieval retrieval = Retrieval.of(words, words.mul(3));

      assertThat(retrieval.jaccard()).isCloseTo(1, within(1e-9));
      assertThat(retrieval.reciprocalRank()).isCloseTo(1, within(1e-9));
      assertThat(retrieval.cosine()).isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void aWordThatHasTheRankOfItsMirrorImageIsLast() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray words = manager.randomNormal(new Shape(20, 6));

      // The farthest of 20; and of the ten nearest in one space none is among those of the other.
      Retrieval retrieval = Retrieval.of(words.neg(), words);

      assertThat(retrieval.jaccard()).isZero();
      assertThat(retrieval.reciprocalRank()).isCloseTo(1.0 / 20, within(1e-9));
      assertThat(retrieval.cosine()).isCloseTo(-1, within(1e-6));
    }
  }

  @Test
  void chanceIsWhatRandomOrdersGive() {
    // Of 20 words, two sets of 10 with 10 - i in common have i left out of 10, twice.
    double mean = 0;
    for (int common = 0; common <= 10; common++) {
      double ways = Math.pow(choose(10, common), 2);
      mean += ways / choose(20, 10) * common / (20 - common);
    }
    assertThat(Retrieval.chanceJaccard(20)).isCloseTo(mean, within(1e-12));
    assertThat(Retrieval.chanceReciprocalRank(3)).isCloseTo(11.0 / 18, within(1e-12));
  }

  private static double choose(int n, int k) {
    return k == 0 ? 1 : choose(n - 1, k - 1) * n / k;
  }
}
