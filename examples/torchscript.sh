#!/usr/bin/env bash
# Traces an encoder in Python, trains it in Java with a monitor attached, and prints its score on
# the way; see --help. Needs Java 17, Maven, and a Python with PyTorch (Debian: python3-torch),
# which is python3 unless PYTHON names another.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
encoders=$root/examples/target/torchscript
python=${PYTHON:-python3}
if ! "$python" -c 'import torch' 2>/dev/null; then
  echo "torchscript: $python must have PyTorch: apt-get install python3-torch, or pip install torch" >&2
  exit 1
fi
(cd "$root" && mvn -B -ntp -q package -DskipTests -pl examples -am)
"$python" "$root/examples/pytorch/trace_encoder.py" "$encoders"
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-2}
exec java -Dai.djl.offline=true -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
  -cp "$root/examples/target/classes:$(cat "$root/examples/target/classpath")" \
  dev.latentgauge.examples.torchscript.TorchScriptTraining --encoders "$encoders" "$@"
