package dev.latentgauge.cli;

import dev.latentgauge.collector.access.AccessOptions;
import dev.latentgauge.collector.access.RateLimits;
import dev.latentgauge.collector.access.TlsFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How {@code serve} is guarded. */
final class AccessFlags {

  private static final int FAILURES = RateLimits.DEFAULT.failures();

  @Option(
      names = "--tokens-file",
      paramLabel = "FILE",
      description = "Where tokens are, as token create writes them; unless set, DIR/tokens.json.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--require-tokens",
      description =
          "Lets nobody in without a token; so it is anyway where there is a token file, and beyond"
              + " loopback.")
  private boolean requireTokens;

  @Option(
      names = "--tls-certificate",
      paramLabel = "PEM",
      description = "Certificate for https, followed by those that vouch for it; may change.")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "PEM",
      description = "Private key of the certificate; may change with it.")
  private @Nullable Path key;

  @Option(
      names = "--behind-proxy",
      description =
          "A proxy does https, adds the address of its client to X-Forwarded-For, and alone reaches"
              + " the port.")
  private boolean behindProxy;

  @Option(
      names = "--requests-per-second",
      paramLabel = "N",
      description = "The most requests of one token, or without tokens of one address.")
  private int requests = RateLimits.DEFAULT.requests();

  @Option(
      names = "--bytes-per-second",
      paramLabel = "N",
      description = "The most bytes of bodies of one token, or without tokens of one address.")
  private long bytes = RateLimits.DEFAULT.bytes();

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "The most connections at once; one address has half of them at most.")
  private int connections = RateLimits.DEFAULT.connections();

  /** What is wrong with what was given, a sentence each. */
  List<String> mistakes() {
    List<String> mistakes =
        new ArrayList<>(RateLimits.mistakes(requests, bytes, FAILURES, connections));
    if ((certificate == null) != (key == null)) {
      mistakes.add("--tls-certificate and --tls-key must be given together, but one is missing");
    }
    return mistakes;
  }

  /** The options that were given; there must be no {@link #mistakes}. */
  AccessOptions options() {
    return new AccessOptions(
        Optional.ofNullable(tokenFile),
        requireTokens,
        behindProxy,
        tls(),
        new RateLimits(requests, bytes, FAILURES, connections));
  }

  private Optional<TlsFiles> tls() {
    return certificate == null || key == null
        ? Optional.empty()
        : Optional.of(new TlsFiles(certificate, key));
  }
}
