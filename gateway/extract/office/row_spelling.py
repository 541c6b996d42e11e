"""Rows of a worksheet, respelt as most programs write them.

XML can say the same in many ways: with a prefix before each name, with the place of a cell behind
its other attributes or left out, with blanks between the tags. What `Spelling` gives means the
same to a reader of XML; what it does not know stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from string import ascii_uppercase
from typing import Callable

MAX_COLUMNS = 18_278  # A to ZZZ; programs have columns up to XFD only
# Blanks alone are kept where they are somebody's text.
_BLANKS = re.compile(rb">\s+<(?!/[tvf]>)")
_TURNED = re.compile(rb'<c((?: (?!r=)\w+="[^"<>]*")+) (r="\w+")')
_UNPLACED = re.compile(rb'<c(?:(?: (?!r=)\w+="[^"<>]*")+ ?)?/?>')
_APOSTROPHES = re.compile(rb"<row [^<>\"']*='|<c [^<>\"']*='")
_QUOTED = re.compile(rb">[^<']*'|\"")
_LONG = re.compile(rb'<v(?:/| xml:space="preserve")>')
_ROW = re.compile(rb'<row(?: [^<>]*?)??(?: r="([0-9]{1,8})"[^<>]*)?>\Z')


class Spelling:
    """How one sheet is written; `prefix` is what its names begin with, as `x:`."""

    def __init__(self, prefix: bytes) -> None:
        self._prefix = prefix
        self._changes: list[Callable[[bytes], bytes]] = []

    def learn(self, text: bytes) -> bool:
        """Is there anything unusual in these rows that was not known?"""
        known = len(self._changes)
        text = self.usual(text)
        for unusual, change in _CHANGES:
            if change not in self._changes and unusual.search(text):
                self._changes.append(change)
                text = change(text)
        self._changes.sort(key=[change for _, change in _CHANGES].index)
        return len(self._changes) > known

    def usual(self, text: bytes) -> bytes:
        """The same rows, whole ones, without what has been learnt."""
        if self._prefix:
            text = text.replace(b"<" + self._prefix, b"<").replace(b"</" + self._prefix, b"</")
        for change in self._changes:
            text = change(text)
        return text


def _without_blanks(text: bytes) -> bytes:
    return _BLANKS.sub(b"><", text.strip())


def _with_quotes(text: bytes) -> bytes:
    return text if _QUOTED.search(text) else text.replace(b"'", b'"')


def _short(text: bytes) -> bytes:
    return text.replace(b'<v xml:space="preserve">', b"<v>").replace(b"<v/>", b"<v></v>")


def _place_first(text: bytes) -> bytes:
    return _TURNED.sub(rb"<c \2\1", text)


def _placed(text: bytes) -> bytes:
    return b"</row>".join(map(_row_placed, text.split(b"</row>")))


def _row_placed(row: bytes) -> bytes:
    """Cells that say no place stand side by side; where some do, the row stays as it is."""
    head, *cells = row.split(b"<c")
    found = _ROW.search(head)
    if not cells or not found or len(cells) > MAX_COLUMNS or b' r="' in b"<c".join(cells):
        return row
    number = found[1] or b"1"
    placed = [
        b'<c r="%b%b"%b' % (name, number, cell)
        for name, cell in zip(_columns(), cells, strict=False)
    ]
    return head + b"".join(placed)


@cache
def _columns() -> list[bytes]:
    names = ("".join(n) for size in (1, 2, 3) for n in product(ascii_uppercase, repeat=size))
    return [name.encode("ascii") for name in names]


_CHANGES: tuple[tuple[re.Pattern[bytes], Callable[[bytes], bytes]], ...] = (
    (_APOSTROPHES, _with_quotes),
    (_BLANKS, _without_blanks),
    (_LONG, _short),
    (_TURNED, _place_first),
    (_UNPLACED, _placed),
)
