# SPDX-License-Identifier: Apache-2.0
#
# OpenZL: its generic numeric graphs, and graphs built by hand from its nodes.
"""OpenZL peers: one frame per column and block, the graph chosen per column."""

import openzl.ext as zl

from peer import ColumnPeer

GRAPHS, NODES = zl.graphs, zl.nodes


def generic(compressor):
  return GRAPHS.Compress()(compressor)


def field_lz(compressor):
  return GRAPHS.FieldLz(compression_level=9)(compressor)


def zstd(compressor):
  return GRAPHS.Zstd(compression_level=19)(compressor)


def entropy(compressor):
  return GRAPHS.Entropy()(compressor)


def bitpack(compressor):
  return GRAPHS.Bitpack()(compressor)


def serial(then):
  return lambda compressor: NODES.ConvertNumToSerialLE()(compressor, then(compressor))


def delta(then):
  return lambda compressor: NODES.DeltaInt()(compressor, then(compressor))


def zigzag(then):
  return lambda compressor: NODES.Zigzag()(compressor, then(compressor))


def range_pack(then):
  return lambda compressor: NODES.RangePack()(compressor, then(compressor))


def planes(then):
  def build(compressor):
    split = NODES.TransposeSplit()(compressor, then(compressor))
    return NODES.ConvertNumToStructLE()(compressor, split)
  return build


def tokens(then):
  def build(compressor):
    return NODES.TokenizeNumeric(sort=True)(compressor, generic(compressor), then(compressor))
  return build


# What its documentation offers for an array of numbers: the generic graph, with delta, and
# the two general back ends.
STANDARD = [generic, delta(generic), field_lz, serial(zstd)]

# What an expert (or its trainer) may compose from its nodes.
COMPOSED = STANDARD + [
  planes(zstd), planes(entropy), delta(planes(zstd)), delta(zigzag(planes(zstd))),
  delta(zigzag(planes(entropy))), delta(range_pack(planes(zstd))),
  delta(range_pack(planes(entropy))), delta(range_pack(field_lz)), delta(range_pack(bitpack)),
  range_pack(bitpack), range_pack(planes(entropy)), tokens(field_lz), delta(tokens(entropy)),
  delta(tokens(planes(zstd))), delta(delta(zigzag(planes(zstd)))),
]

# Numbers of a three-way parameter of OpenZL.
DISABLED = 2


class OpenZL(ColumnPeer):
  """OpenZL without checksums, with the best of some graphs for each column."""

  sample_blocks = 12

  def __init__(self, name, graphs, named, rounds=3):
    super().__init__()
    self.name = name
    self.named = named
    self.rounds = rounds
    self.compressors = [self.build(graph) for graph in graphs]
    self.context = zl.CCtx()
    self.decoder = zl.DCtx()

  @staticmethod
  def build(graph):
    compressor = zl.Compressor()
    compressor.set_parameter(zl.CParam.FormatVersion, zl.MAX_FORMAT_VERSION)
    compressor.set_parameter(zl.CParam.CompressedChecksum, DISABLED)
    compressor.set_parameter(zl.CParam.ContentChecksum, DISABLED)
    compressor.select_starting_graph(graph(compressor))
    return compressor

  def candidates(self):
    return list(range(len(self.compressors)))

  def total(self, columns, setting):
    try:
      return super().total(columns, setting)
    except (RuntimeError, ValueError):  # a graph that does not accept this data
      return float("inf")

  def compress(self, column, setting):
    self.context.ref_compressor(self.compressors[setting])
    return self.context.compress([zl.Input(zl.Type.Numeric, column)])

  def decompress(self, piece, column, setting):
    return self.decoder.decompress(piece)[0].content.as_nparray().view(column.dtype)


def standard():
  return OpenZL("OpenZL", STANDARD, named=True)


def composed():
  return OpenZL("OpenZL, composed graphs", COMPOSED, named=False, rounds=1)
