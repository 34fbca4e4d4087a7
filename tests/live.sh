#!/usr/bin/env bash
# A collector with much to look at, for who works on its page: many runs of every kind, some of which
# go on, come and go; it serves until it is stopped. See --help.
#   tests/live.sh [--port P] [--data DIR] [--runs N] [--long M]
#   tests/live.sh --collector URL    fills a collector that is there already, and goes on
set -euo pipefail
cd "$(dirname "$0")/.."
mvn -B -ntp -q process-test-classes -DskipTests -pl tests -am
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
exec java -Dai.djl.offline=true -Xmx1g \
  -cp "tests/target/test-classes:$(cat tests/target/classpath)" dev.latentgauge.tests.live.Demo "$@"
