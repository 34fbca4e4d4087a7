package dev.latentgauge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is on standard error, to the byte. */
class LoggingTest {

  private static final String HOSTILE =
      "a\r\n2026-05-06T07:08:09.125Z ERROR Forged - b\u001b[2J\u0085c\u2028d\u202ee\u0000\t\ud800";

  private final LoggerContext context = new LoggerContext();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream before = System.err;

  @BeforeEach
  void listen() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setErr(before);
    context.stop();
  }

  private String logged(LogFormat format, Consumer<Logger> action) {
    bytes.reset();
    Logging.configure(context, format, LogLevel.INFO);
    action.accept(context.getLogger("dev.latentgauge.some.Place"));
    assertThat(bytes.toString(StandardCharsets.UTF_8)).endsWith("\n");
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aTextHasTimeLevelShortNameMessageAndPairs() {
    assertThat(
            logged(
                LogFormat.TEXT,
                log -> log.atWarn().addKeyValue("run", "a b").log("it {} well", "goes")))
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)"
                + " WARN Place - it goes well run=\"a b\"\n");
  }

  @Test
  void jsonHasThemAsMembersAndTheExceptionAsOneText() {
    String line =
        logged(
            LogFormat.JSON,
            log ->
                log.atError()
                    .addKeyValue("run", "a")
                    .addKeyValue("bytes", 7)
                    .addKeyValue("level", "mine")
                    .setCause(new IllegalStateException("x\ny"))
                    .log("it {}", "failed"));
    JsonObject object = JsonParser.parseString(line).getAsJsonObject();
    assertThat(object.get("time").getAsString()).matches("\\d{4}-.*T.*\\.\\d{3}Z");
    assertThat(object.get("level").getAsString()).isEqualTo("ERROR");
    assertThat(object.get("level_").getAsString()).isEqualTo("mine");
    assertThat(object.get("logger").getAsString()).isEqualTo("dev.latentgauge.some.Place");
    assertThat(object.get("message").getAsString()).isEqualTo("it failed");
    assertThat(object.get("run").getAsString()).isEqualTo("a");
    assertThat(object.get("bytes").getAsInt()).isEqualTo(7);
    assertThat(object.get("exception").getAsString())
        .startsWith("java.lang.IllegalStateException: x\ny")
        .contains("\tat dev.latentgauge.cli.LoggingTest");
    assertThat(line).endsWith("}\n").doesNotContain("\n\t").hasLineCount(1);
  }

  @ParameterizedTest
  @EnumSource(LogFormat.class)
  void whatClientsSendMakesNoLineOfItsOwn(LogFormat format) {
    String line =
        logged(format, log -> log.atInfo().addKeyValue("k", HOSTILE).log("run {} is odd", HOSTILE));
    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    assertThat(line.substring(0, line.length() - 1).codePoints())
        .noneMatch(Character::isISOControl)
        .noneMatch(character -> character == 0x2028 || character == 0x202e);
  }

  @Test
  void theLinesOfAnExceptionStandBehindTabs() {
    String text =
        logged(
            LogFormat.TEXT,
            log ->
                log.error(
                    "failed",
                    new IllegalStateException(HOSTILE, new IllegalArgumentException("\n\nmore"))));
    assertThat(text.lines().skip(1)).isNotEmpty().allMatch(line -> line.startsWith("\t"));
    assertThat(text).contains("\tCaused by: java.lang.IllegalArgumentException", "\t\tat ");
  }

  @ParameterizedTest
  @EnumSource(LogFormat.class)
  void randomTextsStayOnTheirLine(LogFormat format) {
    for (int seed = 0; seed < 100; seed++) {
      String noise =
          new Random(seed)
              .ints(50, 0, 0x3000)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      String line = logged(format, log -> log.info(noise));
      assertThat(line.indexOf('\n')).as("seed %d", seed).isEqualTo(line.length() - 1);
      if (format == LogFormat.JSON) {
        assertThat(JsonParser.parseString(line).getAsJsonObject().get("message").getAsString())
            .as("seed %d", seed)
            .isEqualTo(noise);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ERROR, dev.latentgauge.a, ERROR", "ERROR, io.netty.a, ERROR",
    "INFO, dev.latentgauge.a, INFO", "INFO, ai.djl.a, WARN",
    "DEBUG, dev.latentgauge.a, DEBUG", "DEBUG, io.netty.a, INFO",
    "DEBUG, io.micrometer.core.instrument.MeterRegistry, ERROR"
  })
  void theLevelIsThatOfTheCollectorAndItsLibrariesSayNoMoreThanUsual(
      LogLevel level, String logger, String effective) {
    Logging.configure(context, LogFormat.TEXT, level);
    assertThat(context.getLogger(logger).getEffectiveLevel()).hasToString(effective);
  }
}
