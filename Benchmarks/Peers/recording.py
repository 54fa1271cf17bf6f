# SPDX-License-Identifier: Apache-2.0
#
# A recording as columns: JSONL read into lanes (one device, one kind), cut into blocks.
"""Reads the neutral JSONL text form and hands out lanes of columns, block by block."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import orjson
import zstandard

# Words of the text form as small numbers, in the order of the registry.
WORDS = {
  "state": {"down": 0, "up": 1, "repeat": 2},
  "phase": {"began": 0, "moved": 1, "ended": 2, "cancelled": 3, "momentum": 4,
            "hovering": 5},
}
NO_WORD = 255
# An optional number that an event does not have.
NO_NUMBER = -(2**31)
# Fields that are small and unsigned; all others are Int32.
NARROW = {
  "button": np.uint16, "code": np.uint32, "state": np.uint8, "phase": np.uint8,
  "contact": np.uint16,
}
# Kinds that hold text or 64-bit fields: too rare to measure, left out for every peer alike.
LEFT_OUT = {"text", "focus", "frame", "marker", "clock", "gap", "custom", "recording", "track"}
# The time units that timestamp types of other formats offer.
UNITS = {"ms": 1_000_000, "us": 1_000, "ns": 1}


@dataclass
class Lane:
  """The events of one device and one kind within one block, column by column."""

  device: int
  kind: str
  columns: dict[str, np.ndarray]  # "t" first, then the fields in the order of the text

  def __len__(self):
    return len(self.columns["t"])


@dataclass
class Recording:
  """One recording: its lines, its events in order, and the coarsest unit its clock fits."""

  name: str
  lines: list[bytes]
  events: list[dict]
  unit: str
  left_out: int
  fields: dict[tuple[int, str], list[str]]  # of each device and kind, in the order of the text
  cut: dict[int, list] = field(default_factory=dict)

  def __len__(self):
    return len(self.events)

  def blocks(self, block_events):
    """Lists of lanes, each holding `block_events` consecutive events of the recording."""
    if block_events not in self.cut:
      self.cut[block_events] = [
        lanes_of(self.events[start:start + block_events], self.fields, UNITS[self.unit])
        for start in range(0, len(self.events), block_events)
      ]
    return self.cut[block_events]

  def event_blocks(self, block_events):
    """The events as dictionaries, `block_events` a piece."""
    return [
      self.events[start:start + block_events]
      for start in range(0, len(self.events), block_events)
    ]


def load(path):
  """The recording in a `.jsonl` or `.jsonl.zst` file."""
  path = Path(path)
  data = path.read_bytes()
  if path.suffix == ".zst":
    data = zstandard.ZstdDecompressor().decompressobj().decompress(data)
  lines, events, left_out = [], [], 0
  for line in data.splitlines(keepends=True):
    event = orjson.loads(line)
    if event["kind"] in LEFT_OUT:
      left_out += 1
    else:
      lines.append(line)
      events.append(event)
  unit = next(name for name, ns in UNITS.items() if all(e["t"] % ns == 0 for e in events))
  name = path.name.removesuffix(".zst").removesuffix(".jsonl")
  return Recording(name, lines, events, unit, left_out, fields_of(events))


def fields_of(events):
  """What events of each device and kind have but for their time, in the order of the text."""
  fields = {}
  for event in events:
    fields.setdefault((event["device"], event["kind"]), {}).update(dict.fromkeys(event))
  return {
    lane: [name for name in names if name not in ("t", "device", "kind")]
    for lane, names in fields.items()
  }


def lanes_of(events, fields, unit):
  """The lanes of some events, times in `unit` nanoseconds, in the order of first appearance."""
  rows = {}
  for event in events:
    rows.setdefault((event["device"], event["kind"]), []).append(event)
  return [
    Lane(device, kind, columns_of(kind_events, fields[device, kind], unit))
    for (device, kind), kind_events in rows.items()
  ]


def columns_of(events, names, unit):
  """The columns of events of one kind."""
  columns = {"t": np.array([event["t"] // unit for event in events], dtype=np.int64)}
  for name in names:
    words = WORDS.get(name)
    if words:
      values = [words[event[name]] if name in event else NO_WORD for event in events]
    else:
      values = [event.get(name, NO_NUMBER) for event in events]
    column = np.array(values, dtype=np.int64)
    columns[name] = column.astype(NARROW.get(name, np.int32))
    if not np.array_equal(columns[name], column):
      raise ValueError(f"{name}: a value does not fit its column")
  return columns
