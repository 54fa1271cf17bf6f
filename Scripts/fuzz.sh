#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the fuzz targets and runs each for a while, after its seeds and its regressions.
#
#   Scripts/fuzz.sh SECONDS [TARGET ...]
#
# A find is written to Fuzz/Regressions/TARGET/ and ends the run with an error.
set -euo pipefail

cd "$(dirname "$0")/.."
seconds=${1:?usage: Scripts/fuzz.sh SECONDS [TARGET ...]}
shift
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=($(ls Fuzz/Sources))
export SWIFT_BACKTRACE=enable=no

# The compiler forgets coverage beside a second sanitizer in most builds unless it is named, and a
# second build in the same place loses it again.
rm -rf Fuzz/.build
swift build --package-path Fuzz -c release --sanitize fuzzer --sanitize address \
  -Xswiftc -sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp 2>&1 | tail -1
for target in "${targets[@]}"; do
  found=Fuzz/.build-corpus/$target regressions=Fuzz/Regressions/$target
  log=Fuzz/.build/$target.log
  mkdir -p "$found" "$regressions" "Fuzz/Corpus/$target"
  "Fuzz/.build/release/$target" "$found" "Fuzz/Corpus/$target" "$regressions" \
    -max_total_time="$seconds" -max_len=65536 -artifact_prefix="$regressions/" \
    -print_final_stats=1 >"$log" 2>&1 || { tail -40 "$log"; exit 1; }
  grep -q 'cov: [1-9]' "$log" || { echo "$target: no coverage; see $log"; exit 1; }
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  echo "$target: $executions executions, $(grep -o 'cov: [0-9]*' "$log" | tail -1), no find"
  rmdir --ignore-fail-on-non-empty "$regressions" "Fuzz/Corpus/$target"
done
