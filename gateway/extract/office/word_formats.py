"""Which characters of a DOC file are hidden or deleted, and where table rows end ([MS-DOC] 2.9.54)."""

from __future__ import annotations

import struct
from typing import Iterator

from gateway.extract.office.word_pieces import Piece

_PAGE = 512
_HIDDEN, _DELETED, _IN_TABLE, _ROW_END = 0x083C, 0x0800, 0x2416, 0x2417
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
MAX_PAGES = 200_000
Spans = list[tuple[int, int]]


def hidden_spans(stream: bytes, table: bytes, place: tuple[int, int]) -> Spans:
    """Byte ranges of hidden and deleted characters, in order. Raises struct.error, IndexError."""
    out: Spans = []
    for start, end, page, at in _runs(stream, table, place, 1):
        if at and any(
            code in (_HIDDEN, _DELETED) and value & 1
            for code, value in _changes(page[at + 1 : at + 1 + page[at]])
        ):
            out.append((start, end))
    return sorted(out)


def row_ends(stream: bytes, table: bytes, place: tuple[int, int]) -> Spans:
    """Byte ranges of the paragraphs that end a table row. Raises struct.error, IndexError."""
    return _paragraphs(stream, table, place, _ROW_END)


def in_tables(stream: bytes, table: bytes, place: tuple[int, int]) -> Spans:
    """Byte ranges of the paragraphs in tables. Raises struct.error, IndexError."""
    return _paragraphs(stream, table, place, _IN_TABLE)


def _paragraphs(stream: bytes, table: bytes, place: tuple[int, int], wanted: int) -> Spans:
    out: Spans = []
    for start, end, page, at in _runs(stream, table, place, 13):
        if not at:
            continue
        size = page[at] * 2 - 1 if page[at] else page[at + 1] * 2
        begin = at + 1 if page[at] else at + 2
        changes = page[begin + 2 : begin + size]
        if any(code == wanted and value & 1 for code, value in _changes(changes)):
            out.append((start, end))
    return sorted(out)


def _runs(
    stream: bytes, table: bytes, place: tuple[int, int], width: int
) -> Iterator[tuple[int, int, bytes, int]]:
    """(first byte, end, page, where the run's format begins on it) of every run."""
    offset, size = place
    count = min((size - 4) // 8, MAX_PAGES)
    if count <= 0:
        return
    numbers = struct.unpack_from(f"<{count}I", table, offset + (count + 1) * 4)
    for number in numbers:
        start = (number & 0x3FFFFF) * _PAGE
        page = stream[start : start + _PAGE]
        if len(page) < _PAGE:
            raise IndexError
        runs = page[-1]
        places = struct.unpack_from(f"<{runs + 1}I", page)
        base = (runs + 1) * 4
        for index in range(runs):
            yield places[index], places[index + 1], page, page[base + index * width] * 2


def _changes(codes: bytes) -> Iterator[tuple[int, int]]:
    """(code, first byte of its operand) of each property (Prl, 2.9.207)."""
    at = 0
    while at + 2 < len(codes):
        code = codes[at] | codes[at + 1] << 8
        size = _SIZES[code >> 13]
        yield code, codes[at + 2]
        if not size:
            size = 1 + codes[at + 2]
            if code == 0xD608:  # the definition of a table: a 16-bit length (2.6.3)
                size = 1 + (codes[at + 2] | (codes[at + 3] if at + 3 < len(codes) else 0) << 8)
        at += 2 + size


def characters(spans: Spans, pieces: list[Piece]) -> Spans:
    """Byte ranges as ranges of characters of the document, in order."""
    out: Spans = []
    ordered = sorted(pieces, key=lambda p: p.start)
    first = 0
    for start, end in spans:
        while first < len(ordered) and _end(ordered[first]) <= start:
            first += 1
        index = first
        while index < len(ordered) and ordered[index].start < end:
            piece = ordered[index]
            low = max(start, piece.start) - piece.start
            high = min(end, _end(piece)) - piece.start
            if high > low:
                out.append((piece.first + low // piece.width, piece.first + high // piece.width))
            index += 1
    return sorted(out)


def _end(piece: Piece) -> int:
    return piece.start + (piece.end - piece.first) * piece.width
