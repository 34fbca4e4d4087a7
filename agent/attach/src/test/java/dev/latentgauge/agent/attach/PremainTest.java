package dev.latentgauge.agent.attach;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;

/** The door. */
class PremainTest {

  @Test
  void java11CanLoadIt() throws IOException {
    try (InputStream bytes = Premain.class.getResourceAsStream("Premain.class")) {
      ClassReader premain = new ClassReader(Objects.requireNonNull(bytes));
      assertThat(premain.readUnsignedShort(6)).isEqualTo(Opcodes.V11);
    }
  }
}
