package dev.latentgauge.collector.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {

  @ParameterizedTest
  @CsvSource({
    "postgresql://db/gauge, jdbc:postgresql://db/gauge,",
    "postgres://db:5433/gauge, jdbc:postgresql://db:5433/gauge,",
    "jdbc:postgresql://[::1]:5433/gauge, jdbc:postgresql://[::1]:5433/gauge,",
    "postgresql://me@db/gauge?sslmode=require, jdbc:postgresql://db/gauge?sslmode=require, me",
    "postgresql://a%40b@db/gauge, jdbc:postgresql://db/gauge, a@b",
    "jdbc:postgresql://db/gauge?user=me&sslmode=require,"
        + " jdbc:postgresql://db/gauge?sslmode=require, me",
  })
  void isReadAsPsqlAndJdbcWriteIt(String text, String jdbc, String user) {
    DatabaseUrl url = DatabaseUrl.parse(text);
    assertThat(url.jdbc()).isEqualTo(jdbc);
    assertThat(url.user().orElse(null)).isEqualTo(user);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://me:secret@db/gauge",
        "postgresql://db/gauge?password=secret",
        "postgresql://db/gauge?user=me&PassWord=secret",
        "jdbc:postgresql://db/gauge?p%61ssword=secret",
      })
  void aPasswordInItIsRefusedAndNotRepeated(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DatabaseUrl.parse(text))
        .withMessageContaining("must have no password in it")
        .satisfies(failure -> assertThat(failure.toString()).doesNotContain("secret"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "postgresql:gauge",
        "postgresql:///gauge",
        "postgresql://db",
        "postgresql://db/",
        "postgresql://db/a/b",
        "postgresql://db/gauge#x",
        "mysql://db/gauge",
        "jdbc:sqlite:secret",
        "postgresql://me:se cret@db/gauge",
      })
  void whatIsNoAddressOfADatabaseIsRefusedAndNotRepeated(String text) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> DatabaseUrl.parse(text))
        .withMessageStartingWith("the address of the database must be postgresql://USER@HOST")
        .withMessageNotContaining("cret");
  }
}
