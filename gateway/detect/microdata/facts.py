"""Everything the signals look at, gathered once a table: layout, columns, sample and key.

At most `SAMPLE` body rows are profiled (head, middle and tail), at most `MAX_COLUMNS` columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Iterator, Sequence

from gateway.detect.microdata.column import Column, letter, profile
from gateway.detect.microdata.layout import Layout, Row, filled, lay_out
from gateway.detect.microdata.structure import Key, counts_upwards, find_key

SAMPLE = 126
WIDE_SAMPLE = 100
WIDE = 30
_ROW_NUMBER_WORDS = frozenset(
    {
        "",
        "rownames",
        "index",
        "unnamed 0",
        "row",
        "rownum",
        "no",
        "x",
        "obs",
        "row number",
        "row id",
    }
)


@dataclass(frozen=True, slots=True)
class Facts:
    """`columns` leaves out empty ones; `numbering` is the position in it of a column that only
    numbers the rows, or -1. `used` are the positions that carry content."""

    layout: Layout
    sample: Sequence[Row]
    columns: tuple[Column, ...]
    numbering: int
    key: Key
    used: tuple[int, ...]
    rows: int

    def letters(self, positions: Iterable[int]) -> str:
        """ "A, B, F–H": position letters for a sentence, at most six entries."""
        return spans([self.columns[p].letter for p in positions])

    def each(self) -> Iterator[tuple[int, Column]]:
        """The columns that carry content, with their positions."""
        for position in self.used:
            yield position, self.columns[position]

    @property
    def in_key(self) -> frozenset[int]:
        return frozenset(self.key.columns)


def gather(rows: Sequence[Row]) -> Facts:
    """Look at a table."""
    layout = lay_out(rows)
    size = SAMPLE if layout.width < WIDE else WIDE_SAMPLE
    sample = _sample(layout.body, size)
    width = layout.width
    kept: list[tuple[int, Column]] = []
    if sample:
        if all(len(row) == width for row in sample):
            tables: Sequence[Sequence[str]] = list(zip(*sample, strict=True))
        else:
            padded = [(*row[:width], *("",) * (width - len(row))) for row in sample]
            tables = list(zip(*padded, strict=True))
        for index, cells in enumerate(tables):
            column = profile(
                index, layout.headers[index] if index < len(layout.headers) else "", cells
            )
            if column.kind != "empty":
                kept.append((index, column))
    columns = tuple(column for _, column in kept)
    indices = [index for index, _ in kept]
    numbering = _numbering(columns, indices, layout.body)
    body: Sequence[Row] = layout.body[:2000]
    if indices != list(range(width)) or any(len(row) != width for row in body):
        body = [[row[i] if i < len(row) else "" for i in indices] for row in body]
        sample = [[row[i] if i < len(row) else "" for i in indices] for row in sample]
    narrow = 1 if len(columns) > 2 else 0
    body = [row for row in body if len(row) - row.count("") > narrow]
    skip = frozenset({numbering}) if numbering >= 0 else frozenset()
    key = find_key(columns, body, skip)
    used = tuple(i for i in range(len(columns)) if i != numbering)
    return Facts(
        layout,
        body if len(body) < 2000 else sample,
        columns,
        numbering,
        key,
        used,
        len(layout.body),
    )


def _sample(body: Sequence[Row], size: int) -> list[Row]:
    """Head, evenly spread middle and tail; rows with nothing in them are left out."""
    total = len(body)
    if total <= size:
        chosen = list(body)
    else:
        third = size // 3
        step = max(1, (total - 2 * third) // third)
        chosen = [
            *body[:third],
            *(body[i] for i in range(third, total - third, step)),
            *body[total - third :],
        ]
    return [row for row in chosen if filled(row)]


def _numbering(columns: Sequence[Column], indices: Sequence[int], body: Sequence[Row]) -> int:
    """The first column, where it counts 1, 2, 3 … and its header claims nothing else."""
    if not columns or columns[0].kind not in ("count", "code"):
        return -1
    if " ".join(columns[0].words) not in _ROW_NUMBER_WORDS:
        return -1
    index = indices[0]
    return 0 if counts_upwards([row[index] for row in body[:50] if index < len(row)]) else -1


def spans(letters: list[str]) -> str:
    """Neighbouring letters run together."""
    found: list[list[int]] = []
    for name in letters:
        place = _position(name)
        if found and found[-1][1] == place - 1:
            found[-1][1] = place
        else:
            found.append([place, place])
    texts = [letter(a) if a == b else f"{letter(a)}–{letter(b)}" for a, b in found[:6]]
    return ", ".join(texts) + (" …" if len(found) > 6 else "")


def _position(name: str) -> int:
    value = 0
    for character in name:
        value = value * 26 + ord(character) - 64
    return value - 1
