#!/usr/bin/env bash
# Stops trainings by the score alone, and prints what that saves and costs; see --help.
# Needs Java 17 and Maven; on Debian, the package dataset-fashion-mnist saves the download.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
(cd "$root" && mvn -B -ntp -q package -DskipTests -pl examples -am)
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-2}
exec java -Dai.djl.offline=true -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
  -cp "$root/examples/target/classes:$(cat "$root/examples/target/classpath")" \
  dev.latentgauge.examples.stopping.StoppingStudy "$@"
