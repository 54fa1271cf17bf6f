#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The long tests of live capture, optimised: 50 million events offered to a queue that is full most
# of the time, what an event costs its producer, 30 s of X11 input at 1,000 events a second, 20 s of
# a mouse at 8 kHz, and what a mouse at 1 kHz takes of the processor, of memory and of the disk; the
# mice once more with the command as `make build` links it. A recorder has 15 MiB at most.
set -euo pipefail

cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=enable=no
export ITAPE_QUEUE_EVENTS=${ITAPE_QUEUE_EVENTS:-50000000}
export ITAPE_MOUSE_SECONDS=${ITAPE_MOUSE_SECONDS:-20}
export ITAPE_X11_SECONDS=${ITAPE_X11_SECONDS:-30}
export ITAPE_MEASURE=1
# First the command as `make build` links it, which holds Swift's own libraries: other memory.
command=$(mktemp -d)/itape
trap 'rm -rf "$(dirname "$command")"' EXIT
make --no-print-directory build
cp .build/release/itape "$command"

run() {
  swift test --disable-xctest -c release -Xswiftc -enable-testing --no-parallel "$@"
}
run --filter 'CaptureQueueTests|ProducerCostTests|RecordCommandTests|X11RecordTests' "$@"
ITAPE_COMMAND=$command run --skip-build \
  --filter 'losesNothingOfAFastMouse|costsLittleWhileRecording' "$@"
