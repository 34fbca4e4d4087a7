#!/usr/bin/env bash
# Tests and benchmarks on a GPU, by CUDA:
#   tests/gpu.sh             all tests of what computes, then the benchmarks of it
#   tests/gpu.sh tests       the tests alone
#   tests/gpu.sh NAME [...]  a benchmark of tests/benchmark.sh alone
# It takes a machine with a GPU of NVIDIA's, what tests/benchmark.sh needs, and a Python with PyTorch 2.7.1 for CUDA,
# `pip install torch==2.7.1`, whose libraries DJL's engine uses too: LATENTGAUGE_PYTHON (python3 unless set). DJL looks
# for CUDA's libcudart, which is CUDA's or that of pip.
# Results go to tests/benchmarks/NAME-gpu.json; tests/benchmark.sh report shows them.
set -euo pipefail

fail() {
  echo "tests/gpu.sh: $1" >&2
  exit 1
}

named=${LATENTGAUGE_PYTHON:-python3}
python=$(command -v "$named") || fail "there must be a Python $named; LATENTGAUGE_PYTHON can be another"
python=$(realpath --no-symlinks "$python")
cd "$(dirname "$0")/.."
version=$(sed -n 's|.*<djl.pytorch.version>\(.*\)</djl.pytorch.version>.*|\1|p' pom.xml)

nvidia-smi -L >/dev/null 2>&1 || fail "there must be a GPU of NVIDIA's, but nvidia-smi -L does not show one"
found=$("$python" -c 'import os, torch
here = os.path.dirname(torch.__file__)
print(torch.__version__.split("+")[0], torch.cuda.is_available())
print(os.path.join(here, "lib"))
print(os.path.join(os.path.dirname(here), "nvidia", "cuda_runtime", "lib"))') ||
  fail "$python must have PyTorch $version for CUDA, see above; LATENTGAUGE_PYTHON can be another"
{ read -r torch cuda && read -r libraries && read -r runtime; } <<<"$found"
[ "$torch" = "$version" ] || fail "$python must have PyTorch $version, as the engine does, but has $torch"
[ "$cuda" = True ] || fail "the PyTorch of $python must be one for CUDA, but does not find a GPU"

export LATENTGAUGE_GPU=1 LATENTGAUGE_PYTHON=$python
export PYTORCH_LIBRARY_PATH=$libraries PYTORCH_VERSION=$version PYTORCH_FLAVOR=cu128
export JAVA_TOOL_OPTIONS="${JAVA_TOOL_OPTIONS-} -Djna.library.path=$runtime"

run_tests() { mvn -B -ntp test -Pgpu -pl agent/core,agent/monitor; }

case "${1-}" in
"")
  run_tests
  for benchmark in MeasurementBenchmark OverheadBenchmark EmbeddingsBenchmark; do
    tests/benchmark.sh "$benchmark"
  done
  ;;
tests) run_tests ;;
*) tests/benchmark.sh "$@" ;;
esac
