package dev.latentgauge.collector.web;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.latentgauge.collector.ingest.Rejection;
import io.vertx.core.MultiMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParametersTest {

  private static final Parameters SOME = Parameters.of("limit", "cursor").andOften("name[]", 2);

  @ParameterizedTest
  @CsvSource({"''", "limit=1", "limit=1&cursor=x", "name[]=a&name[]=b&limit=1"})
  void takesWhatItKnows(String query) {
    assertThatNoException().isThrownBy(() -> SOME.check(parsed(query)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limits=1 | the parameters of this address must be among cursor, limit, name[], but one is \"limits\"",
        "Limit=1 | the parameters of this address must be among cursor, limit, name[], but one is \"Limit\"",
        "limit=1&limit=2 | limit must be given once, but is given 2 times",
        "name[]=a&name[]=b&name[]=c | name[] must be given at most 2 times, but is 3",
      })
  void refusesWhatItDoesNot(String query, String detail) {
    assertThatExceptionOfType(Rejection.class)
        .isThrownBy(() -> SOME.check(parsed(query)))
        .withMessage(detail);
  }

  @ParameterizedTest
  @CsvSource({"x=1"})
  void anAddressWithoutParametersTakesNone(String query) {
    assertThatExceptionOfType(Rejection.class)
        .isThrownBy(() -> Parameters.NONE.check(parsed(query)))
        .withMessage("the parameters of this address must be none, but one is \"x\"");
  }

  private static MultiMap parsed(String query) {
    MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      parameters.add(parts[0], parts[1]);
    }
    return parameters;
  }
}
