# SPDX-License-Identifier: Apache-2.0
#
# What the second reader says of many files: one line each, for comparison with another reader.
"""python3 summaries.py [--scan | --both] FOLDER: name, verdict, code, position, events and hash of
its files; with --both by scan, then by index where that is good."""

import pathlib
import sys

from itape_reference import summary

openings = ["scan"] if "--scan" in sys.argv else ["automatic"]
if "--both" in sys.argv:
    openings = ["scan", "automatic"]
for path in sorted(pathlib.Path(sys.argv[-1]).glob("*.itape")):
    data = path.read_bytes()
    print(path.name, *[summary(data, opening) for opening in openings], sep="\t")
