package dev.latentgauge.tests.javaagent;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.loader.tools.Library;
import org.springframework.boot.loader.tools.LibraryScope;
import org.springframework.boot.loader.tools.Repackager;

/**
 * A program in a jar with the jars that it needs, as Spring Boot makes them: all its classes are in
 * a class loader of its own, below that of the class path.
 */
final class ExecutableJar {

  private static final List<String> NEEDED =
      List.of("/ai/djl/api/", "/ai/djl/pytorch/", "/slf4j", "/gson", "/jna", "/commons-");

  private final Path file;

  /** Not made yet. */
  ExecutableJar(Path file) {
    this.file = file;
  }

  /** Makes it of the classes of a package, a main class among them, DJL, and other jars. */
  void make(Class<?> main, Path... others) throws IOException {
    Path plain = file.resolveSibling("plain-" + file.getFileName());
    PlainJar.write(plain, main.getPackageName(), Map.of());
    Repackager repackager = new Repackager(plain.toFile());
    repackager.setMainClass(main.getName());
    repackager.setBackupSource(false);
    repackager.repackage(
        file.toFile(),
        libraries ->
            Stream.concat(djl(), Stream.of(others))
                .map(Path::toFile)
                .forEach(
                    library -> {
                      try {
                        libraries.library(new Library(library, LibraryScope.COMPILE));
                      } catch (IOException e) {
                        throw new UncheckedIOException(e);
                      }
                    }));
  }

  private static Stream<Path> djl() {
    return Stream.of(Program.classPath().split(File.pathSeparator))
        .filter(entry -> NEEDED.stream().anyMatch(entry.replace('\\', '/')::contains))
        .map(Path::of);
  }
}
