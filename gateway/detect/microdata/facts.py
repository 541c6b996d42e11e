"""Everything the signals look at, gathered once a table: layout, columns, sample and key.

At most `SAMPLE` body rows are profiled (head, middle and tail), at most `MAX_COLUMNS` columns. The
key of a table that is wide and long is looked for in fewer rows: it has as many cells in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Sequence

from gateway.detect.microdata.column import Column, letter, profile
from gateway.detect.microdata.layout import Layout, Row, filled_rows, lay_out
from gateway.detect.microdata.structure import KEY_ROWS, Key, counts_upwards, find_key

SAMPLE = 126
WIDE_SAMPLE = 100
WIDE_KEY_ROWS = 400
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
    numbers the rows, or -1. `used` are the positions that carry content, `each` pairs them with
    their columns."""

    layout: Layout
    sample: Sequence[Row]
    columns: tuple[Column, ...]
    numbering: int
    key: Key
    used: tuple[int, ...]
    rows: int
    each: tuple[tuple[int, Column], ...]
    in_key: frozenset[int]

    def letters(self, positions: Iterable[int]) -> str:
        """ "A, B, F–H": position letters for a sentence, at most six entries."""
        return spans([self.columns[p].letter for p in positions])

    def say(self, positions: Sequence[int], verb: str) -> str:
        """ "column A holds", "columns A–C hold"."""
        many = {"is": "are", "has": "have"}.get(verb, verb.removesuffix("s"))
        letters = self.letters(positions)
        return f"columns {letters} {many}" if len(positions) > 1 else f"column {letters} {verb}"


def gather(rows: Sequence[Row], labels: Sequence[str] = (), named: bool = False) -> Facts:
    """Look at a table. `named` says that the first row is known to hold the columns' names,
    `labels` are the file's own descriptions of them."""
    layout = lay_out(rows, named)
    width = layout.width
    sample = _sample(layout.body, SAMPLE if width < WIDE else WIDE_SAMPLE)
    most = WIDE_KEY_ROWS if width >= WIDE and len(layout.body) > KEY_ROWS else KEY_ROWS
    body: Sequence[Row] = layout.body[:most]
    even = set(map(len, body)) | set(map(len, sample)) <= {width}
    if not even:
        body = [(*row[:width], *("",) * (width - len(row))) for row in body]
        sample = [(*row[:width], *("",) * (width - len(row))) for row in sample]
    profiled = [
        profile(index, header, cells, labels[index] if index < len(labels) else "")
        for index, (header, cells) in enumerate(
            zip(layout.headers, zip(*sample, strict=True), strict=False)
        )
    ]
    indices = [index for index, column in enumerate(profiled) if column.kind != "empty"]
    columns = tuple(profiled[index] for index in indices)
    numbering = _numbering(columns, indices, layout.body)
    across = list(zip(*body, strict=True))
    if len(columns) < width:
        across = [across[i] for i in indices] if across else []
        body = list(zip(*across, strict=True))
        sample = [tuple(row[i] for i in indices) for row in sample]
    narrow = 1 if len(columns) > 2 else 0
    # Where enough columns have no gap, no row is too narrow, and none needs to be looked at.
    if not _unbroken(across, narrow + 1):
        body = [row for row in body if len(row) - row.count("") > narrow]
        across = list(zip(*body, strict=True))
    skip = frozenset({numbering}) if numbering >= 0 else frozenset()
    key = find_key(columns, across, skip)
    used = tuple(i for i in range(len(columns)) if i != numbering)
    return Facts(
        layout,
        body if len(layout.body) < KEY_ROWS else sample,
        columns,
        numbering,
        key,
        used,
        len(layout.body),
        tuple((i, columns[i]) for i in used),
        frozenset(key.columns),
    )


def _unbroken(across: Sequence[Sequence[str]], wanted: int) -> bool:
    for cells in across:
        wanted -= "" not in cells
        if not wanted:
            return True
    return False


def _sample(body: Sequence[Row], size: int) -> Sequence[Row]:
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
    return filled_rows(chosen)


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
