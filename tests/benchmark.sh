#!/usr/bin/env bash
# Runs benchmarks:
#   tests/benchmark.sh MeasurementBenchmark [--seconds N]   what a measurement costs beside its matrix product, and PyTorch
#   tests/benchmark.sh OverheadBenchmark [--seconds N]   what a monitor costs its training, N seconds a row
#   tests/benchmark.sh CollectorBenchmark [--seconds N]  durable observations a second, beside Pushgateway
#   tests/benchmark.sh FleetBenchmark [--agents N] [--collectors N] [--seconds N]   ten minutes of ten thousand agents
#   tests/benchmark.sh ScrapeBenchmark [RUNS LAYERS TIMES]   what a scrape of many runs costs
#   tests/benchmark.sh RulesBenchmark [RUNS LAYERS MINUTES]  what the rules for Prometheus cost with many runs
#   tests/benchmark.sh LivePageBenchmark [RUNS LENGTH]   what people wait for the page, with many live runs
#   tests/benchmark.sh StartupBenchmark [--turns N]      what the Java agent costs a program's start
#   tests/benchmark.sh report                            makes tests/benchmarks.md of all results
#   tests/benchmark.sh [PATTERN] [options of JMH, such as -t 1 -rf json -rff FILE]   all others
# The threads of the engine are OMP_NUM_THREADS, 1 unless set; MeasurementBenchmark sets them itself.
set -euo pipefail
cd "$(dirname "$0")/.."
phase=process-test-classes
if [ "${1-}" = StartupBenchmark ]; then
  phase=package
fi
if [ "${1-}" = FleetBenchmark ]; then
  phase=package
  [ -x /usr/sbin/haproxy ] || {
    echo "tests/benchmark.sh: install haproxy first, as tests/run.sh does" >&2
    exit 1
  }
fi
if [ "${1-}" = CollectorBenchmark ]; then
  phase=package
  command -v prometheus-pushgateway >/dev/null 2>&1 || {
    echo "tests/benchmark.sh: install prometheus-pushgateway first, as tests/run.sh does" >&2
    exit 1
  }
fi
mvn -B -ntp -q "$phase" -DskipTests -pl tests -am
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
main=org.openjdk.jmh.Main
case "${1-}" in
report)
  main=dev.latentgauge.benchmarks.BenchmarkReport
  shift
  ;;
CollectorBenchmark | FleetBenchmark | LivePageBenchmark | MeasurementBenchmark | OverheadBenchmark | RulesBenchmark | ScrapeBenchmark | StartupBenchmark)
  main=dev.latentgauge.benchmarks.$1
  shift
  ;;
esac
exec java -Dai.djl.offline=true -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
  -cp "tests/target/test-classes:$(cat tests/target/classpath)" "$main" "$@"
