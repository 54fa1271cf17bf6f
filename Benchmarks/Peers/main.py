# SPDX-License-Identifier: Apache-2.0
#
# `main.py size` prints the size table; `main.py peers` measures everything and writes it down.
"""The command behind `make bench-size` and `make bench-peers`."""

import os
import platform
import sys
import tempfile
from pathlib import Path

import measure
import recording as recordings
import report
import roster
from itape import Itape

RESULTS = Path(__file__).resolve().parents[1]


def main(arguments):
  with_speed = arguments[:1] == ["peers"]
  if arguments[:1] not in (["size"], ["peers"]):
    print("usage: main.py size|peers [recording …]", file=sys.stderr)
    return 64
  if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
  peers, notes = roster.all_peers() if with_speed else roster.size_peers()
  itape = Itape(roster.ROOT)
  if not roster.CORPUS.is_dir():
    notes.append("no corpus directory (set ITAPE_CORPUS): only the project's samples are measured")
  results = []
  for path in roster.recordings(arguments[1:]):
    recording = recordings.load(path)
    with tempfile.TemporaryDirectory() as folder:
      rows, turns = itape.measure(recording, folder)
      rows += measure.measure(recording, peers, with_speed, turns)
    results.append((recording, rows))
    recording.cut.clear()
  if not results:
    print("nothing to measure", file=sys.stderr)
    return 64
  write(results, notes + itape.notes, with_speed, partial=bool(arguments[1:]))
  return 0


def write(results, notes, with_speed, partial):
  """Prints the tables; after a measurement of everything also keeps them."""
  if not with_speed:
    print(report.size_report(results, notes))
    return
  text = report.full_report(results, notes, machine())
  print(text)
  if not partial:
    import plot
    (RESULTS / "results.md").write_text(text)
    plot.draw(results, RESULTS / "results.png")
    print("Benchmarks/results.md and Benchmarks/results.png are written.", file=sys.stderr)


def machine():
  """One sentence on what the figures were measured with."""
  model = platform.machine()
  try:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
      if line.startswith("model name"):
        model = line.split(":", 1)[1].strip()
        break
  except OSError:
    pass
  return f"One core of {os.cpu_count()} ({model}), Python {platform.python_version()}."


if __name__ == "__main__":
  sys.exit(main(sys.argv[1:]))
