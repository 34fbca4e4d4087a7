#!/usr/bin/env bash
# Scores files of embeddings by the thousand on Apache Spark, which need not be installed:
#   examples/spark.sh files DIR [...]     trains small networks, and leaves files and references in DIR
#   examples/spark.sh score [...]         scores files, and writes a table of Parquet files
#   examples/spark.sh scaling [...]       how much faster two executors are than one
# Each says more by --help. Spark runs on this machine, on all its cores, unless SPARK_MASTER names another
# master, and is told more by SPARK_OPTIONS ("--conf spark.task.cpus=2 --driver-memory 4g").
# Needs Java 17 and Maven; on Debian, the package dataset-fashion-mnist saves a download.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
module=$root/examples/spark

build() {
  (cd "$root" && mvn -B -ntp -q package -DskipTests -pl "$1" -am)
}

# Starts a class of the module as bin/spark-submit of an installed Spark would. Where that has its jars in a
# folder, this has Maven's class path, which the processes that Spark starts find in the environment.
submit() {
  build examples/spark
  export SPARK_HOME=$module/target/spark-home SPARK_SCALA_VERSION=2.13
  mkdir -p "$SPARK_HOME/jars" && touch "$SPARK_HOME/RELEASE"
  SPARK_DIST_CLASSPATH=$(cat "$module/target/spark-classpath")
  export SPARK_DIST_CLASSPATH
  # DJL's own folder, so that its native libraries are not unpacked for every executor.
  export ENGINE_CACHE_DIR=${ENGINE_CACHE_DIR:-${DJL_CACHE_DIR:-$HOME/.djl.ai}}
  local command main=$1 master=${SPARK_MASTER:-local[*]}
  shift
  if [[ $master == local* ]]; then
    export SPARK_LOCAL_IP=${SPARK_LOCAL_IP:-127.0.0.1} # executors elsewhere could not reach it
  fi
  # shellcheck disable=SC2086
  mapfile -d '' -t command < <(java -cp "$SPARK_DIST_CLASSPATH" org.apache.spark.launcher.Main \
    org.apache.spark.deploy.SparkSubmit --master "$master" \
    --driver-java-options "-Dlog4j2.configurationFile=$module/log4j2.properties" \
    --conf "spark.executor.extraJavaOptions=-Dlog4j2.configurationFile=$module/log4j2.properties" \
    --conf spark.ui.showConsoleProgress=true --jars "$(cat "$module/target/native-jars")" ${SPARK_OPTIONS:-} \
    --class "dev.latentgauge.examples.spark.$main" "$module/target/latentgauge-spark.jar" "$@" |
    tail -c +3) # after what separates the command from what was printed before
  if ((${#command[@]} == 0)); then
    echo "examples/spark.sh: Spark's launcher has failed" >&2
    exit 1
  fi
  exec "${command[@]}"
}

case "${1-}" in
files)
  shift
  build examples
  export OMP_NUM_THREADS=${OMP_NUM_THREADS:-2}
  exec java -Dai.djl.offline=true -Dorg.slf4j.simpleLogger.defaultLogLevel=error \
    -cp "$root/examples/target/classes:$(cat "$root/examples/target/classpath")" \
    dev.latentgauge.examples.checkpoints.WriteCheckpoints "$@"
  ;;
score)
  shift
  submit ScoreFleet "$@"
  ;;
scaling)
  shift
  submit Scaling "$@"
  ;;
*)
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0" >&2
  exit 2
  ;;
esac
