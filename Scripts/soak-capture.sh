#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The long tests of live capture, optimised: 50 million events offered to a queue that is full most
# of the time, what an event costs its producer, 30 s of X11 input at 1,000 events a second, 20 s of
# a mouse at 8 kHz, and what a mouse at 1 kHz takes of the processor, of memory and of the disk.
set -euo pipefail

cd "$(dirname "$0")/.."
export SWIFT_BACKTRACE=enable=no
export ITAPE_QUEUE_EVENTS=${ITAPE_QUEUE_EVENTS:-50000000}
export ITAPE_MOUSE_SECONDS=${ITAPE_MOUSE_SECONDS:-20}
export ITAPE_X11_SECONDS=${ITAPE_X11_SECONDS:-30}
export ITAPE_MEASURE=1
swift test --disable-xctest -c release -Xswiftc -enable-testing --no-parallel \
  --filter 'CaptureQueueTests|ProducerCostTests|RecordCommandTests|X11RecordTests' "$@"
