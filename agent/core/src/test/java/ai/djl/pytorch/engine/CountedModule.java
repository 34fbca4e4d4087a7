package ai.djl.pytorch.engine;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDManager;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A TorchScript module that counts how often it is copied.
 *
 * <p>It is in this package since modules are known by it.
 */
public final class CountedModule extends PtSymbolBlock {

  private int copies;

  private CountedModule(NDManager manager) {
    super((PtNDManager) manager);
  }

  /** Loads a module from a file that Python wrote. */
  public static CountedModule load(Path file, NDManager manager)
      throws IOException, MalformedModelException {
    CountedModule module = new CountedModule(manager);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream saved = new DataOutputStream(bytes);
    saved.writeByte(module.version);
    byte[] script = Files.readAllBytes(file);
    saved.writeLong(script.length);
    saved.write(script);
    module.loadParameters(
        manager, new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    return module;
  }

  public int copies() {
    return copies;
  }

  @Override
  public void saveParameters(DataOutputStream output) throws IOException {
    copies++;
    super.saveParameters(output);
  }
}
