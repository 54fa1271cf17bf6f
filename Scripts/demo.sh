#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The main job on the sample recording: JSONL to .itape, verified, back to JSONL, and the figures.
#
#   Scripts/demo.sh [RECORDING.jsonl.zst]
set -euo pipefail

cd "$(dirname "$0")/.."
sample=${1:-Samples/desktop.jsonl.zst}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "Building itape, optimised; the first time takes a minute or two"
static=()
[ "$(uname)" = Darwin ] || static=(--static-swift-stdlib)
swift build -c release --product itape "${static[@]}" 2>"$work/build.log" >&2 \
  || { cat "$work/build.log"; exit 1; }
itape=$(swift build -c release --show-bin-path)/itape
swift build -c release --package-path Benchmarks --product BenchFile 2>"$work/build.log" >&2 \
  || { cat "$work/build.log"; exit 1; }
bench=$(swift build -c release --package-path Benchmarks --show-bin-path)/BenchFile

size() { wc -c <"$1" | tr -d ' '; }

step() {
  printf '  %-62s' "$1"
  shift
  "$@" >"$work/step.log" 2>&1 || { echo failed; cat "$work/step.log"; exit 1; }
  echo ok
}

echo
echo "$sample"
step "itape convert $(basename "$sample") desktop.jsonl" \
  "$itape" convert "$sample" "$work/desktop.jsonl"
step "itape convert desktop.jsonl desktop.jsonl.zst" \
  "$itape" convert "$work/desktop.jsonl" "$work/desktop.jsonl.zst"
for preset in fast balanced compact; do
  step "itape convert desktop.jsonl $preset.itape --preset $preset" \
    "$itape" convert "$work/desktop.jsonl" "$work/$preset.itape" --preset "$preset"
  step "itape verify $preset.itape" "$itape" verify "$work/$preset.itape"
  step "itape convert $preset.itape back.jsonl --no-metadata" \
    "$itape" convert "$work/$preset.itape" "$work/back.jsonl" --no-metadata
  step "cmp desktop.jsonl back.jsonl" cmp "$work/desktop.jsonl" "$work/back.jsonl"
done
events=$(wc -l <"$work/desktop.jsonl" | tr -d ' ')

row() {
  awk -v name="$1" -v bytes="$2" -v events="$events" -v json="$(size "$work/desktop.jsonl")" \
    -v encode="${3:-}" -v decode="${4:-}" '
    function millions(rate) { return rate == "" ? "" : sprintf("%.1f M", rate / 1e6) }
    BEGIN { printf "  %-16s %10d %13.2f %9.1f %% %12s %12s\n",
      name, bytes, bytes / events, 100 * bytes / json, millions(encode), millions(decode) }'
}

echo
echo "$events events"
printf '  %-16s %10s %13s %11s %12s %12s\n' \
  form bytes bytes/event 'of JSONL' encode/s decode/s
row JSONL "$(size "$work/desktop.jsonl")"
row JSONL+zstd "$(size "$work/desktop.jsonl.zst")"
for preset in fast balanced compact; do
  read -r _ encode _ decode < <("$bench" "$work/desktop.jsonl" "$preset")
  row ".itape $preset" "$(size "$work/$preset.itape")" "$encode" "$decode"
done
echo
echo "Bytes are whole files. Rates are events a second in memory on one core of this machine:"
echo "encode from columns to a recording, decode from a recording to columns, all checks on, the"
echo "events repeated to a million, best of five runs. JSONL+zstd is zstd at its default level."
