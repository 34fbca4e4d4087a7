package dev.latentgauge.agent;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Which process of a distributed training this is, as its launcher says. */
final class Rank {

  /** Variables for the rank and the number of processes: torchrun, Open MPI, MPICH, Slurm. */
  private static final List<List<String>> VARIABLES =
      List.of(
          List.of("RANK", "WORLD_SIZE"),
          List.of("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
          List.of("PMI_RANK", "PMI_SIZE"),
          List.of("SLURM_PROCID", "SLURM_NTASKS"));

  private Rank() {}

  /** The rank, of the first launcher that has started more than one process; else 0. */
  static int of(Map<String, String> environment) {
    for (List<String> names : VARIABLES) {
      OptionalInt rank = number(environment, names.get(0));
      OptionalInt size = number(environment, names.get(1));
      if (rank.isPresent() && size.orElse(1) > 1) {
        return rank.getAsInt();
      }
    }
    return 0;
  }

  private static OptionalInt number(Map<String, String> environment, String name) {
    String text = environment.getOrDefault(name, "");
    return text.matches("[0-9]{1,9}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }
}
