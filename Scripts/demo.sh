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

echo "Building itape (optimised; the first time takes a few minutes)"
swift build -c release --product itape 2>"$work/build.log" >&2 \
  || { cat "$work/build.log"; exit 1; }
itape=$(swift build -c release --show-bin-path)/itape

size() { wc -c <"$1" | tr -d ' '; }

# The number after "OBJECT": {... "KEY":, or after "KEY": where no object is named.
number() {
  tr -d ' \n' <"$1" | sed -n "s/.*${3:+\"$3\":{[^{\}]*}*}\"$2\":\([0-9.eE+-]*\).*/\1/p"
}

step() {
  printf '  %-58s' "$1"
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
  step "itape convert $preset.itape back.jsonl" \
    "$itape" convert "$work/$preset.itape" "$work/back.jsonl"
  step "cmp desktop.jsonl back.jsonl" cmp "$work/desktop.jsonl" "$work/back.jsonl"
done
"$itape" info --json "$work/balanced.itape" >"$work/info.json"
events=$(number "$work/info.json" events)

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
  encode='' decode=''
  if "$itape" bench --json --preset "$preset" "$work/desktop.jsonl" >"$work/bench.json" 2>/dev/null
  then
    encode=$(number "$work/bench.json" eventsPerSecond encode)
    decode=$(number "$work/bench.json" eventsPerSecond decode)
  fi
  row ".itape $preset" "$(size "$work/$preset.itape")" "$encode" "$decode"
done
echo
echo "Bytes are whole files. Rates are events a second in memory on one core of this machine:"
echo "encode from columns to a recording, decode from a recording to columns, all checks on."
