#!/usr/bin/env bash
# The whole path on real images: builds, starts a collector, trains a reference and eight monitored
# runs on Fashion-MNIST, and ends with a table and a picture. Serves the live page until it is stopped.
set -euo pipefail
caller=$PWD
cd "$(dirname "$0")/.."

usage() {
  cat <<'TEXT'
usage: examples/quickstart.sh [--quick] [--exit] [--data DIR] [--output DIR] [--port PORT]

  --quick       a twentieth of the training: a smoke run
  --exit        end when the trainings have ended, instead of serving the live page until stopped
  --data DIR    folder with the four .gz files of Fashion-MNIST; otherwise Debian's package
                dataset-fashion-mnist is used, and if it cannot be had, they are downloaded
  --output DIR  folder for the picture and the reference (default: examples/target/quickstart)
  --port PORT   port of the collector on 127.0.0.1 (default: 9475, or a free one if that is taken)

Needs Java 17 or later (a JDK) and Maven; on Debian, as root, it installs what is missing.
TEXT
}

warn() { echo "quickstart: $*" >&2; }
die() { warn "$@"; exit 1; }

# A path as the caller means it: this script works in the folder of the project.
absolute() {
  case "$1" in
    /*) printf '%s\n' "$1" ;;
    *) printf '%s\n' "$caller/$1" ;;
  esac
}

quick=() data=() output=examples/target/quickstart port="" stay=true
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) quick=(--quick) ;;
    --exit) stay=false ;;
    --data | --output | --port)
      [ $# -gt 1 ] || die "$1 needs a value; see --help"
      case "$1" in
        --data)
          [ -d "$(absolute "$2")" ] || die "--data must be a folder, but $2 is none"
          data=(--data "$(absolute "$2")")
          ;;
        --output) output=$(absolute "$2") ;;
        --port) port=$2 ;;
      esac
      shift
      ;;
    -h | --help) usage; exit 0 ;;
    *) die "unknown option $1; see --help" ;;
  esac
  shift
done

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

install() {
  echo "Installing $*"
  apt-get update -qq || warn "apt-get update failed; trying with what is known"
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

install_missing() {
  local needed=() wanted=()
  command -v javac >/dev/null 2>&1 || needed+=(openjdk-17-jdk-headless)
  command -v mvn >/dev/null 2>&1 || needed+=(maven)
  if [ ${#needed[@]} -gt 0 ]; then
    can_install || die "install these first (names of Debian packages): ${needed[*]}"
    install "${needed[@]}" || die "these could not be installed: ${needed[*]}"
  fi
  can_install || return 0
  command -v fc-list >/dev/null 2>&1 || wanted+=(fontconfig)
  [ -d /usr/share/fonts/truetype/dejavu ] || wanted+=(fonts-dejavu-core)
  [ ${#data[@]} -gt 0 ] || [ -d /usr/share/datasets/fashion-mnist ] \
    || wanted+=(dataset-fashion-mnist)
  [ ${#wanted[@]} -eq 0 ] || install "${wanted[@]}" \
    || warn "going on without ${wanted[*]}: images are downloaded, and a picture may lack its fonts"
}

collector_pid=""
collector_data=""
stop_collector() {
  [ -z "$collector_pid" ] || kill "$collector_pid" 2>/dev/null || true
  [ -z "$collector_pid" ] || wait "$collector_pid" 2>/dev/null || true
  [ -z "$collector_data" ] || rm -rf "$collector_data"
}
trap stop_collector EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Sets $collector to the address, once the collector says that it listens.
start_collector() {
  local log=$output/collector.log
  java -jar collector/target/latentgauge.jar serve --port "$1" --linger 86400 \
    --data "$collector_data" >"$log" 2>&1 &
  collector_pid=$!
  collector=""
  while kill -0 "$collector_pid" 2>/dev/null; do
    collector=$(sed -n 's/.*listening on \(http[^ ]*\).*/\1/p' "$log")
    [ -n "$collector" ] && return 0
    sleep 0.1
  done
  collector_pid=""
  return 1
}

install_missing

mkdir -p "$output"
# The runs of every quickstart have the same names, so each has a history of its own.
collector_data=$(mktemp -d "$output/collector.XXXXXX")
echo "Building (the first time, Maven fetches about 500 MB)"
mvn -B -ntp -q package -DskipTests -pl collector,examples -am

if [ -n "$port" ]; then
  start_collector "$port" || { cat "$output/collector.log" >&2; exit 1; }
else
  start_collector 9475 || start_collector 0 || { cat "$output/collector.log" >&2; exit 1; }
fi
echo "Live page: $collector/"
echo

java -Djava.awt.headless=true -Dai.djl.offline=true \
  -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.log.ai.djl.util.cuda=error \
  -cp "examples/target/classes:$(cat examples/target/classpath)" \
  dev.latentgauge.examples.quickstart.Quickstart \
  --collector "$collector" --output "$output" ${quick[@]+"${quick[@]}"} ${data[@]+"${data[@]}"}

if $stay; then
  echo "live page: $collector/"
  echo "metrics:   $collector/metrics"
  echo
  echo "The collector serves them until you press Ctrl-C."
  wait "$collector_pid"
fi
