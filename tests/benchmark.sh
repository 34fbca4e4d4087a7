#!/usr/bin/env bash
# Runs benchmarks:
#   tests/benchmark.sh OverheadBenchmark [--seconds N]   what a monitor costs its training, N seconds a row
#   tests/benchmark.sh ScrapeBenchmark [RUNS LAYERS TIMES]   what a scrape of many runs costs
#   tests/benchmark.sh [PATTERN] [options of JMH, such as -t 1 -rf json -rff FILE]   all others
# The threads of the engine are OMP_NUM_THREADS, 1 unless set.
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -B -ntp -q process-test-classes -DskipTests -pl tests -am
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
main=org.openjdk.jmh.Main
case "${1-}" in
OverheadBenchmark | ScrapeBenchmark)
  main=dev.latentgauge.benchmarks.$1
  shift
  ;;
esac
exec java -Dai.djl.offline=true -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
  -cp "tests/target/test-classes:$(cat tests/target/classpath)" "$main" "$@"
