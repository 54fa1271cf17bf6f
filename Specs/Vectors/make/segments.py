# SPDX-License-Identifier: Apache-2.0
#
# One recording as several segments (Specs/Format.md, section 9.6), for make_vectors.py and the
# seeds of the fuzz targets.
"""split() takes a recording of events that leave no state, so that every segment may begin with a
keyframe of nothing."""

import copy
import struct

from itape_reference import crc32c
from tape import DATA, METADATA, Rec, Tape

UNKNOWN = 2**64 - 1


class Segment(Tape):
    """One segment: as `Tape`, with a file header of its own in each metadata record."""

    def __init__(self, base, number, blocks, counts):
        self.__dict__.update(copy.deepcopy(base.__dict__))
        start = base.records[0]
        self.number, self.counts, self.is_continued = number, counts, False
        blocks = copy.deepcopy(blocks)
        if blocks:
            blocks[0].flags |= 4
        self.records = [Rec(METADATA, 0, start.payload), *blocks, Rec(METADATA, 0, start.payload)]
        self.set_header()

    def set_header(self, recording=None):
        """Writes the file header and its copies: number, count, and maybe another ID."""
        head = bytearray(self.header)
        if recording:
            head[16:32] = recording
            self.seed = crc32c(recording)
            self.sync = self.seed ^ 0x45504154
        head[32:48] = struct.pack("<QQ", self.number, self.counts)
        head[60:] = struct.pack("<I", crc32c(head[:60]))
        self.header = bytes(head)
        for record in self.records:
            if record.type == METADATA:
                record.payload = self.header + record.payload[64:]

    def bytes(self):
        edit = self.index_edit
        if self.is_continued:
            self.index_edit = lambda index: (setattr(index, "flags", 33), edit and edit(index))
        found = super().bytes()
        self.index_edit = edit
        return found


def split(data, counts):
    """The blocks of a recording in segments of so many blocks each."""
    base, at, found = Tape(data), 0, []
    blocks = [record for record in base.records if record.type == DATA]
    for number, count in enumerate(counts):
        before = counts[number - 1] + 1 if number else UNKNOWN
        found.append(Segment(base, number, blocks[at:at + count], before))
        at += count
    for segment in found[:-1]:
        segment.is_continued = True
    return found
