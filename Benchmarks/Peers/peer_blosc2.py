# SPDX-License-Identifier: Apache-2.0
#
# blosc2: zstd behind the best of its documented filter pipelines for each column.
"""The blosc2 peer: one chunk per column and block."""

import blosc2
import numpy as np

from peer import ColumnPeer

FILTER = blosc2.Filter
PIPELINES = [
  [FILTER.SHUFFLE],
  [FILTER.BITSHUFFLE],
  [FILTER.DELTA, FILTER.SHUFFLE],
  [FILTER.DELTA, FILTER.BITSHUFFLE],
  [FILTER.SHUFFLE, FILTER.BYTEDELTA],
  [FILTER.NOFILTER],
]


class Blosc2(ColumnPeer):
  """blosc2 with zstd at its level 9, one thread, filters chosen per column."""

  name = "blosc2 zstd-9"
  named = True

  def __init__(self):
    super().__init__()
    blosc2.set_nthreads(1)
    self.parameters = {}

  def candidates(self):
    return list(range(len(PIPELINES)))

  def compress(self, column, setting):
    key = (setting, column.itemsize)
    if key not in self.parameters:
      pipeline = PIPELINES[setting]
      meta = [column.itemsize if each == FILTER.BYTEDELTA else 0 for each in pipeline]
      padding = 6 - len(pipeline)
      self.parameters[key] = blosc2.CParams(
        codec=blosc2.Codec.ZSTD, clevel=9, typesize=column.itemsize, nthreads=1,
        filters=pipeline + [FILTER.NOFILTER] * padding, filters_meta=meta + [0] * padding)
    return blosc2.compress2(column, cparams=self.parameters[key])

  def decompress(self, piece, column, setting):
    out = np.empty(len(column), column.dtype)
    blosc2.decompress2(piece, out, nthreads=1)
    return out
