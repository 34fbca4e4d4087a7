package dev.latentgauge.collector.access;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of a collector and its key, as their files have them now.
 *
 * <p>What is read is checked, that the key is the certificate's included, before it is used: TLS
 * itself would find that out client by client. Used by one thread at a time.
 */
public final class CertificateWatch {

  private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
  private static final long MOST_BYTES = 1 << 20;
  private static final Duration SOON = Duration.ofDays(14);

  private final TlsFiles files;
  private final Vertx vertx;
  private final InstantSource clock;
  private Pair current;
  private @Nullable Pair rejected;
  private int timesSeen;
  private Instant warnedAt = Instant.EPOCH;

  /** The contents of both files. */
  private record Pair(Buffer certificate, Buffer key) {}

  private CertificateWatch(TlsFiles files, Vertx vertx, InstantSource clock, Pair current) {
    this.files = files;
    this.vertx = vertx;
    this.clock = clock;
    this.current = current;
  }

  /**
   * Reads a certificate for the first time.
   *
   * @param files where it is
   * @param vertx reads keys
   * @param clock says what time it is
   * @return the certificate
   * @throws IOException if one of the files cannot be read, or both do not fit together
   */
  public static CertificateWatch open(TlsFiles files, Vertx vertx, InstantSource clock)
      throws IOException {
    Pair pair = read(files);
    X509Certificate certificate = requireUsable(pair, files, vertx);
    LOG.info("TLS with {}, good until {}", files.certificate(), end(certificate));
    return new CertificateWatch(files, vertx, clock, pair);
  }

  /**
   * How to do TLS with it.
   *
   * @return the options for a server
   */
  public ServerSSLOptions options() {
    ServerSSLOptions options = new ServerSSLOptions();
    options.setKeyCertOptions(pem(current));
    options.setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
    return options;
  }

  /**
   * Looks whether the files have changed. A pair that cannot be used is logged, once it was seen
   * twice: who replaces two files replaces one first.
   *
   * @return how to do TLS from now on; empty if that has not changed
   */
  public Optional<ServerSSLOptions> changed() {
    warnIfItEnds();
    Pair pair;
    try {
      pair = read(files);
    } catch (IOException e) {
      complain(new Pair(Buffer.buffer(), Buffer.buffer()), e);
      return Optional.empty();
    }
    if (pair.equals(current)) {
      return Optional.empty();
    }
    try {
      X509Certificate certificate = requireUsable(pair, files, vertx);
      current = pair;
      LOG.info("TLS with the new {}, good until {}", files.certificate(), end(certificate));
      return Optional.of(options());
    } catch (IOException e) {
      complain(pair, e);
      return Optional.empty();
    }
  }

  private void complain(Pair pair, IOException failure) {
    if (!pair.equals(rejected)) {
      rejected = pair;
      timesSeen = 0;
    }
    if (++timesSeen == 2) {
      LOG.error("{}; the certificate before it stays", failure.getMessage());
    }
  }

  private void warnIfItEnds() {
    Instant now = clock.instant();
    if (Duration.between(warnedAt, now).compareTo(Duration.ofDays(1)) < 0) {
      return;
    }
    try {
      Instant end = end(chain(current, files)[0]);
      if (end.isBefore(now.plus(SOON))) {
        LOG.warn("the certificate in {} is good until {} only", files.certificate(), end);
      }
      warnedAt = now;
    } catch (IOException e) {
      throw new IllegalStateException("it was read before", e);
    }
  }

  private static Instant end(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }

  private static Pair read(TlsFiles files) throws IOException {
    return new Pair(content(files.certificate()), content(files.key()));
  }

  private static Buffer content(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
      throw new IOException(file + " must be a file of at most " + MOST_BYTES + " bytes");
    }
    return Buffer.buffer(Files.readAllBytes(file));
  }

  private static PemKeyCertOptions pem(Pair pair) {
    return new PemKeyCertOptions().setCertValue(pair.certificate()).setKeyValue(pair.key());
  }

  private static X509Certificate requireUsable(Pair pair, TlsFiles files, Vertx vertx)
      throws IOException {
    X509Certificate certificate = chain(pair, files)[0];
    PrivateKey key = key(pair, certificate.getPublicKey(), files, vertx);
    if (!belongTogether(key, certificate.getPublicKey())) {
      throw new IOException(
          files.key()
              + " must hold the key of the certificate in "
              + files.certificate()
              + ", but holds another");
    }
    return certificate;
  }

  private static X509Certificate[] chain(Pair pair, TlsFiles files) throws IOException {
    try {
      Collection<? extends Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pair.certificate().getBytes()));
      X509Certificate[] certificates =
          chain.stream().map(X509Certificate.class::cast).toArray(X509Certificate[]::new);
      if (certificates.length > 0) {
        return certificates;
      }
    } catch (GeneralSecurityException | ClassCastException e) {
      // It is refused below.
    }
    throw new IOException(files.certificate() + " must hold certificates in PEM, but does not");
  }

  private static PrivateKey key(Pair pair, PublicKey kind, TlsFiles files, Vertx vertx)
      throws IOException {
    try {
      for (KeyManager manager : pem(pair).getKeyManagerFactory(vertx).getKeyManagers()) {
        if (manager instanceof X509KeyManager keys) {
          String[] aliases = keys.getServerAliases(kind.getAlgorithm(), null);
          if (aliases != null && aliases.length > 0) {
            return keys.getPrivateKey(aliases[0]);
          }
        }
      }
    } catch (Exception e) {
      // It is refused below, and not quoted: a message might have the key.
    }
    throw new IOException(
        files.key() + " must hold a private key in PEM that fits the certificate, but does not");
  }

  private static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    byte[] message = {1, 2, 3};
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(privateKey);
      signer.update(message);
      byte[] signature = signer.sign();
      signer.initVerify(publicKey);
      signer.update(message);
      return signer.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
