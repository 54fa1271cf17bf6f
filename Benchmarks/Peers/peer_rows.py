# SPDX-License-Identifier: Apache-2.0
#
# Formats that keep rows or messages: packed structs, JSON lines, MCAP, SQLite.
"""Row and message formats, each compressed the way its users compress it."""

import io
import os
import sqlite3
import tempfile

import numpy as np
import orjson
import zstandard
from mcap.reader import make_reader
from mcap.writer import CompressionType, Writer

from peer import Encoded, Peer

SMALL = ("state", "phase")


class RawStructs(Peer):
  """One 24-byte struct per event (time, device, kind, state, three Int32), zstd-3 per block."""

  name = "raw structs + zstd-3"
  row = np.dtype([("t", "<i8"), ("device", "<u2"), ("kind", "u1"), ("small", "u1"),
                  ("a", "<i4"), ("b", "<i4"), ("c", "<i4")])

  def __init__(self):
    self.compressor = zstandard.ZstdCompressor(level=3)
    self.decompressor = zstandard.ZstdDecompressor()

  def prepare(self, recording, block_events):
    kinds = {kind: i for i, kind in enumerate(sorted({e["kind"] for e in recording.events}))}
    return [self.pack(block, kinds) for block in recording.blocks(block_events)]

  def pack(self, lanes, kinds):
    parts = []
    for lane in lanes:
      rows = np.zeros(len(lane), self.row)
      rows["t"], rows["device"], rows["kind"] = lane.columns["t"], lane.device, kinds[lane.kind]
      wide = [name for name in lane.columns if name != "t" and name not in SMALL]
      for name in SMALL:
        if name in lane.columns:
          rows["small"] = lane.columns[name]
      if len(wide) > 3:
        raise ValueError(f"{lane.kind}: more fields than the struct has")
      for slot, name in zip("abc", wide):
        rows[slot] = lane.columns[name]
      parts.append(rows)
    rows = np.concatenate(parts)
    return rows[np.argsort(rows["t"], kind="stable")]

  def encode(self, prepared):
    pieces = [self.compressor.compress(rows.data) for rows in prepared]
    size = sum(map(len, pieces))
    return Encoded(pieces, size, size)

  def decode(self, prepared, encoded):
    """Rows back into contiguous columns, the form in which the other peers hand them out."""
    out = []
    for piece in encoded.pieces:
      rows = np.frombuffer(self.decompressor.decompress(piece), self.row)
      out.append([np.ascontiguousarray(rows[name]) for name in self.row.names])
    return out

  def check(self, prepared, decoded):
    for rows, columns in zip(prepared, decoded, strict=True):
      for name, column in zip(self.row.names, columns, strict=True):
        if not np.array_equal(rows[name], column):
          raise AssertionError(f"{self.name}: {name} differs")


class EventPeer(Peer):
  """A peer that takes events as dictionaries and gives them back so."""

  def prepare(self, recording, block_events):
    return recording.event_blocks(block_events)

  def check(self, prepared, decoded):
    if decoded != [event for block in prepared for event in block]:
      raise AssertionError(f"{self.name}: events differ")


class JSONLines(EventPeer):
  """JSON lines through orjson, one zstd-3 frame per block."""

  name = "JSONL + zstd-3"

  def __init__(self):
    self.compressor = zstandard.ZstdCompressor(level=3)
    self.decompressor = zstandard.ZstdDecompressor()

  def encode(self, prepared):
    pieces = [
      self.compressor.compress(b"".join(
        orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE) for event in block))
      for block in prepared
    ]
    size = sum(map(len, pieces))
    return Encoded(pieces, size, size)

  def decode(self, prepared, encoded):
    return [
      orjson.loads(line)
      for piece in encoded.pieces for line in self.decompressor.decompress(piece).splitlines()
    ]


class MCAP(EventPeer):
  """MCAP through its Python package: one JSON message per event, a zstd chunk per block."""

  name = "MCAP, JSON, zstd"
  rounds = 1

  def encode(self, prepared):
    sink = io.BytesIO()
    writer = Writer(sink, chunk_size=1 << 40, compression=CompressionType.ZSTD)
    writer.start()
    schema = writer.register_schema("event", "jsonschema", b"{}")
    channels = {}
    payload = 0
    for block in prepared:
      for event in block:
        key = event["device"]
        if key not in channels:
          channels[key] = writer.register_channel(f"/device/{key}", "json", schema)
        writer.add_message(channels[key], event["t"], orjson.dumps(event), event["t"])
      before = sink.tell()
      # The writer cuts chunks by bytes only; a chunk per block needs its private method.
      writer._Writer__finalize_chunk()
      payload += sink.tell() - before
    writer.finish()
    file = sink.getvalue()
    return Encoded([file], payload, len(file))

  def decode(self, prepared, encoded):
    reader = make_reader(io.BytesIO(encoded.pieces[0]))
    return [
      orjson.loads(message.data)
      for _, _, message in reader.iter_messages(log_time_order=False)
    ]


class SQLite(EventPeer):
  """One table of all events without an index, written in one transaction."""

  name = "SQLite"
  fixed_size = True
  rounds = 1

  def prepare(self, recording, block_events):
    fields = sorted({name for event in recording.events for name in event} - {"t"})
    names = ["t"] + fields
    return names, [tuple(event.get(name) for name in names) for event in recording.events]

  def encode(self, prepared):
    names, rows = prepared
    with tempfile.TemporaryDirectory() as folder:
      path = os.path.join(folder, "events.sqlite")
      database = sqlite3.connect(path)
      database.execute(f"CREATE TABLE events ({', '.join(names)})")
      places = ", ".join("?" * len(names))
      database.executemany(f"INSERT INTO events VALUES ({places})", rows)
      database.commit()
      database.close()
      with open(path, "rb") as file:
        data = file.read()
    return Encoded([data], len(data), len(data))

  def decode(self, prepared, encoded):
    database = sqlite3.connect(":memory:")
    database.deserialize(encoded.pieces[0])
    return database.execute("SELECT * FROM events ORDER BY rowid").fetchall()

  def check(self, prepared, decoded):
    if decoded != prepared[1]:
      raise AssertionError(f"{self.name}: rows differ")
