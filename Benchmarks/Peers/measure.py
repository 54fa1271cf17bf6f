# SPDX-License-Identifier: Apache-2.0
#
# Sizes at each block size, and speeds in interleaved rounds.
"""Measures peers on one recording."""

import statistics
import sys
import time
from dataclasses import dataclass, field

BLOCK_SIZES = [65536, 4096, 256]
SPEED_BLOCK = 65536
# One timing repeats its work until this many seconds have passed.
LEAST_SECONDS = 0.05


@dataclass
class Figures:
  """What was measured of one contestant on one recording."""

  name: str
  named: bool = False
  payload: dict[int, float] = field(default_factory=dict)  # bytes per event by block size
  whole: dict[int, float] = field(default_factory=dict)
  encode: float | None = None  # events per second
  decode: float | None = None
  note: str = ""


def measure(recording, peers, with_speed, others):
  """The figures of each peer on one recording, in the order of the peers.

  Others that have speeds, too, have their turns between them.
  """
  figures = {peer.name: Figures(peer.name, peer.named) for peer in peers}
  for peer in peers:
    began = time.perf_counter()
    for block_events in BLOCK_SIZES:
      if peer.fixed_size and block_events != BLOCK_SIZES[0]:
        continue
      measure_size(recording, peer, block_events, figures[peer.name])
    seconds = time.perf_counter() - began
    print(f"  {recording.name}: {peer.name}: sizes in {seconds:.1f} s", file=sys.stderr)
  if with_speed:
    measure_speeds(recording, peers, figures, others)
  return list(figures.values())


def measure_size(recording, peer, block_events, figures):
  """Encodes once, checks that everything comes back, and notes the sizes."""
  prepared = peer.prepare(recording, block_events)
  encoded = peer.encode(prepared)
  if encoded.payload is None:
    peer.weigh(encoded)
  peer.check(prepared, peer.decode(prepared, encoded))
  figures.payload[block_events] = encoded.payload / len(recording)
  if encoded.whole is not None:
    figures.whole[block_events] = encoded.whole / len(recording)


def measure_speeds(recording, peers, figures, others):
  """Medians of rounds in which every contestant has its turn."""
  ready = []
  for peer in peers:
    if peer.rounds:
      prepared = peer.prepare(recording, SPEED_BLOCK)
      ready.append((peer, prepared, peer.encode(prepared)))
  times = {peer.name: ([], []) for peer, _, _ in ready}
  rounds = [peer.rounds for peer, _, _ in ready] + [other.rounds for other in others]
  for turn in range(max(rounds)):
    for other in others:
      if turn < other.rounds:
        other.measure()
    for peer, prepared, encoded in ready:
      if turn < peer.rounds:
        times[peer.name][0].append(seconds_of(lambda: peer.encode(prepared)))
        times[peer.name][1].append(seconds_of(lambda: peer.decode(prepared, encoded)))
  for name, (encoding, decoding) in times.items():
    figures[name].encode = len(recording) / statistics.median(encoding)
    figures[name].decode = len(recording) / statistics.median(decoding)


def seconds_of(work):
  """Processor seconds per call, over as many calls as fill the least time."""
  calls, began = 0, time.process_time()
  while True:
    work()
    calls += 1
    elapsed = time.process_time() - began
    if elapsed >= LEAST_SECONDS:
      return elapsed / calls
