# SPDX-License-Identifier: Apache-2.0
#
# Cursors over bytes and over bits (Specs/Encodings.md, section 1), and what may be wrong with them.
"""The smallest parts of the readers of sections."""


class Bad(Exception):
    """What is wrong with bytes: the name of an error code of Specs/Errors.md."""


def need(condition, name="malformed"):
    if not condition:
        raise Bad(name)


class Bytes:
    """A cursor over bytes; `end` names the error where they end too early."""

    def __init__(self, data, end="truncated"):
        self.data, self.at, self.end = bytes(data), 0, end

    @property
    def left(self):
        return len(self.data) - self.at

    def take(self, count):
        need(count <= self.left, self.end)
        self.at += count
        return self.data[self.at - count:self.at]

    def byte(self):
        return self.take(1)[0]

    def varint(self):
        value = 0
        for index in range(10):
            byte = self.byte()
            value |= (byte & 127) << (7 * index)
            if byte < 128:
                need(value < 1 << 64 and (byte or index == 0))
                return value
        raise Bad("malformed")

    def signed(self):
        return unzigzag(self.varint())


class Bits:
    """Fields of bits, lowest first, that fill their bytes exactly."""

    def __init__(self, data):
        self.bytes, self.size, self.at = data, len(data), 0

    def take(self, count):
        first, last = self.at >> 3, (self.at + count + 7) >> 3
        need(last <= self.size)
        value = int.from_bytes(self.bytes[first:last], "little") >> (self.at & 7)
        self.at += count
        return value & ((1 << count) - 1)

    def end(self):
        need((self.at + 7) >> 3 == self.size)
        need(self.at & 7 == 0 or self.bytes[-1] >> (self.at & 7) == 0)


def unzigzag(value):
    return value >> 1 if value & 1 == 0 else -(value >> 1) - 1


def wrap(value, width):
    value &= (1 << width) - 1
    return value - (1 << width) if value >> (width - 1) else value
