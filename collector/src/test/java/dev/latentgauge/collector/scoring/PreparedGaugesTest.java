package dev.latentgauge.collector.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latentgauge.collector.Safetensors;
import dev.latentgauge.collector.ingest.Rejection;
import dev.latentgauge.collector.reference.ReferenceLibrary;
import dev.latentgauge.collector.reference.ReferenceMaker;
import dev.latentgauge.collector.reference.StoredReference;
import dev.latentgauge.reference.EmbeddingFile;
import dev.latentgauge.reference.Reading;
import dev.latentgauge.reference.RunGauge;
import dev.latentgauge.relative.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparedGaugesTest {

  private static final int TWO = 2;

  @TempDir private Path folder;
  private ReferenceLibrary library;
  private PreparedGauges gauges;

  @BeforeEach
  void open() throws IOException {
    library = ReferenceLibrary.open(Files.createDirectory(folder.resolve("references")), 10);
    gauges = new PreparedGauges(library, TWO * PreparedGauges.FEWEST_BYTES);
  }

  @AfterEach
  void close() {
    gauges.close();
  }

  private Path embeddings(long seed) throws IOException {
    Random random = new Random(seed);
    return Files.write(
        Files.createTempDirectory(folder, "upload").resolve("upload"),
        new Safetensors()
            .matrix("anchors", Safetensors.normal(random, 20, 6))
            .matrix("probes", Safetensors.normal(random, 30, 6))
            .bytes());
  }

  private StoredReference keep(String name, long seed) throws IOException {
    return new ReferenceMaker(library, 1000, Clock.systemUTC())
        .put(
            new ReferenceMaker.Wish(name, Optional.empty(), Optional.empty(), Optional.empty()),
            embeddings(seed))
        .reference();
  }

  private RunGauge used(StoredReference reference) throws IOException {
    try (PreparedGauges.Taken taken = gauges.take(reference)) {
      assertThat(reading(taken.gauge()).measurement().outcome()).isInstanceOf(Score.class);
      return taken.gauge();
    }
  }

  private Reading reading(RunGauge gauge) throws IOException {
    try (EmbeddingFile run = EmbeddingFile.open(embeddings(7))) {
      return gauge.read(run);
    }
  }

  private void assertFreed(RunGauge gauge) {
    assertThatIllegalStateException().isThrownBy(() -> reading(gauge));
  }

  @Test
  void whatWasGivenBackIsTakenByTheNextAndMeasuresTheSame() throws IOException {
    StoredReference reference = keep("a", 1);
    try (PreparedGauges.Taken first = gauges.take(reference)) {
      Reading reading = reading(first.gauge());
      for (int i = 0; i < 3; i++) {
        assertThat(reading(first.gauge())).usingRecursiveComparison().isEqualTo(reading);
      }
    }
    assertThat(used(reference)).isSameAs(used(reference));
  }

  @Test
  void whoMeasuresHasAGaugeAlone() throws IOException {
    StoredReference reference = keep("a", 1);
    Set<RunGauge> both = twoAtOnce(reference);
    assertThat(both).hasSize(2);
    assertThat(twoAtOnce(reference)).isEqualTo(both);
  }

  private Set<RunGauge> twoAtOnce(StoredReference reference) throws IOException {
    try (PreparedGauges.Taken one = gauges.take(reference);
        PreparedGauges.Taken other = gauges.take(reference)) {
      return new HashSet<>(List.of(one.gauge(), other.gauge()));
    }
  }

  @Test
  void ofManyThoseAreKeptThatWereUsedLast() throws IOException {
    StoredReference a = keep("a", 1);
    StoredReference b = keep("b", 2);
    RunGauge ofA = used(a);
    RunGauge ofB = used(b);
    assertThat(used(a)).isSameAs(ofA);

    used(keep("c", 3));

    assertFreed(ofB);
    assertThat(used(a)).isSameAs(ofA);
    assertThat(used(b)).isNotSameAs(ofB);
  }

  @Test
  void oneThatIsTooLargeIsUsedOnceAndDisplacesNone() throws IOException {
    gauges = new PreparedGauges(library, PreparedGauges.FEWEST_BYTES - 1);
    StoredReference reference = keep("a", 1);
    assertFreed(used(reference));
    assertThat(used(reference)).isNotNull();
  }

  @Test
  void aReferenceThatWasDeletedOrReplacedIsNotMeasuredAgainst() throws IOException {
    StoredReference reference = keep("a", 1);
    RunGauge gauge = used(reference);

    library.delete("a");
    assertDeleted(reference);

    StoredReference other = keep("a", 2);
    assertDeleted(reference);
    assertThat(used(other)).isNotSameAs(gauge);
  }

  private void assertDeleted(StoredReference reference) {
    assertThatExceptionOfType(Rejection.class)
        .isThrownBy(() -> gauges.take(reference))
        .withMessage("the reference " + reference.id() + " was deleted meanwhile")
        .extracting(Rejection::reason)
        .isEqualTo(Rejection.Reason.UNKNOWN_REFERENCE);
  }

  @Test
  void whatCannotBePreparedIsPreparedAnewByTheNext() throws IOException {
    StoredReference reference = keep("a", 1);
    byte[] file = Files.readAllBytes(reference.file());
    Files.write(reference.file(), new byte[100]);
    assertThatIllegalStateException()
        .isThrownBy(() -> gauges.take(reference))
        .withMessage("a reference that is kept here is damaged");
    Files.delete(reference.file());
    assertDeleted(reference);

    Files.write(reference.file(), file);
    assertThat(used(reference)).isSameAs(used(reference));
  }

  @Test
  void whatCannotBeMeasuredDoesNoHarmToTheGauge() throws IOException {
    StoredReference reference = keep("a", 1);
    RunGauge gauge = used(reference);
    assertThatThrownBy(
            () -> {
              try (PreparedGauges.Taken taken = gauges.take(reference);
                  EmbeddingFile run = EmbeddingFile.open(folder.resolve("missing"))) {
                taken.gauge().read(run);
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(used(reference)).isSameAs(gauge);
  }

  @Test
  void theEndFreesWhatIsKeptAndTheRestWhenItIsGivenBack() throws IOException {
    StoredReference reference = keep("a", 1);
    RunGauge kept;
    RunGauge taken;
    try (PreparedGauges.Taken late = gauges.take(reference)) {
      kept = used(reference);
      gauges.close();
      taken = late.gauge();
      assertThat(reading(taken).measurement().outcome()).isInstanceOf(Score.class);
    }
    assertFreed(kept);
    assertFreed(taken);
  }
}
