#!/usr/bin/env bash
# Parts of different trainings put together without further training; see --help, and stitching/README.md.
# Needs Java 17 and Maven; on Debian, as root, it installs the data set that is packaged.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && [ ! -d /usr/share/datasets/fashion-mnist ]; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends dataset-fashion-mnist >/dev/null; } ||
    echo "stitching: going on without dataset-fashion-mnist: the data are downloaded" >&2
fi
mvn -B -ntp -q package -DskipTests -pl examples -am
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
# With AVX-512, convolutions with few channels now and then gave NaN on the CPU engine.
export ONEDNN_MAX_CPU_ISA=${ONEDNN_MAX_CPU_ISA:-AVX2}
exec java -Djava.awt.headless=true -Dai.djl.offline=true \
  -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
  -Dorg.slf4j.simpleLogger.log.ai.djl.util.cuda=error \
  -Dorg.slf4j.simpleLogger.log.ai.djl.onnxruntime=error \
  -cp "examples/target/classes:$(cat examples/target/classpath)" \
  dev.latentgauge.examples.stitching.command.Stitching "$@"
