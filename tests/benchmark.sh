#!/usr/bin/env bash
# Runs benchmarks:
#   tests/benchmark.sh MeasurementBenchmark [--seconds N]   what a measurement costs beside its matrix product, and PyTorch
#   tests/benchmark.sh OverheadBenchmark [--seconds N]   what a monitor costs its training, beside Deeplearning4j's listener
#   tests/benchmark.sh CollectorBenchmark [--seconds N]  durable observations a second, beside Pushgateway
#   tests/benchmark.sh ScrapeBenchmark [--seconds N]     what a scrape of many runs costs, and how much heap they keep
#   tests/benchmark.sh EmbeddingsBenchmark [--seconds N]   megabytes of embeddings a second, from socket to score
#   tests/benchmark.sh GrowthBenchmark [--history N] [--seconds N]   with what exponents time and memory grow
#   tests/benchmark.sh FleetBenchmark [--agents N] [--collectors N] [--seconds N]   ten minutes of ten thousand agents
#   tests/benchmark.sh RulesBenchmark [RUNS LAYERS MINUTES]  what the rules for Prometheus cost with many runs
#   tests/benchmark.sh LivePageBenchmark [RUNS LENGTH]   what people wait for the page, with many live runs
#   tests/benchmark.sh StartupBenchmark [--turns N]      what the Java agent costs a program's start
#   tests/benchmark.sh report                            makes tests/benchmarks.md of all results
#   tests/benchmark.sh [PATTERN] [options of JMH, such as -t 1 -rf json -rff FILE]   all others
# The threads of the engine are OMP_NUM_THREADS, 1 unless set; MeasurementBenchmark sets them itself.
set -euo pipefail
cd "$(dirname "$0")/.."

need() {
  command -v "$1" >/dev/null 2>&1 || {
    echo "tests/benchmark.sh: install $2 first, as tests/run.sh does" >&2
    exit 1
  }
}

phase=process-test-classes
main=dev.latentgauge.benchmarks.${1-}
case "${1-}" in
FleetBenchmark)
  need /usr/sbin/haproxy haproxy
  phase=package
  ;;
CollectorBenchmark)
  need prometheus-pushgateway prometheus-pushgateway
  phase=package
  ;;
EmbeddingsBenchmark | OverheadBenchmark | StartupBenchmark)
  phase=package
  ;;
GrowthBenchmark | LivePageBenchmark | MeasurementBenchmark | RulesBenchmark | ScrapeBenchmark) ;;
report)
  main=dev.latentgauge.benchmarks.BenchmarkReport
  ;;
*)
  main=org.openjdk.jmh.Main
  ;;
esac
if [ "$main" != org.openjdk.jmh.Main ]; then
  shift
fi
mvn -B -ntp -q "$phase" -DskipTests -pl tests -am
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
exec java -Dai.djl.offline=true -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
  -cp "tests/target/test-classes:$(cat tests/target/classpath)" "$main" "$@"
