#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The command on a system whose calls fail: strace makes the nth call of each sort fail, once and
# from then on. What was not written must be in a gap, what was not whole must not have its name,
# and the command must say that something went wrong.
#
# Prints how many runs there were; ends with 1 at the first that broke a promise.
set -uo pipefail

cd "$(dirname "$0")/.."
itape=${ITAPE:-.build/release/itape}
calls=${SOAK_CALLS:-6}
if ! strace -o /dev/null true 2>/dev/null; then
  echo "skipped: strace is not there, or may not trace"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for number in $(seq 1 2000); do
  printf '{"t":%d000000,"device":0,"kind":"motion","x":%d,"y":%d}\n' \
    "$number" $((number % 97)) "$number"
done >"$work/in.jsonl"
"$itape" convert "$work/in.jsonl" "$work/good.itape" || exit 1
head -c $(($(wc -c <"$work/good.itape") - 40)) "$work/good.itape" >"$work/torn.itape"
torn=$(sha256sum <"$work/torn.itape")

fail() {
  echo "broken: $1" >&2
  cat "$work/errors" >&2
  exit 1
}

# Events and what gaps count, of a recording; "-" where it cannot be read.
account() {
  local lines
  lines=$("$itape" cat "$1" 2>/dev/null)
  [ $? -le 1 ] || { echo -; return; }
  awk '/"kind":"gap"/ {
      match($0, /"count":[0-9]+/)
      sum += substr($0, RSTART + 8, RLENGTH - 8)
      next
    }
    NF { sum++ } END { print sum + 0 }' <<<"$lines"
}

runs=0 refused=0
# Runs the command with one sort of failure.
inject() {
  local code
  rm -f "$work"/out*.itape*
  strace -f -qq -o "$work/trace" -e trace=none -e "inject=$1" "$itape" "${@:2}" \
    <"$work/in.jsonl" >/dev/null 2>"$work/errors"
  code=$?
  runs=$((runs + 1))
  [ "$code" -le 64 ] || fail "$1, ${*:2}: ended with $code"
  [ "$code" -ne 0 ] || return 0
  refused=$((refused + 1))
  [ -s "$work/errors" ] || fail "$1: nothing said"
  return "$code"
}

faults() {
  local call error
  for call in $(seq 1 "$calls"); do
    for error in ENOSPC EIO EROFS EINTR; do
      for when in "$call" "$call+"; do
        # A call that is interrupted for ever is tried again for ever.
        [ "$error$when" = "EINTR$call+" ] && continue
        echo "$1:error=$error:when=$when"
      done
    done
  done
}

for name in pwrite64 fsync,fdatasync ftruncate rename,renameat,renameat2; do
  while read -r fault; do
    if inject "$fault" convert "$work/in.jsonl" "$work/out.itape"; then
      "$itape" verify "$work/out.itape" >/dev/null 2>&1 || fail "$fault: convert said it was good"
      [ "$(account "$work/out.itape")" = 2000 ] || fail "$fault: convert lost events"
    fi
    if inject "$fault" convert - "$work/out.itape" --flush-interval 20ms; then
      [ "$(account "$work/out.itape")" = 2000 ] || fail "$fault: live convert lost events"
    elif [ -e "$work/out.itape" ]; then
      count=$(account "$work/out.itape")
      [ "$count" = - ] || [ "$count" -le 2000 ] || fail "$fault: $count events of 2000"
    fi
    inject "$fault" recover "$work/torn.itape" "$work/out.itape"
    if [ $? -le 1 ] && [ -e "$work/out.itape" ]; then
      "$itape" verify "$work/out.itape" >/dev/null 2>&1 || fail "$fault: what was recovered is torn"
      [ "$(account "$work/out.itape")" = 2000 ] || fail "$fault: recovery lost events"
    fi
    [ "$(sha256sum <"$work/torn.itape")" = "$torn" ] || fail "$fault: recovery touched its input"
  done < <(faults "$name")
done
echo "runs with injected failures: $runs, of which said so: $refused; promises broken: 0"
