# SPDX-License-Identifier: Apache-2.0
#
# A second reader of recordings in several files, written from Specs/ alone (Format, 9.6 and 10.1).
"""Prints what a recording's files hold: python3 itape_segments.py NAME.itape

One line: status, numbers of missing segments, losses as segment:error, number and hash of events.
"""

import pathlib
import sys

from itape_reference import DATA, FormatError, Recording, fnv1a, line, merged

UNKNOWN = 2**64 - 1


class Segment(Recording):
    """One file, by a scan; `limit` is how many of its records the next one leaves it."""

    def __init__(self, data):
        super().__init__(data, "scan")
        self.names = []

    def read_header(self):
        super().read_header()
        for at in range(len(self.data) - 63):
            head = self.data[at:at + 64]
            if self.header_error(head, at) is None:
                self.counts = int.from_bytes(head[40:48], "little")
                return

    def leave(self, limit):
        """Leaves out what the next segment has again, and says what is missing before it."""
        self.records = [
            r for r in self.records
            if r.sequence < limit or not (r.type == DATA or r.type >= 128)]
        is_cut = self.torn and not self.index_at if limit == UNKNOWN else self.expected < limit
        if not self.closed and is_cut:
            self.names.append("truncatedRecord" if self.torn else "truncated")
        self.torn = 0


class SegmentedRecording:
    """All files of a recording, by the path of the first."""

    def __init__(self, path):
        self.path, self.missing, self.segments = path, [], []
        self.find()
        if not self.segments:
            # Says what is wrong with it.
            self.segments = [Segment(path.read_bytes())]
        for segment, following in zip(self.segments, self.segments[1:]):
            is_next = following.segment == segment.segment + 1
            segment.leave(following.counts if is_next else UNKNOWN)
        tracks = {}
        for segment in self.segments:
            segment.gather(tracks)
        self.lines = [line(*event) for event in merged(tracks)]

    def find(self):
        first, expected = self.open(self.path), 0
        if first:
            self.segments, expected = [first], 1
            if first.segment > 0:
                return
        for number, path in sorted(self.numbers()):
            segment = self.open(path)
            if segment is None or segment.segment != number:
                continue
            if self.segments and segment.id != self.segments[0].id:
                continue
            if number == 1 and segment.counts == 0:
                expected = 1
            self.missing += range(expected, number)
            self.segments.append(segment)
            expected = number + 1

    def numbers(self):
        for path in self.path.parent.glob(f"{self.path.stem}.*.itape"):
            digits = path.stem[len(self.path.stem) + 1:]
            if digits.isdigit() and int(digits) > 0 and digits == f"{int(digits):04}":
                yield int(digits), path

    @staticmethod
    def open(path):
        """A segment; None where the file is none."""
        try:
            return Segment(path.read_bytes())
        except (FormatError, FileNotFoundError):
            return None

    @property
    def losses(self):
        found = []
        for segment in self.segments:
            names = [loss.error.code for loss in sorted(segment.losses, key=lambda x: x.start)]
            found += [f"{segment.segment}:{name}" for name in names + segment.names]
        return found

    @property
    def status(self):
        last = self.segments[-1]
        if self.losses or self.missing:
            return "damaged"
        if last.torn:
            return "torn"
        if any(segment.rebuilt for segment in self.segments):
            return "headerRebuilt"
        return "complete" if last.closed and not last.is_continued else "notClosed"


def summary(path):
    """Status, missing segments, losses, number of events and their hash."""
    try:
        found = SegmentedRecording(path)
    except FormatError as error:
        return f"{error.code}\t-\t-\t0\t{fnv1a([]):016x}"
    missing = ",".join(map(str, found.missing)) or "-"
    losses = ",".join(found.losses) or "-"
    return f"{found.status}\t{missing}\t{losses}\t{len(found.lines)}\t{fnv1a(found.lines):016x}"


if __name__ == "__main__":
    print(summary(pathlib.Path(sys.argv[1])))
