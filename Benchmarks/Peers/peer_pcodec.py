# SPDX-License-Identifier: Apache-2.0
#
# pcodec: as its quick start uses it, with chosen delta encodings, and as bare pages.
"""pcodec peers: standalone columns, and the wrapped form without its own framing."""

from pcodec import ChunkConfig, DeltaSpec, ModeSpec, standalone, wrapped

from peer import ColumnPeer


class Pcodec(ColumnPeer):
  """One standalone pcodec stream per column and block; mode and delta chosen by pcodec."""

  def __init__(self, level, named=True):
    super().__init__()
    self.name = f"pcodec {level}"
    self.named = named
    self.config = ChunkConfig(compression_level=level, enable_8_bit=True)

  def compress(self, column, setting):
    return standalone.simple_compress(column, self.config)

  def decompress(self, piece, column, setting):
    return standalone.simple_decompress(piece)


class PcodecBare(ColumnPeer):
  """pcodec's wrapped form, level 12: chunk metadata and page only, no type, count or header.

  Not decoded here: `Pcodec` shows that what it holds comes back.
  """

  name = "pcodec 12, wrapped"
  rounds = 0
  config = ChunkConfig(compression_level=12, enable_8_bit=True)

  def compress(self, column, setting):
    chunk = wrapped.FileCompressor().chunk_compressor(column, self.config)
    pages = (chunk.write_page(i) for i in range(len(chunk.n_per_page())))
    return chunk.write_meta() + b"".join(pages)

  def decode(self, prepared, encoded):
    return None

  def check(self, prepared, decoded):
    pass


class PcodecChosen(ColumnPeer):
  """pcodec 12 with the best of seven delta encodings tried out for each column."""

  name = "pcodec 12, delta chosen"
  rounds = 1
  # pcodec 1.1.0 panics when a batch (of 256 values) is shorter than a convolution's order.
  batch = 256

  def candidates(self):
    return [("auto",), ("none",), ("consecutive", 2), ("lookback",)] + [
      ("convolution", order) for order in (2, 8, 32)
    ]

  def fits(self, column, order):
    """Whether a convolution of an order may be tried."""
    last = len(column) % self.batch or self.batch
    return column.itemsize < 8 and last >= order

  def config(self, column, setting):
    name = setting[0]
    mode = ModeSpec.auto()
    if name == "none":
      delta = DeltaSpec.no_op()
    elif name == "consecutive":
      delta = DeltaSpec.try_consecutive(setting[1])
    elif name == "lookback":
      delta = DeltaSpec.try_lookback()
    elif name == "convolution" and self.fits(column, setting[1]):
      delta = DeltaSpec.try_conv1(setting[1])
      mode = ModeSpec.classic()
    else:
      delta = DeltaSpec.auto()
    return ChunkConfig(
      compression_level=12, enable_8_bit=True, delta_spec=delta, mode_spec=mode)

  def compress(self, column, setting):
    try:
      return standalone.simple_compress(column, self.config(column, setting))
    except BaseException as error:  # the panic's class derives from this one only
      if type(error).__name__ != "PanicException":
        raise
      return standalone.simple_compress(column, self.config(column, ("auto",)))

  def decompress(self, piece, column, setting):
    return standalone.simple_decompress(piece)
