package dev.latentgauge.collector.web;

import dev.latentgauge.collector.ingest.Rejection;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where requests come in, before anybody asks what they want.
 *
 * <p>Turned away is what two programs could read in two ways, of which an attacker makes a second
 * request that one of them does not see: bodies where none belong, codings other than {@code
 * chunked}, several hosts, targets that are not paths. What the decoder refuses by itself ends here
 * too. A connection is closed after each of these, and after a body in chunks, since the decoder
 * does not tell whether a length was announced with it.
 */
public final class FrontDoor implements Handler<HttpServerRequest> {

  /**
   * Names and addresses, with a port. Vert.x 5.0.7 reads past the end of one whose last character
   * begins a percent-encoding.
   */
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(:[0-9]{1,5})?");

  private static final Set<String> WITHOUT_BODY =
      Set.of("GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT");

  private final Connections connections;
  private final Responder responder;
  private final Handler<HttpServerRequest> inside;

  FrontDoor(Connections connections, Responder responder, Handler<HttpServerRequest> inside) {
    this.connections = connections;
    this.responder = responder;
    this.inside = inside;
  }

  @Override
  public void handle(HttpServerRequest request) {
    if (!begin(request)) {
      return;
    }
    Optional<String> fault = fault(request);
    if (fault.isPresent()) {
      connections.endAfterThis(request.connection());
      responder.fail(
          request,
          new Rejection(Rejection.Reason.MALFORMED, Optional.empty(), fault.orElseThrow()));
      return;
    }
    if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      connections.endAfterThis(request.connection());
    }
    try {
      inside.handle(request);
    } catch (RuntimeException e) {
      // Or it would never be answered, and the connection stay as busy.
      responder.fail(request, e);
    }
  }

  private boolean begin(HttpServerRequest request) {
    if (!connections.begin(request.connection())) {
      request.connection().close();
      return false;
    }
    SecurityHeaders.addTo(request.response(), request.isSSL());
    new Passage(request).watch();
    return true;
  }

  /** A request that came in, and what becomes of its connection when it is answered. */
  private final class Passage {
    private final HttpServerRequest request;
    private boolean closesAtOnce;

    Passage(HttpServerRequest request) {
      this.request = request;
    }

    void watch() {
      request.response().headersEndHandler(written -> announce());
      request.response().bodyEndHandler(ended -> answered());
    }

    private void announce() {
      MultiMap headers = request.response().headers();
      closesAtOnce =
          waitsToBeAsked() || headers.contains(HttpHeaders.CONNECTION, HttpHeaders.CLOSE, true);
      if (closesAtOnce || connections.isLast(request.connection())) {
        headers.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      }
    }

    /**
     * Who waits to be asked for a body, and was not, may never send it, and what it sends next
     * would be taken for it.
     */
    private boolean waitsToBeAsked() {
      return request.headers().contains(HttpHeaders.EXPECT)
          && !request.isEnded()
          && request.bytesRead() == 0;
    }

    private void answered() {
      if (closesAtOnce) {
        request.connection().close();
      } else {
        connections.answered(request.connection(), request.isEnded());
      }
    }
  }

  private static Optional<String> fault(HttpServerRequest request) {
    List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
    boolean chunked = codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked");
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    int hosts = request.headers().getAll(HttpHeaders.HOST).size();
    if (request.headers().contains("")) {
      return Optional.of("a header must have a name, but one has none");
    } else if (!request.uri().startsWith("/")) {
      return Optional.of("the target must be a path, but is not");
    } else if (hosts > 1 || (hosts == 0 && request.version() != HttpVersion.HTTP_1_0)) {
      return Optional.of("Host must be given once, but is given " + hosts + " times");
    } else if (hosts == 1 && !HOST.matcher(request.getHeader(HttpHeaders.HOST)).matches()) {
      return Optional.of("Host must be a name or an address, with or without a port, but is not");
    } else if (!codings.isEmpty() && (!chunked || request.version() != HttpVersion.HTTP_1_1)) {
      return Optional.of("Transfer-Encoding must be chunked, and that in HTTP/1.1, but is not");
    } else if (WITHOUT_BODY.contains(request.method().name())
        && (chunked || !(length == null || length.equals("0")))) {
      return Optional.of(request.method().name() + " must have no body, but has one");
    }
    return Optional.empty();
  }

  /**
   * Answers what is not HTTP.
   *
   * @param request what the decoder made of it
   */
  public void refuse(HttpServerRequest request) {
    if (!begin(request)) {
      return;
    }
    connections.endAfterThis(request.connection());
    responder.answer(request, problem(request.decoderResult().cause()).answer());
    request.connection().close();
  }

  private static Problem problem(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return new Problem(
          Problem.Kind.TARGET, Optional.empty(), "the target must be shorter, but is too long");
    } else if (cause instanceof TooLongHttpHeaderException) {
      return new Problem(
          Problem.Kind.HEADERS, Optional.empty(), "the headers must be shorter, but are too long");
    }
    return Problem.notHttp();
  }
}
