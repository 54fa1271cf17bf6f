# SPDX-License-Identifier: Apache-2.0
#
# InputTape's own figures, from its command: whole closed files, and `itape bench`.
"""Runs `itape` on a recording; says so where the command or a part of it is missing."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from measure import BLOCK_SIZES, Figures

PRESETS = ["fast", "balanced", "compact"]


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

  def measure(self, recording, with_speed):
    """Figures for each preset that the command knows."""
    if self.path is None:
      return []
    with tempfile.TemporaryDirectory() as folder:
      source = Path(folder) / "recording.jsonl"
      source.write_bytes(b"".join(recording.lines))
      rows = [self.preset(recording, source, each, with_speed) for each in PRESETS]
    return [row for row in rows if row]

  def preset(self, recording, source, preset, with_speed):
    figures = Figures(f"**InputTape {preset}**")
    for block_events in BLOCK_SIZES:
      target = source.with_name(f"{preset}-{block_events}.itape")
      if self.run("convert", source, target, "--preset", preset, "--threads", 1,
                  "--block-events", block_events) is None:
        self.note(f"`itape convert --preset {preset} --block-events N` does not work in this build")
        continue
      self.weigh(recording, target, block_events, figures)
    if not figures.whole:
      return None
    if with_speed:
      self.speeds(source, preset, figures)
    return figures

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

  def speeds(self, source, preset, figures):
    """Events per second of `itape bench` on one thread."""
    text = self.run("bench", source, "--json", "--preset", preset, "--threads", 1)
    text = text or self.run("bench", source, "--json", "--preset", preset)
    if text is None:
      self.note("`itape bench --json FILE --preset P` does not work in this build: no speeds")
      return
    result = json.loads(text)
    figures.encode = result["encode"]["eventsPerSecond"]
    figures.decode = result["decode"]["eventsPerSecond"]
