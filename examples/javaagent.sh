#!/usr/bin/env bash
# Attaches the Java agent to a training that knows nothing of Latentgauge: makes a reference by its best
# run, monitors three others, and prints their accuracies beside their scores. Needs Java 17 or later (a
# JDK) and Maven, curl, and Fashion-MNIST (Debian: dataset-fashion-mnist; otherwise it is downloaded).
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
output=$root/examples/target/javaagent
agent=$root/agent/attach/target/latentgauge-agent.jar

mkdir -p "$output"
data=$(mktemp -d "$output/collector.XXXXXX")
collector_pid=""
stop_collector() {
  [ -z "$collector_pid" ] || kill "$collector_pid" 2>/dev/null || true
  [ -z "$collector_pid" ] || wait "$collector_pid" 2>/dev/null || true
  rm -rf "$data"
}
trap stop_collector EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

echo "Building (the first time, Maven fetches about 500 MB)"
mvn -B -ntp -q package -DskipTests -pl agent/attach,collector,examples -am

java -jar collector/target/latentgauge.jar serve --port 0 --data "$data" >"$output/collector.log" 2>&1 &
collector_pid=$!
collector=""
while [ -z "$collector" ]; do
  kill -0 "$collector_pid" 2>/dev/null || { cat "$output/collector.log" >&2; exit 1; }
  sleep 0.1
  collector=$(sed -n 's/.*listening on \(http[^ ]*\).*/\1/p' "$output/collector.log")
done

# Nothing of Latentgauge is on the class path of the program.
libraries=$(tr ':' '\n' <examples/target/classpath | grep -v '/latentgauge-[^/]*$' | paste -sd:)

# train SETTINGS [options of the program]: what it prints, less its progress
train() {
  local settings=$1
  shift
  echo
  echo "java -javaagent:latentgauge-agent.jar=$(basename "$settings") ... ImageMlp $*"
  (cd "$output" && java -Dai.djl.offline=true -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
    -javaagent:"$agent=$settings" -cp "$root/examples/target/classes:$libraries" \
    dev.latentgauge.examples.unmodified.ImageMlp "$@") \
    > >(tr '\r' '\n' | sed -n 's/.*\(image-mlp: \)/\1/p')
}

rm -f "$output/reference.safetensors"
cat >"$output/create-reference.yaml" <<'YAML'
create-reference:
  file: reference.safetensors
  layer: 01SequentialBlock
YAML
train "$output/create-reference.yaml" --epochs 5

cat >"$output/monitor.yaml" <<'YAML'
reference: reference.safetensors
run: ${RUN}
collector: ${COLLECTOR}
cadence: 1 epoch
YAML
export COLLECTOR=$collector
RUN=good train "$output/monitor.yaml" --seed 2
RUN=few-images train "$output/monitor.yaml" --seed 3 --limit 1000
RUN=too-fast train "$output/monitor.yaml" --seed 4 --learning-rate 0.1

echo
echo "$collector/metrics says:"
curl -fsS "$collector/metrics" | grep '^latentgauge_score{'
