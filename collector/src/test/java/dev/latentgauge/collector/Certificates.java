package dev.latentgauge.collector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latentgauge.collector.access.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates for tests, each its own authority, made by the JDK's keytool. */
final class Certificates {

  private static final char[] PASSWORD = "password".toCharArray();

  private Certificates() {}

  /** Makes a key and a certificate for this machine, as PEM. */
  static TlsFiles make(Path folder, String name, String algorithm, int days) throws Exception {
    Path store = folder.resolve(name + ".p12");
    keytool(
        store,
        "-genkeypair",
        "-keyalg",
        algorithm,
        "-dname",
        "CN=" + name,
        "-validity",
        Integer.toString(days),
        "-ext",
        "SAN=IP:127.0.0.1,DNS:localhost");
    TlsFiles files =
        new TlsFiles(folder.resolve(name + ".crt.pem"), folder.resolve(name + ".key.pem"));
    KeyStore keys = load(store);
    write(files.certificate(), "CERTIFICATE", keys.getCertificate("test").getEncoded());
    write(files.key(), "PRIVATE KEY", keys.getKey("test", PASSWORD).getEncoded());
    return files;
  }

  private static void keytool(Path store, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-alias", "test", "-storepass", "password", "-keystore", store.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  private static KeyStore load(Path store) throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(store)) {
      keys.load(stream, PASSWORD);
    }
    return keys;
  }

  private static void write(Path file, String kind, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }

  /** Trusts these certificates and no others. */
  static SSLContext trusting(TlsFiles... trusted) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (TlsFiles files : trusted) {
      try (InputStream stream = Files.newInputStream(files.certificate())) {
        Certificate certificate =
            CertificateFactory.getInstance("X.509").generateCertificate(stream);
        store.setCertificateEntry(files.certificate().toString(), certificate);
      }
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
