# SPDX-License-Identifier: Apache-2.0
#
# What every peer answers, and the column peers: one compressed piece per column and block.
"""The interface of a peer, and its form for codecs that take one column at a time."""

import numpy as np


class Encoded:
  """One recording as a peer holds it: its pieces, and what they weigh."""

  def __init__(self, pieces, payload, whole):
    self.pieces = pieces
    self.payload = payload  # bytes that hold events and what is needed to decode them
    self.whole = whole  # bytes of the closed file or files; None if the peer has no file


class Peer:
  """A format or codec under test.

  `named` peers are those whose best is the reference of the project's targets. A peer with
  `fixed_size` has no blocks: its size is the same whatever the block size.
  """

  name = ""
  named = False
  fixed_size = False
  # Rounds of timing; 0 = sizes only.
  rounds = 3

  def prepare(self, recording, block_events):
    """Everything not timed: cuts the recording up and chooses settings; returns the input."""
    raise NotImplementedError

  def encode(self, prepared):
    """The timed encoding of what `prepare` returned."""
    raise NotImplementedError

  def decode(self, prepared, encoded):
    """The timed decoding to columns in memory."""
    raise NotImplementedError

  def check(self, prepared, decoded):
    """Raises unless the decoded columns are the ones that were encoded."""
    want = [column for lanes in prepared for lane in lanes for column in lane.columns.values()]
    if len(want) != len(decoded):
      raise AssertionError(f"{self.name}: {len(decoded)} columns instead of {len(want)}")
    for index, column in enumerate(want):
      if not np.array_equal(column, decoded[index]):
        raise AssertionError(f"{self.name}: column {index} differs")


class ColumnPeer(Peer):
  """A codec for one column, with the best of its settings for each kind and field."""

  # Blocks looked at to choose settings.
  sample_blocks = 24

  def __init__(self):
    self.chosen = {}

  def candidates(self):
    """The settings among which `prepare` chooses."""
    return [None]

  def compress(self, column, setting):
    raise NotImplementedError

  def decompress(self, piece, column, setting):
    raise NotImplementedError

  def whole_bytes(self, payload):
    """The size as files, if the peer has a file format."""
    return None

  def prepare(self, recording, block_events):
    blocks = recording.blocks(block_events)
    step = max(1, len(blocks) // self.sample_blocks)
    samples = {}
    for lanes in blocks[::step]:
      for lane in lanes:
        for field, column in lane.columns.items():
          samples.setdefault((lane.kind, field), []).append(column)
    settings = self.candidates()
    self.chosen = {
      (lane.kind, field): settings[0]
      for lanes in blocks for lane in lanes for field in lane.columns
    }
    if len(settings) > 1:
      for key, columns in samples.items():
        self.chosen[key] = min(settings, key=lambda each: self.total(columns, each))
    return blocks

  def total(self, columns, setting):
    """The bytes that a setting needs for some columns."""
    return sum(len(self.compress(column, setting)) for column in columns)

  def encode(self, prepared):
    pieces = []
    for lanes in prepared:
      for lane in lanes:
        for field, column in lane.columns.items():
          pieces.append(self.compress(column, self.chosen[lane.kind, field]))
    payload = sum(map(len, pieces))
    return Encoded(pieces, payload, self.whole_bytes(payload))

  def decode(self, prepared, encoded):
    pieces = iter(encoded.pieces)
    return [
      self.decompress(next(pieces), column, self.chosen[lane.kind, field])
      for lanes in prepared for lane in lanes for field, column in lane.columns.items()
    ]
