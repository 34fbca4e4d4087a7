package dev.latentgauge.examples.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose executors are processes, one of which is killed while it works. */
class LostExecutorIT {

  private static final int FILES = 100;

  @TempDir private Path folder;

  @Test
  void anExecutorThatIsKilledInTheMiddleLosesAndDoublesNothing() throws Exception {
    SparkInstallation.make();
    Killing killing = new Killing(FILES / 10);
    try (Fleet fleet = new Fleet(folder);
        SparkSession spark =
            FleetScoring.session("lost executor")
                .master("local-cluster[2,1,1024]")
                .config("spark.executor.memory", "1g")
                .config("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1")
                .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .config("spark.ui.enabled", false)
                .getOrCreate()) {
      fleet.addCheckpoints(FILES);
      List<Row> undisturbed = score(spark, fleet, "undisturbed");

      spark.sparkContext().addSparkListener(killing);
      List<Row> disturbed = score(spark, fleet, "disturbed");

      await().untilAsserted(() -> assertThat(killing.removed).hasPositiveValue());
      await().untilAsserted(() -> assertThat(killing.lost).hasPositiveValue());
      assertThat(undisturbed).hasSize(2 * FILES);
      assertThat(disturbed).containsExactlyElementsOf(undisturbed);
    }
  }

  /** By as many tasks as there are files. */
  private List<Row> score(SparkSession spark, Fleet fleet, String name) throws Exception {
    FileListing listing = new FileListing(spark.sparkContext().hadoopConfiguration());
    String table = folder.resolve(name).toString();
    FleetScoring scoring =
        FleetScoring.of(
            spark,
            listing.files(List.of(fleet.runs().toString())),
            1,
            listing.files(List.of(fleet.references().toString())),
            false,
            Optional.empty());
    new ScoreTable(spark, table, false).write(scoring.rows(), scoring.rowCount());
    return spark.read().parquet(table).orderBy("file", "referenceFile").collectAsList();
  }

  /** Kills an executor once some tasks are done. */
  private static final class Killing extends SparkListener {

    private final AtomicInteger toGo;
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger removed = new AtomicInteger();

    Killing(int tasks) {
      toGo = new AtomicInteger(tasks);
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
      if (task.reason() != Success$.MODULE$) {
        lost.incrementAndGet();
      } else if (toGo.decrementAndGet() == 0) {
        ProcessHandle.current().children().findFirst().orElseThrow().destroyForcibly();
      }
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
      removed.incrementAndGet();
    }
  }
}
