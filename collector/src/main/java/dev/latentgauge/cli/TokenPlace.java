package dev.latentgauge.cli;

import dev.latentgauge.collector.access.TokenFile;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which tokens a command is about. */
final class TokenPlace {

  @Mixin private DataPlace data = new DataPlace();

  @Option(
      names = "--tokens-file",
      paramLabel = "FILE",
      defaultValue = "${env:LATENTGAUGE_TOKENS_FILE}",
      description = "The file of the tokens, if serve has it elsewhere than in DIR/tokens.json.")
  private @Nullable Path file;

  TokenFile file() {
    return TokenFile.at(file == null ? data.folder().resolve(TokenFile.NAME) : file);
  }
}
