package dev.latentgauge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.latentgauge.delivery.TestServer.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectorClientTest {

  private static final String SECRET = "s3cret-and-nobody-s";

  @TempDir private Path folder;

  private static CollectorClient.Builder builder(URI address, Map<String, String> environment) {
    return new CollectorClient.Builder(address, environment);
  }

  private static CollectorClient.Builder builder(String address) {
    return builder(URI.create(address), Map.of());
  }

  private static List<Optional<String>> authorizations(TestServer server) {
    return server.requests().stream().map(TestServer.Request::authorization).toList();
  }

  @Test
  void aTokenIsReadFromItsFileForEveryRequest() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "first\n");
    try (TestServer server = TestServer.start(200)) {
      CollectorClient client = builder(server.address(), Map.of()).tokenFile(file).build();
      client.send("GET", "a", "");
      Files.writeString(file, "second\r\n");
      client.send("GET", "a", "");
      assertThat(authorizations(server))
          .containsExactly(Optional.of("Bearer first"), Optional.of("Bearer second"));
    }
  }

  @Test
  void aTokenComesFromTheEnvironmentUnlessAnotherPlaceIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "of-file");
    Map<String, String> both =
        Map.of("LATENTGAUGE_TOKEN", "of-variable", "LATENTGAUGE_TOKEN_FILE", file.toString());
    try (TestServer server = TestServer.start(200)) {
      builder(server.address(), both).build().send("GET", "a", "");
      builder(server.address(), Map.of("LATENTGAUGE_TOKEN_FILE", file.toString()))
          .build()
          .send("GET", "a", "");
      builder(server.address(), Map.of("LATENTGAUGE_TOKEN", "x", "OTHER", "of-other"))
          .tokenVariable("OTHER")
          .build()
          .send("GET", "a", "");
      builder(server.address(), Map.of()).build().send("GET", "a", "");
      builder(server.address(), Map.of("LATENTGAUGE_TOKEN", "", "LATENTGAUGE_TOKEN_FILE", " "))
          .build()
          .send("GET", "a", "");
      assertThat(authorizations(server))
          .containsExactly(
              Optional.of("Bearer of-variable"),
              Optional.of("Bearer of-file"),
              Optional.of("Bearer of-other"),
              Optional.empty(),
              Optional.empty());
    }
  }

  @Test
  void anEmptyTokenFileIsSaidToBeEmpty() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "\n");
    try (TestServer server = TestServer.start(200)) {
      CollectorClient client = builder(server.address(), Map.of()).tokenFile(file).build();
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> client.send("GET", "a", ""))
          .withMessage("the file %s must hold a token, but is empty", file);
      assertThat(server.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"two words", "line\nline", "ü"})
  void whatCannotBeATokenIsNeverSentAndNeverQuoted(String token) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), token);
    try (TestServer server = TestServer.start(200)) {
      CollectorClient client = builder(server.address(), Map.of()).tokenFile(file).build();
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> client.send("GET", "a", ""))
          .withMessage(
              "the token in the file %s must be 1 to 8192 visible ASCII characters, but is not",
              file);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aTokenFileThatIsNotThereYetIsWaitedFor() throws Exception {
    Path file = folder.resolve("token");
    try (TestServer server = TestServer.start(200)) {
      CollectorClient client = builder(server.address(), Map.of()).tokenFile(file).build();
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> client.send("GET", "a", ""))
          .withMessageContaining(file + " does not exist");
      Files.writeString(file, SECRET);
      assertThat(client.send("GET", "a", "").isTaken()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://127.0.0.1:1", "http://127.9.8.7", "http://localhost:1", "http://[::1]:1"})
  void aTokenMayGoOverPlainHttpToThisMachine(String address) {
    assertThat(builder(URI.create(address), Map.of("LATENTGAUGE_TOKEN", SECRET)).mistakes())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://collector:9475",
        "http://10.0.0.1",
        "http://127.0.0.1.example.org",
        "http://localhost.example.org",
        "http://[::2]"
      })
  void aTokenMustNotGoOverPlainHttpToAnotherUnlessThatIsAllowed(String address) {
    Map<String, String> environment = Map.of("LATENTGAUGE_TOKEN", SECRET);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(URI.create(address), environment).build())
        .withMessageContaining("must not go over plain http to another machine")
        .withMessageContaining(address)
        .withMessageNotContaining(SECRET);
    assertThat(builder(URI.create(address), environment).allowTokenOverHttp().mistakes()).isEmpty();
    assertThat(builder(URI.create(address), Map.of()).mistakes()).isEmpty();
    assertThat(builder(URI.create(address.replace("http", "https")), environment).mistakes())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://user:%s@host", "https://%s@host/", "http://a:%s@host_name:1"})
  void anAddressWithAPasswordIsRefusedAndNotQuoted(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(address.formatted(SECRET)).build())
        .withMessageContaining("must have no user information")
        .withMessageNotContaining(SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"collector", "//host", "file:///x", "ftp://host", "http://h?a=b", "http:x"})
  void anAddressThatIsNoneIsRefused(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(address).build())
        .withMessageStartingWith("the address of a collector must")
        .withMessageEndingWith(address);
  }

  @Test
  void allMistakesAreToldAtOnce() {
    assertThat(
            builder("ftp://host")
                .tokenVariable("UNSET")
                .tokenFile(Path.of("token"))
                .trust(folder.resolve("missing.pem"))
                .mistakes())
        .hasSize(4)
        .anyMatch(mistake -> mistake.contains("ftp://host"))
        .anyMatch(mistake -> mistake.contains("UNSET"))
        .anyMatch(mistake -> mistake.contains("one place"))
        .anyMatch(mistake -> mistake.contains("missing.pem"));
  }

  @Test
  void aFileWithoutCertificatesIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("none.pem"), "-----BEGIN nothing-----");
    assertThat(builder("https://host").trust(file).mistakes()).hasSize(1);
    Files.writeString(file, "");
    assertThat(builder("https://host").trust(file).mistakes()).hasSize(1);
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    try (TestServer other = TestServer.start(200);
        TestServer server =
            TestServer.start(
                request -> new Reply(307, "", Map.of("Location", other.address().toString())))) {
      Answer answer =
          builder(server.address(), Map.of("LATENTGAUGE_TOKEN", SECRET))
              .build()
              .send("POST", "a", "{}");
      assertThat(answer.isTaken()).isFalse();
      assertThat(other.requests()).isEmpty();
    }
  }

  @Test
  void nothingThatIsPrintedHasTheToken() {
    CollectorClient client =
        builder(URI.create("https://host"), Map.of("LATENTGAUGE_TOKEN", SECRET)).build();
    assertThat(client.toString()).contains("https://host/").doesNotContain(SECRET);
    assertThat(Token.standard(Map.of("LATENTGAUGE_TOKEN", SECRET)).toString())
        .doesNotContain(SECRET);
  }

  @Test
  void anAnswerThatRepeatsTheTokenIsPrintedWithoutItAndReadAsItIs() throws Exception {
    Map<String, String> problem = Map.of("Content-Type", "application/problem+json");
    try (TestServer server =
        TestServer.start(
            request -> new Reply(401, "{\"detail\": \"no Bearer stop\\/it\"}", problem))) {
      Answer refusal =
          builder(server.address(), Map.of("LATENTGAUGE_TOKEN", "stop/it"))
              .build()
              .send("POST", "a", "{}");
      assertThat(refusal.quoted()).endsWith("was answered 401 no Bearer ***");
      assertThat(refusal).hasToString(refusal.quoted());
      server.behave(request -> new Reply(200, "{\"directive\": {\"action\": \"stop\"}}", Map.of()));
      Answer order =
          builder(server.address(), Map.of("LATENTGAUGE_TOKEN", "stop"))
              .build()
              .send("POST", "a", "{}");
      assertThat(order.directive()).isPresent();
    }
  }

  @Test
  void aCertificateOfOnesOwnIsTrustedIfItIsNamedAndNotOtherwise() throws Exception {
    Path store = folder.resolve("store.p12");
    Path certificate = certificate(store, "ip:127.0.0.1");
    try (TestServer server = TestServer.startTls(context(store), request -> Reply.of(200))) {
      assertThat(
              builder(server.address(), Map.of("LATENTGAUGE_TOKEN", SECRET))
                  .trust(certificate)
                  .build()
                  .send("GET", "a", "")
                  .isTaken())
          .isTrue();
      assertThat(authorizations(server)).containsExactly(Optional.of("Bearer " + SECRET));
      CollectorClient stranger = builder(server.address(), Map.of()).build();
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> stranger.send("GET", "a", ""))
          .withMessageContaining("cannot be asked")
          .withMessageContaining("certif");
      Path other = certificate(folder.resolve("other.p12"), "ip:127.0.0.1");
      CollectorClient mistaken = builder(server.address(), Map.of()).trust(other).build();
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> mistaken.send("GET", "a", ""))
          .withMessageContaining("certif");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aCertificateOfAnotherHostIsNotTrusted() throws Exception {
    Path store = folder.resolve("store.p12");
    Path certificate = certificate(store, "dns:elsewhere");
    try (TestServer server = TestServer.startTls(context(store), request -> Reply.of(200))) {
      CollectorClient client =
          builder(server.address(), Map.of("LATENTGAUGE_TOKEN", SECRET)).trust(certificate).build();
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> client.send("GET", "a", ""));
      assertThat(server.requests()).isEmpty();
    }
  }

  /** Makes a key with a certificate of its own, and exports that. */
  private static Path certificate(Path store, String alternativeName) throws Exception {
    Path certificate = Path.of(store + ".pem");
    String subject = "CN=" + store.getFileName();
    String extension = "SAN=" + alternativeName;
    keytool(store, "-genkeypair", "-keyalg", "RSA", "-dname", subject, "-ext", extension);
    keytool(store, "-exportcert", "-rfc", "-file", certificate.toString());
    return certificate;
  }

  private static void keytool(Path store, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-alias", "test", "-storepass", "password", "-keystore", store.toString()));
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  private static SSLContext context(Path file) throws Exception {
    char[] password = "password".toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream stream = Files.newInputStream(file)) {
      store.load(stream, password);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
