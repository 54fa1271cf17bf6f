# SPDX-License-Identifier: Apache-2.0
#
# Sections that no encoder writes and every reader reads: numbers at the edges of their ranges.
"""recordings(data) gives (name, bytes); `data` is a recording of one event."""

import itape_columns
from tape import Section, Tape, varint, zigzag

FIRST = 1_000_000
# Not packed; one kind, 16, without columns.
KIND = bytes([0, 1, 16, 0, 0, 0])


def grid(steps, period, gain, limit, low):
    """The times of a grid whose numbers are all of class 15, in 64 bits."""
    numbers = b"".join(
        number.to_bytes(8, "little") for k, r in steps
        for number in (k, 2 * r if r >= 0 else -2 * r - 1))
    return (zigzag(FIRST) + varint(1) + b"\1" + varint(period) + bytes([gain, limit, low, 0x11])
            + b"\x05\xff" + varint(len(numbers) << 2) + numbers)


def grid_steps(limit):
    """Residuals at the bound and beyond it, rows of them on one side, and long pauses."""
    bound, pause = 1 << limit, 1 << 44
    residuals = [
        0, 3, bound, -bound, bound - 1, bound + 1, 0, -bound - 1, 1, pause, 0, -pause, 0, pause - 1,
        5, *[bound + 1] * 8, 0, *[-bound - 1] * 8, 0, *[bound + 1] * 7, -bound - 1, bound, 2,
        *[-bound - 1] * 7, 0, -bound - 1, -bound, 7]
    return [(index % 4, r) for index, r in enumerate(residuals)]


def grids(data):
    tape = Tape(data)
    block, times = tape.blocks()[0], []
    block.sections = []
    for track, limit in enumerate((0, 30, 31, 43)):
        for other, gain in enumerate((0, 3, 16)):
            steps = grid_steps(limit)
            contents = KIND + grid(steps, (5 << 16) + 12_345, gain, limit, 40 if other else 0)
            events = itape_columns.Section(contents, 0, len(steps) + 1).decode()
            times += [event[0] for event in events]
            block.sections.append(Section(
                3 * track + other, 0, 0, 7, len(events), FIRST, contents))
    block.first, block.span = min(times), max(times) - min(times)
    return tape.bytes()


def recordings(data):
    yield "grid-bounds", grids(data)
