#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the fuzz targets and runs each for a while, after its seeds and its regressions.
#
#   Scripts/fuzz.sh SECONDS [TARGET ...]
#   Scripts/fuzz.sh build
#
# A find is written to Fuzz/Regressions/TARGET/ and ends the run with an error. Prints executions
# and coverage of each target, and adds the executions to FUZZ_CORPUS/executions.tsv.
#   FUZZ_JOBS      targets at once (2)
#   FUZZ_SANITIZE  address (standard) or none, which is some times faster
#   FUZZ_SCRATCH   where to build (Fuzz/.build)
#   FUZZ_CORPUS    where inputs are kept that reached something new (Fuzz/.build-corpus)
#   FUZZ_SEED      the seed; 0 for another one each time (0)
set -euo pipefail

cd "$(dirname "$0")/.."
seconds=${1:?usage: Scripts/fuzz.sh SECONDS|build [TARGET ...]}
shift
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=($(cd Fuzz/Sources && ls -d Fuzz*))
jobs=${FUZZ_JOBS:-2} scratch=${FUZZ_SCRATCH:-Fuzz/.build} sanitize=${FUZZ_SANITIZE:-address}
corpus=${FUZZ_CORPUS:-Fuzz/.build-corpus} seed=${FUZZ_SEED:-0}
export SWIFT_BACKTRACE=enable=no
# Memory that is freed stays with the process: page faults would cost more than what is tested.
export MALLOC_MMAP_THRESHOLD_=1000000000 MALLOC_TRIM_THRESHOLD_=4000000000
export MALLOC_TOP_PAD_=16777216

if [ "$(uname)" = Darwin ]; then
  echo "skipped: the fuzzer's library comes with the toolchains of swift.org for Linux only"
  exit 0
fi

flags=(--sanitize fuzzer)
[ "$sanitize" = none ] || flags+=(--sanitize "$sanitize")
# Without this the package manager names two sanitizers in an order that changes from run to run,
# and builds everything anew.
export SWIFT_DETERMINISTIC_HASHING=1
# The compiler forgets coverage beside a second sanitizer in most builds unless it is named.
swift build --package-path Fuzz -c release --scratch-path "$scratch" "${flags[@]}" \
  -Xswiftc -sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp 2>&1 | tail -1
unset SWIFT_DETERMINISTIC_HASHING
[ "$seconds" != build ] || exit 0

# One target: its seeds and finds first, then whatever the fuzzer makes of them.
run() {
  local target=$1 found=$corpus/$1 regressions=Fuzz/Regressions/$1
  local log=$scratch/$1.log dictionary=Fuzz/binary.dict folders length=4096
  mkdir -p "$found" "$regressions"
  folders=("$found" "Fuzz/Corpus/$target" "$regressions")
  # Tests read the vectors anyway: a short run has better things to do.
  case $target in
    FuzzReader | FuzzRecover)
      [ "$seconds" -lt 60 ] || folders+=(Specs/Vectors/v1/valid Specs/Vectors/v1/invalid)
      length=16384
      ;;
    FuzzJSONL | FuzzCSV | FuzzTerminal) dictionary=Fuzz/text.dict ;;
    FuzzEvemu | FuzzLibinput | FuzzOWAMcap) dictionary=Fuzz/imports.dict ;;
    FuzzEvdev) length=512 ;;
    FuzzAdaptive | FuzzColumns | FuzzHeld | FuzzModels | FuzzPairs | FuzzTimes) length=512 ;;
    FuzzBatch | FuzzWriter | FuzzIndex | FuzzHeaders) length=512 ;;
  esac
  if ! "$scratch/release/$target" "${folders[@]}" -dict="$dictionary" -max_len="$length" \
    -max_total_time="$seconds" -artifact_prefix="$regressions/" -timeout=120 \
    -report_slow_units=120 -rss_limit_mb=1024 -seed="$seed" -print_final_stats=1 >"$log" 2>&1; then
    tail -40 "$log"
    echo "$target: FOUND something; it is in $regressions"
    return 1
  fi
  rmdir --ignore-fail-on-non-empty "$regressions"
  if ! grep -q 'cov: [1-9]' "$log"; then
    echo "$target: no coverage; see $log"
    return 1
  fi
  local executions coverage inputs all
  inputs=$(sed -n 's/^INFO: seed corpus: files: \([0-9]*\).*/\1/p' "$log")
  all=$(sed -n 's/^INFO: Loaded .* modules *(\([0-9]*\) .*/\1/p' "$log" | head -1)
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  coverage=$(grep -o 'cov: [0-9]*' "$log" | tail -1)
  printf '%s\t%s\t%s\n' "$(date -u +%FT%TZ)" "$target" "$executions" \
    >>"$corpus/executions.tsv"
  printf '%-13s %5d inputs replayed, %10d executions, %5d of %d regions, no find\n' "$target:" \
    "$inputs" "$executions" "${coverage#cov: }" "$all"
}

export -f run
export seconds scratch corpus seed
mkdir -p "$corpus"
printf '%s\n' "${targets[@]}" | xargs -P "$jobs" -I{} bash -euo pipefail -c 'run {}'
awk -F'\t' '{ sum += $3 } END { printf "all runs so far: %d executions\n", sum }' \
  "$corpus/executions.tsv"
