"""Records of BIFF, the old Excel format ([MS-XLS] 2.1.4), and the strings in them."""

from __future__ import annotations

import struct
from typing import Callable, Iterator

CONTINUE = 0x003C
_HEAD = struct.Struct("<HH")
_U16 = struct.Struct("<H")
_U32 = struct.Struct("<I")
Record = tuple[int, int, bytes, list[bytes]]


class Cut(Exception):
    """A record that is longer than what is left of its stream."""


def records(
    stream: bytes, offset: int = 0, skip: Callable[[bytes, int], int] | None = None
) -> Iterator[Record]:
    """(kind, offset, body, bodies of the CONTINUE records behind it). Raises Cut at the end.

    `skip` is asked where the next record of interest begins, and deals with those before it.
    """
    end = len(stream)
    unpack = _HEAD.unpack_from
    while offset + 4 <= end:
        if skip is not None:
            offset = skip(stream, offset)
            if offset + 4 > end:
                break
        kind, size = unpack(stream, offset)
        start = offset + 4
        after = start + size
        if after > end:
            raise Cut
        if not kind and not size and not stream[offset:].strip(b"\0"):
            return  # the filling of the last sector
        more: list[bytes] = []
        place = after
        while stream[place : place + 2] == b"\x3c\0" and place + 4 <= end and kind != CONTINUE:
            length = _U16.unpack_from(stream, place + 2)[0]
            if place + 4 + length > end:
                raise Cut
            more.append(stream[place + 4 : place + 4 + length])
            place += 4 + length
        yield kind, offset, stream[start:after], more
        offset = place


def wide_string(body: bytes, offset: int, length: int) -> tuple[str, int]:
    """`length` characters behind a byte of flags (XLUnicodeStringNoCch), and where they end."""
    if offset >= len(body):
        return "", offset
    flags = body[offset]
    offset += 1
    runs = extra = 0
    if flags & 8:
        runs = _U16.unpack_from(body, offset)[0] if offset + 2 <= len(body) else 0
        offset += 2
    if flags & 4:
        extra = _U32.unpack_from(body, offset)[0] if offset + 4 <= len(body) else 0
        offset += 4
    size = length * 2 if flags & 1 else length
    raw = body[offset : offset + size]
    text = raw.decode("utf-16-le", "replace") if flags & 1 else raw.decode("latin-1")
    return text, offset + size + runs * 4 + extra


def counted_string(body: bytes, offset: int) -> tuple[str, int]:
    """A 16-bit count, then the string."""
    if offset + 2 > len(body):
        return "", offset
    return wide_string(body, offset + 2, _U16.unpack_from(body, offset)[0])


class SharedStrings:
    """The table of strings, which runs on from record to record (SST, 2.4.265)."""

    def __init__(self, body: bytes, more: list[bytes]) -> None:
        self._pieces = [body, *more]
        self._piece, self._at = 0, 8
        self.claimed = _U32.unpack_from(body, 4)[0] if len(body) >= 8 else 0
        self.strings: list[str] = []
        self.whole = False

    def read(self) -> list[str]:
        """As many as there are; `whole` says whether that is what the table claims."""
        try:
            while len(self.strings) < self.claimed:
                self.strings.append(self._next())
            self.whole = True
        except (struct.error, IndexError):
            self.whole = False
        return self.strings

    def _next(self) -> str:
        body = self._pieces[self._piece]
        at = self._at
        if at >= len(body):
            self._piece += 1
            at = 0
            body = self._pieces[self._piece]
        length = _U16.unpack_from(body, at)[0]
        flags = body[at + 2]
        at += 3
        after = 0
        if flags & 8:
            after += _U16.unpack_from(body, at)[0] * 4
            at += 2
        if flags & 4:
            after += _U32.unpack_from(body, at)[0]
            at += 4
        size = length * 2 if flags & 1 else length
        if at + size + after <= len(body):
            raw = body[at : at + size]
            self._at = at + size + after
            return raw.decode("utf-16-le", "replace") if flags & 1 else raw.decode("latin-1")
        return self._broken(at, length, flags, after)

    def _broken(self, at: int, length: int, flags: int, after: int) -> str:
        """A string over several records: each begins with a byte of flags of its own."""
        out: list[str] = []
        body = self._pieces[self._piece]
        while True:
            width = 2 if flags & 1 else 1
            take = min(length, max(len(body) - at, 0) // width)
            raw = body[at : at + take * width]
            out.append(raw.decode("utf-16-le" if width == 2 else "latin-1", "replace"))
            length -= take
            at += take * width
            if not length:
                break
            self._piece += 1
            body = self._pieces[self._piece]
            flags, at = body[0], 1
        while at + after > len(body):
            after -= len(body) - at
            self._piece += 1
            body = self._pieces[self._piece]
            at = 0
        self._at = at + after
        return "".join(out)
