#!/usr/bin/env bash
# The study: does the score follow accuracy, where, and how well against the alternatives? See --help.
# Needs Java 17 and Maven; on Debian, as root, it installs the data sets that are packaged.
# Trainings take about an hour on one core and 4 GB of disk. Stop it and start it as you like.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
case " $* " in
  *" --help "* | *" -h "* | *" --report-only "*) ;;
  *)
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
      packages=()
      [ -d /usr/share/datasets/fashion-mnist ] || packages+=(dataset-fashion-mnist)
      [ -d /usr/lib/python3/dist-packages/sklearn ] || packages+=(python3-sklearn)
      if [ ${#packages[@]} -gt 0 ]; then
        echo "Installing ${packages[*]}"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
          apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null; } ||
          echo "study: going on without ${packages[*]}: the data are downloaded" >&2
      fi
    fi
    ;;
esac
mvn -B -ntp -q package -DskipTests -pl examples -am
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
# With AVX-512, convolutions with few channels now and then gave NaN on the CPU engine.
export ONEDNN_MAX_CPU_ISA=${ONEDNN_MAX_CPU_ISA:-AVX2}
exec java -Djava.awt.headless=true -Dai.djl.offline=true \
  -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
  -Dorg.slf4j.simpleLogger.log.ai.djl.util.cuda=error \
  -Dorg.slf4j.simpleLogger.log.ai.djl.onnxruntime=error \
  -cp "examples/target/classes:$(cat examples/target/classpath)" \
  dev.latentgauge.examples.study.Study "$@"
