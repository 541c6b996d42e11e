"""The three ways in which R writes its numbers and strings: XDR, native, and ASCII."""

from __future__ import annotations

import re
import struct
from typing import Any

_MISSING = -(2**31)
_CHUNK = re.compile(rb"\s*(\S+)")
_HEADS = (b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n", b"RDB2\n", b"RDB3\n")
_UNESCAPED = {
    b"n": b"\n",
    b"t": b"\t",
    b"v": b"\v",
    b"b": b"\b",
    b"r": b"\r",
    b"f": b"\f",
    b"a": b"\a",
}
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.S)


class Damaged(Exception):
    """The bytes are not what the format says."""


class RWriting:
    """A serialised object's bytes from its first value on. Whatever is read raises Damaged,
    struct.error or ValueError where the bytes do not hold it."""

    def __init__(self, content: bytes) -> None:
        self._data, self._at = content, 5 if content[:5] in _HEADS else 0
        mark = content[self._at : self._at + 2]
        self._ascii = mark[:1] == b"A"
        self._order = "<" if mark[:1] == b"B" else ">"
        self._at += 3 if content[self._at : self._at + 3] == b"A\r\n" else 2

    @property
    def rest(self) -> bytes:
        """What has not been read."""
        return self._data[self._at :]

    def _word(self) -> bytes:
        match = _CHUNK.match(self._data, self._at)
        if match is None:
            raise Damaged("the file is cut off")
        self._at = match.end()
        return match.group(1)

    def integer(self) -> int:
        """The next four bytes, or the next word."""
        if self._ascii:
            word = self._word()
            return _MISSING if word == b"NA" else int(word)
        (value,) = struct.unpack_from(f"{self._order}i", self._data, self._at)
        self._at += 4
        return int(value)

    def length(self) -> int:
        """How long a vector is said to be; never longer than what is left."""
        length = self.integer()
        if length == -1:
            length = (self.integer() << 32) + (self.integer() & 0xFFFFFFFF)
        if not 0 <= length <= len(self._data) - self._at:
            raise Damaged("a vector is longer than the file")
        return length

    def numbers(self, code: str, count: int) -> list[Any]:
        """So many values of a `struct` code; None for missing integers."""
        if self._ascii:
            words = [self._word() for _ in range(count)]
            if code == "i":
                return [None if word == b"NA" else int(word) for word in words]
            return [None if word == b"NA" else float(word) for word in words]
        width = struct.calcsize(f"={code}")
        values = list(struct.unpack_from(f"{self._order}{count}{code}", self._data, self._at))
        self._at += width * count
        if code == "i" and _MISSING in values:
            return [None if value == _MISSING else value for value in values]
        return values

    def octets(self, count: int) -> bytes:
        """So many bytes of a raw vector, which ASCII has as words of two digits."""
        if self._ascii:
            return bytes(int(self._word(), 16) & 0xFF for _ in range(count))
        return self.raw(count)

    def raw(self, count: int) -> bytes:
        """So many bytes, their escapes undone."""
        if not self._ascii:
            found = self._data[self._at : self._at + count]
            if count < 0 or len(found) < count:
                raise Damaged("the file is cut off")
            self._at += count
            return found
        if not count:
            return b""
        found = self._word_escaped(count)
        return found

    def _word_escaped(self, count: int) -> bytes:
        """Blanks within a string are not escaped: it ends where its length says."""
        while self._data[self._at : self._at + 1].isspace():
            self._at += 1
        out = bytearray()
        while len(out) < count:
            byte = self._data[self._at : self._at + 1]
            if not byte:
                raise Damaged("the file is cut off")
            if byte != b"\\":
                out += byte
                self._at += 1
                continue
            match = _ESCAPE.match(self._data, self._at)
            if match is None:
                raise Damaged("a wrong escape")
            code = match.group(1)
            out += (
                bytes((int(code, 8) & 0xFF,)) if code[:1].isdigit() else _UNESCAPED.get(code, code)
            )
            self._at = match.end()
        return bytes(out)

    def text(self, levels: int) -> str | None:
        """A string with its length; None for a missing one. `levels` say its charset."""
        length = self.integer()
        if length == -1:
            return None
        raw = self.raw(length)
        if levels & 4:
            return raw.decode("latin-1")
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode("cp1252", "replace")
