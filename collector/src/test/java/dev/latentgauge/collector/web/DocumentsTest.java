package dev.latentgauge.collector.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.latentgauge.collector.run.Run;
import dev.latentgauge.collector.store.Page;
import dev.latentgauge.observation.RunInfo;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DocumentsTest {

  private static final int RUNS = 1000;

  @Test
  void aPageThatBecomesTooLargeEndsEarlyAndTheNextGoesOnThere() {
    List<Run> runs = IntStream.range(1000, 1000 + RUNS).mapToObj(DocumentsTest::large).toList();
    String text = Documents.runs(new Page<>(runs, false)).toString();
    assertThat(text.length()).isBetween(8 << 20, 9 << 20);
    JsonObject page = JsonParser.parseString(text).getAsJsonObject();
    int listed = page.getAsJsonArray("runs").size();
    assertThat(listed).isBetween(1, RUNS - 1);
    assertThat(page.get("next").getAsString()).isEqualTo(Cursor.after("run-" + (999 + listed)));
  }

  @Test
  void thePageThatIsTheLastSaysSo() {
    Page<Run> last = new Page<>(List.of(large(1), large(2)), false);
    assertThat(Documents.runs(last).toString()).endsWith("],\"next\":null}\n");
    assertThat(Documents.runs(new Page<>(List.of(), false)).toString())
        .isEqualTo("{\"runs\":[],\"next\":null}\n");
  }

  /** As much as may be said of a run in its tags. */
  private static Run large(int number) {
    RunInfo info = RunInfo.named("run-" + number);
    for (int i = 0; i < RunInfo.MOST_TAGS; i++) {
      info = info.tag("tag-" + i, "x".repeat(RunInfo.LONGEST_TEXT));
    }
    return Run.registered(info, Instant.EPOCH);
  }
}
