# SPDX-License-Identifier: Apache-2.0
#
# InputTape's own figures, from its command: whole closed files, and `itape bench`.
"""Runs `itape` on a recording; says so where the command or a part of it is missing."""

import json
import os
import statistics
import subprocess
from pathlib import Path

from measure import BLOCK_SIZES, Figures

# How often speeds are measured: a preset that takes seconds has one round.
ROUNDS = {"fast": 3, "balanced": 3, "compact": 1}


class Itape:
  """The command, if there is one."""

  def __init__(self, root):
    given = os.environ.get("ITAPE")
    path = Path(given) if given else root / ".build" / "release" / "itape"
    self.path = path if path.exists() else None
    self.notes = []
    if self.path is None:
      self.note(f"`itape` is not built ({path.name} not found): InputTape's rows are missing")

  def note(self, text):
    if text not in self.notes:
      self.notes.append(text)

  def run(self, *arguments):
    """Standard output of the command, or None if it failed."""
    done = subprocess.run(
      [str(self.path), *map(str, arguments)], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else None

  def measure(self, recording, folder):
    """Sizes for each preset that the command knows, and turns of its speed."""
    if self.path is None:
      return [], []
    source = Path(folder) / "recording.jsonl"
    source.write_bytes(b"".join(recording.lines))
    turns = [Turns(self, source, preset) for preset in ROUNDS]
    turns = [each for each in turns if self.sizes(recording, each)]
    return [each.figures for each in turns], turns

  def sizes(self, recording, turns):
    for block_events in BLOCK_SIZES:
      target = turns.source.with_name(f"{turns.preset}-{block_events}.itape")
      if self.run("convert", turns.source, target, "--preset", turns.preset, "--threads", 1,
                  "--block-events", block_events) is None:
        self.note(
          f"`itape convert --preset {turns.preset} --block-events N` does not work in this build")
        continue
      self.weigh(recording, target, block_events, turns.figures)
    return bool(turns.figures.whole)

  def weigh(self, recording, target, block_events, figures):
    """The size of a closed file, and what the command knows about what is in it."""
    figures.whole[block_events] = target.stat().st_size / len(recording)
    text = self.run("info", "--json", target)
    info = json.loads(text) if text else {}
    if info.get("events", len(recording)) != len(recording):
      raise AssertionError(f"{target.name}: {info['events']} events of {len(recording)}")
    least = -(-len(recording) // block_events)
    if info.get("blocks", least) < least:
      self.note(f"`--block-events {block_events}` was not kept: {info['blocks']} blocks")
    sections = [track["byteCount"] for track in info.get("tracks", []) if "byteCount" in track]
    if sections:
      figures.payload[block_events] = sum(sections) / len(recording)


class Turns:
  """A preset's speed on one recording, measured by turns with all others."""

  def __init__(self, itape, source, preset):
    self.itape = itape
    self.source = source
    self.preset = preset
    self.rounds = ROUNDS[preset]
    self.figures = Figures(f"**InputTape {preset}**")
    self.speeds = {"encode": [], "decode": []}

  def measure(self):
    """One turn: events per second of `itape bench` on one thread."""
    text = self.itape.run(
      "bench", self.source, "--json", "--preset", self.preset, "--threads", 1)
    if text is None:
      self.itape.note("`itape bench --json FILE --preset P` does not work in this build: no speeds")
      return
    result = json.loads(text)
    for name, found in self.speeds.items():
      found.append(result[name]["eventsPerSecond"])
      setattr(self.figures, name, statistics.median(found))
