#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Records Samples/desktop.jsonl.zst again: an X server without a screen, a recorder, a scripted
# hand.
#
#   Samples/record/record.sh [SECONDS] [OUT.jsonl.zst]
#
# Needs on Debian: gcc libx11-dev libxi-dev libxtst-dev xvfb zstd
set -euo pipefail

seconds=${1:-400}
here=$(cd "$(dirname "$0")" && pwd)
out=${2:-$here/../desktop.jsonl.zst}
work=$(mktemp -d)
server='' recorder=''
finish() {
  [ -z "$recorder" ] || kill "$recorder" 2>/dev/null || true
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

cc -O2 -Wall -Wextra -o "$work/record_x11" "$here/record_x11.c" -lX11 -lXi
cc -O2 -Wall -Wextra -o "$work/hand_x11" "$here/hand_x11.c" -lX11 -lXtst -lm

# The server chooses a free display and writes its number down.
Xvfb -displayfd 3 -screen 0 1920x1080x24 -nolisten tcp 3>"$work/display" 2>"$work/log" &
server=$!
for _ in $(seq 100); do [ -s "$work/display" ] && break; sleep 0.1; done
DISPLAY=:$(cat "$work/display")
export DISPLAY

"$work/record_x11" >"$work/desktop.jsonl" &
recorder=$!
sleep 0.5
# Two mice: the second reports twice as often as the first.
"$work/hand_x11" "$((seconds / 2))" 125
"$work/hand_x11" "$((seconds - seconds / 2))" 250
sleep 0.5
kill "$recorder"
wait "$recorder" || true
recorder=''
zstd -q -f -19 "$work/desktop.jsonl" -o "$out"
events=$(wc -l <"$work/desktop.jsonl") bytes=$(wc -c <"$work/desktop.jsonl")
echo "$out: $events events, $bytes bytes of JSONL, $(wc -c <"$out") bytes compressed"
