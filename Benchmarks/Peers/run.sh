#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Sets up the peers' Python environment and measures: run.sh size|peers [recording …].
set -euo pipefail

cd "$(dirname "$0")/../.."
environment=.venv-peers
wanted=Benchmarks/Peers/requirements.txt

if ! cmp -s "$wanted" "$environment/installed.txt"; then
  if ! python3 -c 'import ensurepip' 2>/dev/null; then
    echo "python3 with its venv module is missing (Debian: apt-get install python3-venv)" >&2
    exit 69
  fi
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
  cp "$wanted" "$environment/installed.txt"
fi

if [[ -z "${ITAPE:-}" ]] && command -v swift >/dev/null; then
  swift build -c release --product itape >&2 \
    || echo "itape does not build: measuring peers only" >&2
fi

# Blocks of memory that are given back to the system and fetched again cost the peers dearly.
export MALLOC_MMAP_THRESHOLD_=1000000000 MALLOC_TRIM_THRESHOLD_=4000000000
export MALLOC_TOP_PAD_=67108864
export RUST_BACKTRACE=0 OMP_NUM_THREADS=1

exec "$environment/bin/python" Benchmarks/Peers/main.py "$@"
