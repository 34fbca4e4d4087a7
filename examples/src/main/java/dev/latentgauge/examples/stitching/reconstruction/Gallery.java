package dev.latentgauge.examples.stitching.reconstruction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.latentgauge.examples.chart.GreyImage;
import dev.latentgauge.examples.chart.ImageGrid;
import dev.latentgauge.examples.stitching.Ensemble;
import dev.latentgauge.examples.stitching.Member;
import dev.latentgauge.examples.stitching.Network;
import dev.latentgauge.examples.stitching.Representation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What decoders make of the first test images: of their own encoder, and of another seed's. */
final class Gallery {

  private final int columns;
  private final List<ImageGrid.Row> rows = new ArrayList<>();

  Gallery(int columns) {
    this.columns = columns;
  }

  /** Reconstructs by the first training, and by its decoder behind the encoder of the second. */
  void add(Autoencoder kind, Representation representation, Ensemble ensemble, NDArray test) {
    try (NDManager scratch = test.getManager().newSubManager()) {
      NDArray shown = test.get(scratch, new NDIndex("0:{}", columns));
      if (rows.isEmpty()) {
        rows.add(new ImageGrid.Row("test images", "", images(shown)));
      }
      Network decoding = ensemble.network(new Member(kind.id(), 1));
      Network other = ensemble.network(new Member(kind.id(), 2));
      NDArray own = decoding.answer(decoding.project(decoding.embed(shown)));
      NDArray stitched = decoding.answer(other.project(other.embed(shown)));
      String name = kind.title() + ", " + representation.title();
      rows.add(new ImageGrid.Row(name, "own encoder", images(own)));
      rows.add(new ImageGrid.Row(name, "encoder of another seed", images(stitched)));
    }
  }

  private static List<GreyImage> images(NDArray arrays) {
    int side = Math.toIntExact(arrays.getShape().get(3));
    float[] all = arrays.toFloatArray();
    List<GreyImage> images = new ArrayList<>();
    for (int from = 0; from < all.length; from += side * side) {
      images.add(GreyImage.of(side, Arrays.copyOfRange(all, from, from + side * side)));
    }
    return images;
  }

  ImageGrid grid() {
    ImageGrid.Builder grid =
        ImageGrid.titled("A decoder behind its own encoder, and behind that of another training")
            .subtitle(
                "The first test images of Fashion-MNIST, by the decoder of the first seed. Nothing"
                    + " was trained after the parts were put together.")
            .columns(Collections.nCopies(columns, ""));
    rows.forEach(grid::row);
    return grid.build();
  }
}
