#!/usr/bin/env bash
# All tests, on a fresh machine: gets what they need, then builds and tests everything.
# Nothing is skipped: what is missing and cannot be installed ends the script with its name.
set -euo pipefail
cd "$(dirname "$0")/.."

# A program or file, and the Debian package that brings it.
needs=(
  "javac:openjdk-17-jdk-headless"
  "mvn:maven"
  "prometheus:prometheus"
  "promtool:prometheus"
  "victoria-metrics:victoria-metrics"
  "prometheus-pushgateway:prometheus-pushgateway"
  "/usr/lib/postgresql/*/bin/initdb:postgresql"
  "/usr/sbin/haproxy:haproxy"
  "/usr/lib/*/faketime/libfaketimeMT.so.1:libfaketime"
  "setpriv:util-linux"
  "unshare:util-linux"
  "systemd-analyze:systemd"
  "node:nodejs"
  "npm:npm"
  "curl:curl"
  "/usr/bin/chromium:chromium"
  "/usr/bin/python3:python3"
  "/usr/lib/python3/dist-packages/numpy:python3-numpy"
  "/usr/lib/python3/dist-packages/torch:python3-torch"
  "/usr/lib/python3/dist-packages/optuna:python3-optuna"
  "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz:dataset-fashion-mnist"
  "/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz:python3-sklearn"
  "fc-list:fontconfig"
  "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:fonts-dejavu-core"
)

present() { compgen -G "$1" >/dev/null || command -v "$1" >/dev/null 2>&1; }

missing=()
for need in "${needs[@]}"; do
  package=${need##*:}
  present "${need%%:*}" || [[ " ${missing[*]-} " == *" $package "* ]] || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "tests/run.sh: install these first (names of Debian packages): ${missing[*]}" >&2
    exit 1
  fi
  echo "tests/run.sh: installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

for need in "${needs[@]}"; do
  if ! present "${need%%:*}"; then
    echo "tests/run.sh: ${need%%:*} is missing, though ${need##*:} is installed" >&2
    exit 1
  fi
done

# No package of Debian 12, so it cannot be installed here; tests/.../Jdk looks in the same places.
if ! present "${JAVA_25_HOME:-/usr/lib/jvm/*-25-*}/bin/java"; then
  echo "tests/run.sh: a Java 25 is missing: unpack one as /usr/lib/jvm/NAME-25-NAME (https://adoptium.net)," \
    "or say in JAVA_25_HOME where it is" >&2
  exit 1
fi

exec mvn -B -ntp verify "$@"
