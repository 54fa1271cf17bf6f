# SPDX-License-Identifier: Apache-2.0
#
# Numbers and bits by chance, for what compare_readers.py compares.
"""The smallest parts of sections that are made by chance."""

from itape_bytes import wrap

M64 = (1 << 64) - 1


def zigzag(value, width):
    value = wrap(value, width)
    return value << 1 if value >= 0 else -value * 2 - 1


def number(rng, width, most=None):
    """A number of any size up to a width, or one next to a power of two."""
    bits = rng.randrange(min(width, most or width) + 1)
    if rng.random() < 0.2:
        return (1 << bits) + rng.choice((-1, 0, 1)) & (1 << width) - 1
    return rng.getrandbits(bits) if bits else 0


def numbers(rng, count, width):
    """Numbers that are small, of all sizes, seldom large, or all the same."""
    most, rare = rng.choice((1, 3, 6, 12, 31, 64)), rng.choice((0, 0, 0.02, 0.3))
    if rng.random() < 0.15:
        return [number(rng, width)] * count
    return [number(rng, width, None if rng.random() < rare else most) for _ in range(count)]


class Bits:
    """Fields of bits, lowest first."""

    def __init__(self):
        self.value = self.count = 0

    def put(self, value, count):
        self.value |= value << self.count
        self.count += count

    def bytes(self):
        return self.value.to_bytes((self.count + 7) // 8, "little")
