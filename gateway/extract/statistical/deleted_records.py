"""Records that a SQLite file still holds where no row is, told by their headers.

A record says how long it is, and its header the type of each value ("Database File Format",
sections 1.6 and 2.1): where the sums agree, it is one. What was partly overwritten stays text.
"""

from __future__ import annotations

import re
import struct
import time

from gateway.extract.statistical.column_text import cell_text

_SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)
_LOOKED_AT = 1 << 22
# So many bytes from one look at the clock to the next.
_STRETCH = 1 << 14
_MOST_COLUMNS = 2_000


def deleted_records(space: bytes, cells: int, until: float) -> tuple[list[list[list[str]]], int]:
    """Rows of two and more values, by how many there are of them, at most `cells` values, up to
    `until` by the clock of the process; and how many bytes were not looked at."""
    found: dict[int, list[list[str]]] = {}
    at, end, pause = 0, min(len(space), _LOOKED_AT), 0
    while at < end and cells > 0:
        if not space[at]:
            at = _behind_zeros(space, at)
            continue
        if at >= pause:
            if time.process_time() > until:
                break
            pause = at + _STRETCH
        record = _record(space, at)
        if record is None:
            at += 1
            continue
        row, at = record
        cells -= len(row)
        found.setdefault(len(row), []).append(row)
    left = len(space[at:].strip(b"\0"))
    return [rows for rows in found.values() if len(rows) > 1], left


def _behind_zeros(space: bytes, at: int) -> int:
    match = _NONZERO.search(space, at)
    return match.start() if match else len(space)


_NONZERO = re.compile(rb"[^\0]")


def _varint(space: bytes, at: int) -> tuple[int, int]:
    value = 0
    for _ in range(9):
        byte = space[at]
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value, at


def _record(space: bytes, start: int) -> tuple[list[str], int] | None:
    try:
        length, at = _varint(space, start)
        if not 4 <= length <= len(space):
            return None
        _, head = _varint(space, at)
        size, at = _varint(space, head)
        if not 3 <= size <= min(length, _MOST_COLUMNS) or head + length > len(space):
            return None
        kinds, sizes, left = [], [], length - size
        while at < head + size:
            kind, at = _varint(space, at)
            if kind in (10, 11):
                return None
            kinds.append(kind)
            sizes.append(_SIZES[kind] if kind < 12 else (kind - 12) // 2)
            left -= sizes[-1]
            if left < 0:
                return None
    except IndexError:
        return None
    if at != head + size or left:
        return None
    row = []
    for kind, width in zip(kinds, sizes, strict=True):
        text = _value(kind, space[at : at + width])
        if text is None:
            return None
        row.append(text)
        at += width
    return (row, at) if any(row) else None


def _value(kind: int, raw: bytes) -> str | None:
    """None where the bytes are no text that the header says they are."""
    if kind in (8, 9):
        return str(kind - 8)
    if kind == 7:
        return cell_text(struct.unpack(">d", raw)[0])
    if kind < 7:
        return str(int.from_bytes(raw, "big", signed=True)) if kind else ""
    if kind % 2:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return None
    return raw.hex()[:200]
