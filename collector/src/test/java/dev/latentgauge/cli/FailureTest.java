package dev.latentgauge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FailureTest {

  @Test
  void aMessageForPeopleStandsAlone() {
    assertThat(Failure.oneLine(new IOException("the disk is full"))).isEqualTo("the disk is full");
    assertThat(Failure.oneLine(new UncheckedIOException(new IOException("the disk is full"))))
        .isEqualTo("the disk is full");
  }

  @Test
  void aFileThatIsMissingOrForbiddenIsNamedWithWhatIsWrong() {
    assertThat(Failure.oneLine(new NoSuchFileException("a.safetensors")))
        .isEqualTo("a.safetensors does not exist");
    assertThat(Failure.oneLine(new AccessDeniedException("a.safetensors")))
        .isEqualTo("access to a.safetensors is denied");
  }

  @Test
  void aMistakeInTheProgramIsNamedAndTheWayToFindIt() {
    assertThat(Failure.oneLine(new IndexOutOfBoundsException("index 3 of 3")))
        .isEqualTo("java.lang.IndexOutOfBoundsException: index 3 of 3; --verbose tells where");
    assertThat(Failure.oneLine(new IOException()))
        .isEqualTo("java.io.IOException; --verbose tells where");
  }

  @Test
  void severalLinesBecomeOne() {
    assertThat(Failure.oneLine(new IOException("one,\n  two\r\n"))).isEqualTo("one, two");
  }
}
