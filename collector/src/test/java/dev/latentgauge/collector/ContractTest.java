package dev.latentgauge.collector;

import static dev.latentgauge.collector.Observations.scored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latentgauge.collector.run.RunState;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written in {@code openapi.yaml} is so, and what is not written is not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractTest {

  private final Contract contract = Contract.ours();
  private Collector collector;

  @BeforeAll
  void start() throws IOException {
    collector = Collector.start(TestOptions.builder().build());
  }

  @AfterAll
  void close() {
    collector.close();
  }

  @Test
  void isAValidDocumentOfOpenApi() {
    assertThat(contract.mistakes()).isEmpty();
    String broken = Contract.read().replaceFirst("in: path", "in: way");
    assertThat(Contract.parse(broken).mistakes()).isNotEmpty();
  }

  @Test
  void hasTheAddressesMethodsAndParametersThatTheCollectorAnswersAndNoOthers() {
    assertThat(contract.operations()).containsExactlyElementsOf(collector.operations());
  }

  @Test
  void isServedAsItIs() {
    Client.Reply served = new Client(collector.address()).get("/openapi.yaml");
    assertThat(served.text()).isEqualTo(Contract.read());
    assertThat(served.header("content-type")).isEqualTo("application/yaml");
    assertThat(contract.document().getJsonObject("info").getString("version"))
        .isEqualTo(Version.current());
  }

  @Test
  void whoHasItIsNotSentItAgain() {
    Client client = new Client(collector.address());
    String tag = client.get("/openapi.yaml").header("etag");
    Client.Reply again = client.get("/openapi.yaml", "If-None-Match", "\"x\", W/" + tag);
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.response().body()).isEmpty();
    assertThat(client.get("/openapi.yaml", "If-None-Match", "\"x\"").status()).isEqualTo(200);
  }

  @Test
  void knowsTheStatesOfRuns() {
    assertThat(
            contract
                .document()
                .getJsonObject("components")
                .getJsonObject("schemas")
                .getJsonObject("RunState")
                .getJsonArray("enum"))
        .containsExactlyElementsOf(Arrays.stream(RunState.values()).map(RunState::text).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "duplicates: | duplicate: | GET /v1/runs/{run}/observations: additional",
        "required: [accepted, duplicates, directive] | required: [rejected] | a field is missing",
        "'200': | '202': | the status 200 is not declared",
        "const: Accept-Encoding | const: Accept-Language | the header Vary",
        "application/json: | text/json: | the content type application/json is not declared",
        "enum: [continue, stop] | enum: [go, stop] | other values are allowed",
      })
  void aMistakeInItMakesTestsFail(String right, String wrong, String mistake) {
    Contract other = Contract.parse(Contract.read().replace(right, wrong));
    Client client = new Client(collector.address(), other);
    assertThatExceptionOfType(AssertionError.class)
        .as(mistake)
        .isThrownBy(() -> client.report("a", scored(1, 0.5)));
  }

  @Test
  void aRequestThatItForbidsAndTheCollectorTakesMakesTestsFail() {
    Contract strict = Contract.parse(Contract.read().replace("maxItems: 1000", "maxItems: 0"));
    Client client = new Client(collector.address(), strict);
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> client.report("a", scored(1, 0.5)))
        .withMessageContaining("though invalid");
  }

  @Test
  void aRequestThatItAllowsAndTheCollectorRefusesMakesTestsFail() {
    Contract lax = Contract.parse(Contract.read().replace("maximum: 1000", "maximum: 2000"));
    Client client = new Client(collector.address(), lax);
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> client.get("/v1/runs?limit=1500"))
        .withMessageContaining("though valid");
  }
}
