package dev.latentgauge.examples.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Archives that the system's own {@code tar} wrote. */
final class Tar {

  private Tar() {}

  /**
   * Packs a folder.
   *
   * @param folder what is packed, under its own name
   * @param options further options of the program
   * @return the archive
   */
  static byte[] of(Path folder, String... options) throws IOException, InterruptedException {
    Path archive = Files.createTempFile("archive", ".tar");
    List<String> command = new ArrayList<>(List.of("tar", "--create"));
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "--file",
            archive.toString(),
            "--directory",
            folder.resolveSibling(".").toString(),
            folder.getFileName().toString()));
    Process tar = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (tar.waitFor() != 0) {
      throw new IOException("tar failed: " + output);
    }
    byte[] bytes = Files.readAllBytes(archive);
    Files.delete(archive);
    return bytes;
  }
}
