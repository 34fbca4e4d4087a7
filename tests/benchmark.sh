#!/usr/bin/env bash
# Runs benchmarks: tests/benchmark.sh [PATTERN] [options of JMH, such as -t 1 -rf json -rff FILE]
# The threads of the engine are OMP_NUM_THREADS, 1 unless set.
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -B -ntp -q process-test-classes -DskipTests -pl tests -am
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
exec java -Dai.djl.offline=true -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
  -cp "tests/target/test-classes:$(cat tests/target/classpath)" org.openjdk.jmh.Main "$@"
