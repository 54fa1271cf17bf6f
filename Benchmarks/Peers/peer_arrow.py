# SPDX-License-Identifier: Apache-2.0
#
# Parquet and Arrow IPC through pyarrow, one file per device and kind.
"""Parquet with the best encoding for each column, and Arrow IPC streams, both with zstd."""

import pyarrow as pa
import pyarrow.parquet as pq

from peer import Encoded, Peer

pa.set_cpu_count(1)
pa.set_io_thread_count(1)

DICTIONARY = "RLE_DICTIONARY"
ENCODINGS = ["DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT", "PLAIN", DICTIONARY]


def tables_of(blocks):
  """For each lane of a recording, its table of each block: {(device, kind): [table]}."""
  lanes = {}
  for block in blocks:
    for lane in block:
      lanes.setdefault((lane.device, lane.kind), []).append(pa.table(lane.columns))
  return lanes


def check_tables(name, prepared, decoded):
  """Raises unless the decoded tables hold what the lanes hold."""
  for tables, table in zip(prepared.values(), decoded, strict=True):
    want = pa.concat_tables(tables)
    if not table.cast(want.schema).equals(want):
      raise AssertionError(f"{name}: a table differs")


class Parquet(Peer):
  """One file per device and kind, one row group per block, no statistics, zstd."""

  def __init__(self, level, named):
    self.name = f"Parquet zstd-{level}"
    self.level = level
    self.named = named
    self.rounds = 3 if level < 10 else 1
    self.encodings = {}

  def prepare(self, recording, block_events):
    prepared = tables_of(recording.blocks(block_events))
    self.encodings = {}
    alike = {}
    for lane, tables in prepared.items():
      alike.setdefault(self.alike(lane, tables), []).extend(tables)
    for key, tables in alike.items():
      self.encodings[key] = self.choose(tables[::max(1, len(tables) // 24)])
    return prepared

  @staticmethod
  def alike(lane, tables):
    """The kind of a lane and its columns: some devices have fields that others lack."""
    return lane[1], tuple(tables[0].column_names)

  def choose(self, tables):
    """The smallest encoding for each column of some tables of one kind."""
    best = {}
    for encoding in ENCODINGS:
      for compression in ("zstd", "none"):
        sizes = {}
        choice = {name: (encoding, compression) for name in tables[0].column_names}
        for table in tables:
          for name, size in column_sizes(self.write([table], choice)).items():
            sizes[name] = sizes.get(name, 0) + size
        for name, size in sizes.items():
          if name not in best or size < best[name][0]:
            best[name] = (size, choice[name])
    return {name: choice for name, (_, choice) in best.items()}

  def write(self, tables, choice):
    """The file that holds some tables as row groups."""
    encodings = {name: e for name, (e, _) in choice.items() if e != DICTIONARY}
    dictionaries = [name for name, (e, _) in choice.items() if e == DICTIONARY]
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
      sink, tables[0].schema, version="2.6", data_page_version="1.0", write_statistics=False,
      use_dictionary=dictionaries if dictionaries else False, store_schema=False,
      column_encoding=encodings if encodings else None,
      compression={name: compression for name, (_, compression) in choice.items()},
      compression_level={name: self.level for name, (_, c) in choice.items() if c == "zstd"},
    ) as writer:
      for table in tables:
        writer.write_table(table, row_group_size=max(1, len(table)))
    return sink.getvalue()

  def encode(self, prepared):
    files = [
      self.write(tables, self.encodings[self.alike(lane, tables)])
      for lane, tables in prepared.items()
    ]
    return Encoded(files, None, sum(len(each) for each in files))

  def weigh(self, encoded):
    """Fills in the payload: the bytes of the column chunks, page headers included."""
    encoded.payload = sum(sum(column_sizes(each).values()) for each in encoded.pieces)

  def decode(self, prepared, encoded):
    return [
      pq.ParquetFile(pa.BufferReader(each)).read(use_threads=False) for each in encoded.pieces
    ]

  def check(self, prepared, decoded):
    check_tables(self.name, prepared, decoded)


def column_sizes(file):
  """The bytes of each column's chunks, as the footer counts them."""
  metadata = pq.read_metadata(pa.BufferReader(file))
  sizes = {}
  for group in range(metadata.num_row_groups):
    row_group = metadata.row_group(group)
    for index in range(row_group.num_columns):
      column = row_group.column(index)
      name = column.path_in_schema
      sizes[name] = sizes.get(name, 0) + column.total_compressed_size
  return sizes


class ArrowIPC(Peer):
  """One stream per device and kind, one record batch per block, buffers in zstd."""

  name = "Arrow IPC zstd"

  def prepare(self, recording, block_events):
    return tables_of(recording.blocks(block_events))

  def encode(self, prepared):
    streams, payload = [], 0
    options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
    for tables in prepared.values():
      sink = pa.BufferOutputStream()
      with pa.ipc.new_stream(sink, tables[0].schema, options=options) as writer:
        schema_bytes = sink.tell()
        for table in tables:
          writer.write_table(table)
        payload += sink.tell() - schema_bytes
      streams.append(sink.getvalue())
    return Encoded(streams, payload, sum(len(each) for each in streams))

  def decode(self, prepared, encoded):
    options = pa.ipc.IpcReadOptions(use_threads=False)
    return [pa.ipc.open_stream(each, options=options).read_all() for each in encoded.pieces]

  def check(self, prepared, decoded):
    check_tables(self.name, prepared, decoded)
