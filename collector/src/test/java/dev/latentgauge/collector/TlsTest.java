package dev.latentgauge.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latentgauge.collector.access.AccessOptions;
import dev.latentgauge.collector.access.Scope;
import dev.latentgauge.collector.access.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TlsTest {

  @TempDir private static Path made;
  private static TlsFiles first = new TlsFiles(Path.of(""), Path.of(""));
  private static TlsFiles second = first;
  private static TlsFiles ending = first;

  @TempDir private Path folder;
  private TlsFiles used = first;

  @BeforeAll
  static void make() throws Exception {
    first = Certificates.make(made, "first", "RSA", 90);
    second = Certificates.make(made, "second", "EC", 90);
    ending = Certificates.make(made, "ending", "EC", 3);
  }

  @BeforeEach
  void use() throws IOException {
    used = new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"));
    copy(first.certificate(), used.certificate());
    copy(first.key(), used.key());
  }

  private static void copy(Path from, Path to) throws IOException {
    Path beside = to.resolveSibling("beside");
    Files.copy(from, beside, StandardCopyOption.REPLACE_EXISTING);
    Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Collector start() throws IOException {
    return Collector.start(
        TestOptions.builder().access(AccessOptions.DEFAULT.withTls(used)).build());
  }

  private static int status(Collector collector, TlsFiles trusted) throws Exception {
    return get(collector, trusted, "/health/live").statusCode();
  }

  private static HttpResponse<String> get(Collector collector, TlsFiles trusted, String path)
      throws Exception {
    return HttpClient.newBuilder()
        .sslContext(Certificates.trusting(trusted))
        .build()
        .send(
            HttpRequest.newBuilder(URI.create(collector.address() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void servesHttpsAndToldBrowsersStayWithIt() throws Exception {
    try (Collector collector = start()) {
      assertThat(collector.address().getScheme()).isEqualTo("https");
      HttpResponse<String> answer = get(collector, first, "/");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
      assertThat(answer.headers().firstValue("strict-transport-security"))
          .hasValue("max-age=31536000");
      assertThatExceptionOfType(SSLException.class).isThrownBy(() -> status(collector, second));
      assertThat(new RawClient(collector.address()).exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
          .as("plain http")
          .doesNotContain("HTTP/1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void speaksTheProtocolsOfToday(String protocol) throws Exception {
    try (Collector collector = start();
        SSLSocket socket = socket(collector)) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.startHandshake();
      assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
    }
  }

  /** Java's own client refuses the old ones too, so the server is asked by itself. */
  @Test
  void speaksNoOthers() throws Exception {
    try (Collector collector = start();
        Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), collector.address().getPort())) {
      // A ClientHello of TLS 1.0 with one cipher suite, TLS_RSA_WITH_AES_128_CBC_SHA.
      byte[] hello = new byte[4 + 2 + 32 + 1 + 2 + 2 + 2];
      hello[0] = 1;
      hello[3] = (byte) (hello.length - 4);
      hello[4] = 3;
      hello[5] = 1;
      hello[40] = 2;
      hello[42] = 0x2f;
      hello[43] = 1;
      socket.getOutputStream().write(new byte[] {22, 3, 1, 0, (byte) hello.length});
      socket.getOutputStream().write(hello);
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(answer[0]).as("an alert").isEqualTo((byte) 21);
      assertThat(answer[6]).as("protocol_version").isEqualTo((byte) 70);
    }
  }

  private static SSLSocket socket(Collector collector) throws Exception {
    SSLContext context = Certificates.trusting(first, second);
    return (SSLSocket)
        context.getSocketFactory().createSocket("127.0.0.1", collector.address().getPort());
  }

  @Test
  void followsItsFilesAndDropsNoConnection() throws Exception {
    try (Collector collector = start();
        SSLSocket before = socket(collector)) {
      assertThat(ask(before)).startsWith("HTTP/1.1 200");
      copy(second.certificate(), used.certificate());
      copy(second.key(), used.key());
      await(() -> isServed(collector, second));
      assertThat(ask(before)).as("on the connection from before").startsWith("HTTP/1.1 200");
    }
  }

  private static String ask(SSLSocket socket) throws IOException {
    socket
        .getOutputStream()
        .write(
            "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith("}\n")) {
      answer.append((char) in.read());
    }
    return answer.toString();
  }

  private static boolean isServed(Collector collector, TlsFiles trusted) {
    try {
      return status(collector, trusted) == 200;
    } catch (SSLException e) {
      return false;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(Supplier<Boolean> condition) {
    while (!condition.get()) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "", "another's key"})
  void aBrokenPairIsLoggedOnceAndTheOneBeforeStays(String broken) throws Exception {
    try (Collector collector = start()) {
      String log =
          LoggedLines.during(
              soFar -> {
                copy(second.certificate(), used.certificate());
                if (!broken.equals("another's key")) {
                  Files.writeString(used.key(), broken);
                }
                await(() -> soFar.get().contains("the certificate before it stays"));
                assertThat(status(collector, first)).isEqualTo(200);
                copy(second.key(), used.key());
                await(() -> isServed(collector, second));
              });
      assertThat(log).containsOnlyOnce("the certificate before it stays");
    }
  }

  @Test
  void filesThatAreGoneChangeNothing() throws Exception {
    try (Collector collector = start()) {
      LoggedLines.during(
          soFar -> {
            Files.delete(used.key());
            await(() -> soFar.get().contains("the certificate before it stays"));
            assertThat(status(collector, first)).isEqualTo(200);
          });
    }
  }

  @Test
  void aPairThatDoesNotFitIsAnErrorAtTheStart() throws IOException {
    copy(second.key(), used.key());
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(this::start)
        .withMessageContaining(used.key() + " must hold");
    Files.writeString(used.certificate(), "nonsense");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(this::start)
        .withMessage(used.certificate() + " must hold certificates in PEM, but does not");
    Files.delete(used.certificate());
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(this::start)
        .withMessageStartingWith(used.certificate() + " must be a file");
  }

  @Test
  void aCertificateThatEndsSoonIsSaidOnce() throws Exception {
    copy(ending.certificate(), used.certificate());
    copy(ending.key(), used.key());
    String log =
        LoggedLines.during(
            soFar -> {
              CollectorOptions options =
                  TestOptions.builder()
                      .clock(Clock.systemUTC())
                      .access(AccessOptions.DEFAULT.withTls(used))
                      .build();
              try (Collector collector = Collector.start(options)) {
                await(() -> soFar.get().contains(" only"));
                copy(first.certificate(), used.certificate());
                copy(first.key(), used.key());
                await(() -> isServed(collector, first));
              }
            });
    assertThat(log).containsOnlyOnce(" only").contains("WARN");
  }

  @Test
  void withTlsAndATokenItMayListenEverywhere(@TempDir Path data) throws Exception {
    TestTokens.create(data, "fleet", Scope.WRITE);
    CollectorOptions options =
        CollectorOptions.builder()
            .port(0)
            .host("0.0.0.0")
            .data(data)
            .access(AccessOptions.DEFAULT.withTls(used))
            .build();
    try (Collector collector = Collector.start(options);
        SSLSocket socket = socket(collector)) {
      assertThat(ask(socket)).startsWith("HTTP/1.1 200");
    }
  }
}
