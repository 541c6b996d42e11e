"""Where the text of a DOC file lies: its header and piece table ([MS-DOC] 2.5.1, 2.8.35, 2.9.177)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from gateway.extract.fault import ContainerFault
from gateway.model.limits import ReadLimits

# In the order in which the stories follow one another.
STORIES = ("text", "footnotes", "headers and footers", "macro text", "comments", "endnotes",
           "text boxes", "text boxes in headers")  # fmt: skip
_FAST_SAVED, _ENCRYPTED, _TABLE_ONE = 0x0004, 0x0100, 0x0200
_WORD_97 = 0xC1
MAX_PIECES = 1_000_000


@dataclass(frozen=True, slots=True)
class Header:
    """What the start of the WordDocument stream says. `lengths` are the stories' in characters."""

    old: bool
    encrypted: bool
    table: str
    lengths: tuple[int, ...]
    clx: tuple[int, int]
    characters: tuple[int, int]
    paragraphs: tuple[int, int]
    area: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters `first` to `end` of the document, at byte `start`, `width` bytes each."""

    first: int
    end: int
    start: int
    width: int


def read_header(stream: bytes) -> Header:
    """Raises ContainerFault where the stream is no Word document."""
    if len(stream) < 0x60 or stream[1:2] != b"\xa5":
        raise ContainerFault("unreadable", "not a readable Word document")
    version, flags = struct.unpack_from("<H6xH", stream, 2)
    encrypted = bool(flags & _ENCRYPTED)
    table = "1Table" if flags & _TABLE_ONE else "0Table"
    area = struct.unpack_from("<II", stream, 0x18)
    try:
        if version < _WORD_97:
            lengths = struct.unpack_from("<8I", stream, 0x34)
            clx = struct.unpack_from("<II", stream, 0x160) if flags & _FAST_SAVED else (0, 0)
            return Header(True, encrypted, "", lengths, clx, (0, 0), (0, 0), area)
        lengths = struct.unpack_from("<8I", stream, 0x4C)
        clx = struct.unpack_from("<II", stream, 0x1A2)
        characters = struct.unpack_from("<II", stream, 0xFA)
        paragraphs = struct.unpack_from("<II", stream, 0x102)
    except struct.error:
        raise ContainerFault("unreadable", "a Word document that is cut off") from None
    return Header(False, encrypted, table, lengths, clx, characters, paragraphs, area)


def read_pieces(header: Header, stream: bytes, table: bytes, limits: ReadLimits) -> list[Piece]:
    """The piece table. Raises ContainerFault where it is damaged or missing."""
    if header.old and not header.clx[1]:
        start, end = header.area
        if not 0 < start <= end <= len(stream):
            raise ContainerFault("unreadable", "a damaged piece table")
        return [Piece(0, end - start, start, 1)]
    offset, size = header.clx
    clx = table[offset : offset + size]
    if not size or len(clx) < size:
        raise ContainerFault("unreadable", "a damaged piece table")
    at = 0
    try:
        while clx[at] == 1:
            at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
        if clx[at] != 2:
            raise ContainerFault("unreadable", "a damaged piece table")
        length = struct.unpack_from("<I", clx, at + 1)[0]
        count = (length - 4) // 12
        if not 0 < count <= MAX_PIECES:
            raise ContainerFault("unreadable", "a damaged piece table")
        places = struct.unpack_from(f"<{count + 1}I", clx, at + 5)
        starts = [
            struct.unpack_from("<I", clx, at + 5 + (count + 1) * 4 + i * 8 + 2)[0]
            for i in range(count)
        ]
    except (struct.error, IndexError):
        raise ContainerFault("unreadable", "a damaged piece table") from None
    pieces: list[Piece] = []
    for first, end, raw in zip(places, places[1:], starts, strict=False):
        narrow = header.old or bool(raw & 0x40000000)
        start = raw if header.old else (raw & 0x3FFFFFFF) // 2 if narrow else raw & 0x3FFFFFFF
        width = 1 if narrow else 2
        if end < first or start + (end - first) * width > len(stream):
            raise ContainerFault("unreadable", "a damaged piece table")
        if end > limits.text_chars:
            raise ContainerFault("limit", f"more than {limits.text_chars} characters of text")
        pieces.append(Piece(first, end, start, width))
    return pieces


def text_of(pieces: list[Piece], stream: bytes, charset: str = "cp1252") -> str:
    """All stories in a row; every character takes one place, as the lengths count."""
    out: list[str] = []
    for piece in pieces:
        raw = stream[piece.start : piece.start + (piece.end - piece.first) * piece.width]
        if piece.width == 2:
            # Pairs of surrogates count as two places: kept apart until the stories are cut.
            text = raw.decode("utf-16-le", "surrogatepass") if _plain(raw) else _units(raw)
        else:
            text = raw.decode(charset, "replace")
        out.append(text)
    return "".join(out)


def _plain(raw: bytes) -> bool:
    return not any(0xD8 <= high <= 0xDF for high in raw[1::2])


def _units(raw: bytes) -> str:
    return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))


def joined(text: str) -> str:
    """Surrogates joined again; single ones replaced."""
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def uncovered(pieces: list[Piece], size: int) -> list[tuple[int, int]]:
    """Stretches of the stream that no piece shows: what fast saving left behind, and formats."""
    at, out = 0x60, []
    for piece in sorted(pieces, key=lambda p: p.start):
        if piece.start > at:
            out.append((at, piece.start))
        at = max(at, piece.start + (piece.end - piece.first) * piece.width)
    if at < size:
        out.append((at, size))
    return out
