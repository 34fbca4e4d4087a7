package dev.latentgauge.delivery;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that the disk cannot be written, and once that it can again. Not thread-safe. */
final class DiskTrouble {

  private static final Logger LOG = LoggerFactory.getLogger(DiskTrouble.class);

  private final String run;
  private final Complaints complaints = new Complaints();
  private boolean lasts;

  DiskTrouble(String run) {
    this.run = run;
  }

  void begins(SpoolException cause) {
    if (!lasts && complaints.isNew("begins")) {
      LOG.warn(
          "reports of run {} wait in memory, {} MiB at most, until the disk can be written again:"
              + " {}",
          run,
          Spool.MEMORY_LIMIT >> 20,
          cause.getMessage());
    }
    lasts = true;
  }

  void ends() {
    if (lasts && complaints.isNew("ends")) {
      LOG.info("reports of run {} wait on disk again", run);
    }
    lasts = false;
  }
}
