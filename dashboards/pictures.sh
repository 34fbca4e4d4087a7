#!/usr/bin/env bash
# Draws the pictures of the dashboards and of the collector's live page: trains a fleet of real runs, lets a real
# Prometheus scrape it with the rules of this folder, and renders every panel with Grafana's own code.
set -euo pipefail
caller=$PWD
cd "$(dirname "$0")/.."

usage() {
  cat <<'TEXT'
usage: dashboards/pictures.sh [--quick] [--minutes N] [--output DIR]

  --quick       trains a twentieth, and draws after one minute: to see whether it works
  --minutes N   how long the fleet trains before it is drawn (default: 12)
  --output DIR  where the pictures go (default: dashboards/pictures)

Needs Java 17 or later (a JDK), Maven, Prometheus, Node.js 18 or later with npm, Chromium (CHROMIUM says which),
Fashion-MNIST (Debian: dataset-fashion-mnist; otherwise it is downloaded), and about 6 GB of memory.
TEXT
}

die() { echo "pictures: $*" >&2; exit 1; }

quick=() minutes=12 output=dashboards/pictures
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) quick=(--quick) minutes=1 ;;
    --minutes) [[ ${2-} =~ ^[1-9][0-9]*$ ]] || die "--minutes must be a whole number from 1, but is ${2-missing}"
      minutes=$2; shift ;;
    --output) [ $# -gt 1 ] || die "--output must be a folder, but is missing"
      [[ $2 = /* ]] && output=$2 || output=$caller/$2
      shift ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; die "unknown: $1" ;;
  esac
  shift
done
for program in javac mvn prometheus node npm; do
  command -v "$program" >/dev/null || die "$program is missing"
done
export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
[ -x "$CHROMIUM" ] || die "Chromium is missing: $CHROMIUM; CHROMIUM says where it is"

work=$PWD/examples/target/fleet
mkdir -p "$work" "$output"
folder=$(mktemp -d "$work/pictures.XXXXXX")
started=()
stop() {
  local process
  for process in ${started[@]+"${started[@]}"}; do
    kill "$process" 2>/dev/null || true
  done
  wait
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

echo "Building (the first time, Maven fetches about 500 MB, and npm 150)"
mvn -B -ntp -q package -DskipTests -pl collector,examples -am
(cd dashboards/renderer && npm ci --silent --ignore-scripts --legacy-peer-deps && npm run --silent bundle)

fleet=(java -Djava.awt.headless=true -Dai.djl.offline=true -Dorg.slf4j.simpleLogger.defaultLogLevel=error
  -cp "examples/target/classes:$(cat examples/target/classpath)" dev.latentgauge.examples.fleet.Fleet
  ${quick[@]+"${quick[@]}"})

reference=$work/reference${quick:+-quick}.safetensors
if [ ! -f "$reference" ]; then
  echo "Training the reference, once"
  "${fleet[@]}" reference "$reference.part"
  mv "$reference.part" "$reference"
fi

# start NAME COMMAND...: in the background, until this script ends; what it says goes to a file.
start() {
  local name=$1
  shift
  "$@" >"$folder/$name.log" 2>&1 &
  started+=($!)
}

# await NAME COMMAND...: until the command succeeds; NAME was started last, and must go on meanwhile.
await() {
  local name=$1
  shift
  until "$@"; do
    kill -0 "${started[-1]}" 2>/dev/null || { cat "$folder/$name.log" >&2; die "$name did not start"; }
    sleep 0.1
  done
}
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

start collector java -jar collector/target/latentgauge.jar serve --port 0 --linger 86400 --data "$folder/data"
await collector grep -q "listening on" "$folder/collector.log"
collector=$(sed -n 's|.*listening on http://\([^ ]*\).*|\1|p' "$folder/collector.log")

# Of a quarter of an hour as much is scraped and evaluated as of several hours otherwise.
sed "s/127\.0\.0\.1:9475/$collector/; s/15s/1s/" dashboards/prometheus/prometheus.yaml >"$folder/prometheus.yaml"
for rules in recording alerts; do
  sed 's/interval: 1m/interval: 5s/' "dashboards/prometheus/$rules.yaml" >"$folder/$rules.yaml"
done
# Prometheus cannot be told to choose a port and to say which.
port=$(node -e 'require("net").createServer().listen(0, "127.0.0.1", function () { console.log(this.address().port); this.close() })')
start prometheus prometheus --config.file="$folder/prometheus.yaml" --storage.tsdb.path="$folder/tsdb" \
  --web.listen-address="127.0.0.1:$port"
await prometheus listens "$port"
prometheus=127.0.0.1:$port

echo "The fleet trains for $minutes minutes; Prometheus is at http://$prometheus"
since=$(date +%s)
for run in $("${fleet[@]}" list); do
  OMP_NUM_THREADS=1 start "$run" "${fleet[@]}" train --reference "$reference" --collector "http://$collector" "$run"
done
# In the background: a signal would wait for its end otherwise.
start patience sleep $((60 * minutes))
wait "${started[-1]}"

# draw DASHBOARD OPTION...: by what the fleet has done so far.
draw() {
  local dashboard=$1
  shift
  echo
  node dashboards/renderer/dist/render.js --prometheus "http://$prometheus" --scrape-interval 1s --from "$since" \
    --dashboard "dashboards/grafana/$dashboard.json" --output "$output/$dashboard.png" "$@"
}

# This fleet trains on a CPU, without predictions, and nobody is refused or posts embeddings.
draw fleet
draw run --variable run=mlp-few-images --may-be-empty "Device memory" --may-be-empty "Other views of the same embeddings"
# live NAME VIEW OPTION...: a view of the live page.
live() {
  local name=$1 view=$2
  shift 2
  node dashboards/renderer/dist/live.js --page "http://$collector/#/$view" --output "$output/live-$name.png" "$@"
}

live runs '?sort=-score' --size 1400x440
live run runs/mlp-few-images
live compare "compare?$("${fleet[@]}" list | sed 's/^/run=/' | paste -sd '&')" --theme dark
live agreement 'compare?order=alike&pair=mlp-few-images,cnn' --size 1400x1180
draw collector --may-be-empty "Refused, by reason" --may-be-empty "Time to score embeddings"
