"""What an archive's reader gives for its entries: numbered Parts, and places for what is none."""

from __future__ import annotations

import re
from typing import Iterator

from gateway.extract.archive.expansion import Unpacked
from gateway.extract.padding import without_padding
from gateway.model.content import Content, Text
from gateway.model.message import Gap, GapReason, Location, Part

_TEXT = re.compile(r"[\w\s.,;:!?()'\"/%&+@#=*<>\[\]{}|\\-]")


class Entries:
    """Numbers the entries of one archive in the order in which they are given; `series` tells
    them from those that another reader of the same file numbers."""

    def __init__(self, part: Part, series: str = "") -> None:
        self._part, self._series = part, series
        self.count = 0

    def part(self, name: str, content: bytes) -> Part:
        """An entry to be read on its own."""
        self.count += 1
        return self._part.inside(f"{self._series}{self.count}", content, name or None)

    def unread(self, name: str, reason: GapReason, detail: str) -> Iterator[Content]:
        """An entry of which nothing but the name can be read."""
        place = self._next(name)
        if name:
            yield Text(place.at("file name"), name)
        yield Gap(place, reason, detail)

    def unpacked(self, name: str, found: Unpacked) -> Iterator[Content]:
        """An entry, and a Gap where some of it is missing."""
        if found.fault and not found.content:
            yield from self.unread(name, found.fault.reason, found.fault.detail)
            return
        part = self.part(name, found.content)
        if found.fault:
            yield Gap(part.location, found.fault.reason, found.fault.detail)
        yield part

    def stray(self, where: str, content: bytes) -> Iterator[Content]:
        """Bytes that belong to no entry: a file of their own, unless they are padding."""
        rest = without_padding(content)
        if len(rest) == len(self._part.content):
            yield self.gap(where, "unreadable", "nothing of the archive can be read")
        elif rest:
            yield self.part(where, rest)

    def words(self, where: str, words: str) -> Iterator[Content]:
        """What an archive says in fields that unpacking programs rarely show."""
        if words.strip():
            yield Text(self._part.location.at(where), words, hidden=True)

    def gap(self, where: str, reason: GapReason, detail: str) -> Gap:
        """Something about the archive as a whole."""
        return Gap(self._part.location.at(where), reason, detail)

    def _next(self, name: str) -> Location:
        self.count += 1
        return Location(f"{self._part.number}!{self._series}{self.count}", name or None)


def decode_name(raw: bytes, other: str = "cp437") -> str:
    """A name in UTF-8, or in the archive's older code page."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode(other, "replace")


def decode_words(raw: bytes) -> str | None:
    """The text in a field whose meaning is unknown; None where it holds none."""
    text = decode_name(raw.strip(b"\0"), "cp1252")
    if not text:
        return ""
    return text if len(_TEXT.findall(text)) * 10 >= len(text) * 9 else None
