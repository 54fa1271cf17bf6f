#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The parts of `make soak` one after another, whatever becomes of each, and a summary in the end:
# how long each took, whether it succeeded, and the counts that it printed.
#
# Usage: soak.sh PART...; PART is a target of the Makefile. Ends with 1 if a part failed.
set -uo pipefail

cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
for part in "$@"; do
  start=$SECONDS
  if make "$part" 2>&1 | tee "$work/output"; then result=good; else result=FAILED failed=1; fi
  {
    printf '%s: %s, %d s\n' "$part" "$result" $((SECONDS - start))
    # What tests say themselves; not what the builder and the test runner say of them.
    grep -E '[0-9]' "$work/output" |
      grep -vE '^(.{0,3}\[|[◇✔✘↳±]|Build|make|Test |warning|swift )' | sed 's/^/    /'
    grep -E '^✘' "$work/output" | sed 's/^/    /'
  } >>"$work/summary"
done
printf '\nSummary of the soak\n'
cat "$work/summary"
exit "$failed"
