# SPDX-License-Identifier: Apache-2.0
#
# What the second reader says of many files: one line each, for comparison with another reader.
"""python3 summaries.py [--scan] FOLDER: name, verdict, position, events and hash of its files."""

import pathlib
import sys

from itape_reference import summary

opening = "scan" if "--scan" in sys.argv else "automatic"
for path in sorted(pathlib.Path(sys.argv[-1]).glob("*.itape")):
    print(path.name, summary(path.read_bytes(), opening), sep="\t")
