# SPDX-License-Identifier: Apache-2.0
#
# Who takes part, and which recordings are measured.
"""The list of peers and the list of recordings."""

import os
from pathlib import Path

from peer_arrow import ArrowIPC, Parquet
from peer_blosc2 import Blosc2
from peer_pcodec import Pcodec, PcodecBare, PcodecChosen
from peer_rows import MCAP, JSONLines, RawStructs, SQLite

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(os.environ.get("ITAPE_CORPUS", ROOT.parent / "shared" / "corpus"))


def all_peers():
  """Every peer; a note on each that could not be loaded."""
  peers = [
    Pcodec(8, named=False), Pcodec(12), PcodecBare(), PcodecChosen(),
    Parquet(1, named=False), Parquet(19, named=True),
  ]
  notes = []
  try:
    import peer_openzl
    peers += [peer_openzl.standard(), peer_openzl.composed()]
  except ImportError as error:
    notes.append(f"OpenZL was not measured: {error}")
  peers += [Blosc2(), ArrowIPC(), RawStructs(), JSONLines(), MCAP(), SQLite()]
  return peers, notes


def size_peers():
  """The peers that come near: those that compress columns."""
  peers, notes = all_peers()
  rows = (ArrowIPC, RawStructs, JSONLines, MCAP, SQLite)
  quick = [p for p in peers if not isinstance(p, rows) and p.name not in SPEED_ONLY]
  return quick, notes


# Peers that are there for their speed; another setting of the same is smaller.
SPEED_ONLY = {"pcodec 8", "Parquet zstd-1"}


def recordings(names):
  """The files to measure: the project's samples, then the corpus if it is present."""
  files = sorted((ROOT / "Samples").glob("*.jsonl.zst")) + sorted(CORPUS.glob("*.jsonl.zst"))
  if names:
    files = [each for each in files if each.name.split(".")[0] in names]
  return files
