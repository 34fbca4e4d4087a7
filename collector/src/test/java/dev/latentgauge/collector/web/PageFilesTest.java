package dev.latentgauge.collector.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageFilesTest {

  private static final Map<String, Buffer> FILES =
      Map.of(
          "index.html", Buffer.buffer("page"),
          "a.js", Buffer.buffer("script"),
          "lib/b/b.css", Buffer.buffer("style"));

  @TempDir private Path folder;

  @Test
  void areListedInAFolderAndBelowAndNowhereElse() throws IOException {
    for (Map.Entry<String, Buffer> file : FILES.entrySet()) {
      Path path = folder.resolve("ui").resolve(file.getKey());
      Files.createDirectories(path.resolveSibling(""));
      Files.write(path, file.getValue().getBytes());
    }
    Files.writeString(folder.resolve("secret.txt"), "secret");
    assertThat(PageFiles.beside(folder.resolve("ui").resolve("index.html").toUri().toURL()))
        .containsExactlyInAnyOrderEntriesOf(FILES);
  }

  @Test
  void areListedInAJarAlikeWithOrWithoutEntriesForFolders() throws IOException {
    for (boolean hasFolders : new boolean[] {true, false}) {
      Path jar = folder.resolve("with a blank " + hasFolders + ".jar");
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
        if (hasFolders) {
          out.putNextEntry(new ZipEntry("web/ui/"));
          out.putNextEntry(new ZipEntry("web/ui/lib/"));
        }
        for (Map.Entry<String, Buffer> file : FILES.entrySet()) {
          put(out, "web/ui/" + file.getKey(), file.getValue());
        }
        put(out, "web/secret.txt", Buffer.buffer("secret"));
        put(out, "web/uifake/secret.txt", Buffer.buffer("secret"));
      }
      assertThat(PageFiles.beside(URI.create("jar:" + jar.toUri() + "!/web/ui/index.html").toURL()))
          .containsExactlyInAnyOrderEntriesOf(FILES);
    }
  }

  private static void put(JarOutputStream jar, String name, Buffer content) throws IOException {
    jar.putNextEntry(new ZipEntry(name));
    jar.write(content.getBytes());
  }

  @Test
  void areOfKnownTypes() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Asset.of("notes.docx", Buffer.buffer("x")))
        .withMessage(
            "a file of the page must end in one of [css, html, js, png, svg, txt], but one is"
                + " notes.docx");
  }

  @Test
  void thatAreNotWorthItAreNotCompressed() {
    Asset tiny = Asset.of("a.txt", Buffer.buffer("x"));
    assertThat(tiny.compressed()).isEqualTo(tiny.plain());
  }
}
