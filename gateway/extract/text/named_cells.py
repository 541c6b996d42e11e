"""Cells that name their value ("Age: 34", "employees 12"): the names are the head of a table."""

from __future__ import annotations

import re
from collections import Counter
from typing import Sequence

Rows = Sequence[Sequence[str]]
_NAMED = re.compile(r"[\s{*•-]*([A-Za-z_][\w .-]{0,40}?)\s?[:=](?!//)(.*)", re.S)
_WORD = re.compile(r"[A-Za-z_][\w-]*")
_FEWEST, _FEW_COLUMNS = 5, 3
_EDGES = " {}.;\"'"
_SAMPLE = 60


def without_names(rows: Rows) -> Rows:
    """The values under their names, where cells hold both; else the rows as they are."""
    if not rows:
        return rows
    width = Counter(map(len, rows[:_SAMPLE])).most_common(1)[0][0]
    last = next((row for row in reversed(rows) if len(row) == width), rows[-1])
    heads = [match[1] if (match := _NAMED.match(cell)) else "" for cell in last]
    if heads and not last[-1].strip():
        heads.pop()
    if not heads or any("</" in cell for cell in last):
        return rows  # what XML holds is read as such
    if all(heads):
        return _under(heads, rows)
    if heads[0] and not any(heads[1:]) and len(last) >= _FEWEST:
        return _beside(rows)
    return _below_words(rows)


def _under(heads: list[str], rows: Rows) -> Rows:
    out = [heads]
    for row in rows:
        pairs = [pair for cell in row if (pair := _NAMED.match(cell))]
        if [pair[1] for pair in pairs] == heads and len(pairs) == len(list(filter(str.strip, row))):
            out.append([pair[2].strip(_EDGES) for pair in pairs])
    return out if len(out) * 10 >= len(rows) * 7 else rows


def _beside(rows: Rows) -> Rows:
    """ "age: 34, 35, 36": a line for each variable, its name before the first value."""
    firsts = [_NAMED.match(row[0]) for row in rows if row]
    names = {match[1] for match in firsts if match}
    if len(names) < len(rows) or len(rows) < _FEW_COLUMNS:
        return rows
    return [
        [match[1], match[2].strip(), *row[1:]]
        for match, row in zip(firsts, rows, strict=True)
        if match
    ]


def _below_words(rows: Rows) -> Rows:
    """The words that all cells of a column begin with are its name."""
    width = Counter(map(len, rows)).most_common(1)[0][0]
    even = [row for row in rows if len(row) == width]
    if len(even) < _FEWEST or width < _FEW_COLUMNS or " " not in even[-1][-1].strip():
        return rows
    heads = [_shared_words([row[at] for row in even]) for at in range(width)]
    if sum(map(bool, heads)) * 10 < width * 7:
        return rows
    cut = [len(head.split()) for head in heads]
    out = [heads]
    for row in even:
        cells = zip(row, cut, strict=True)
        out.append([" ".join(cell.split()[most:]).strip(_EDGES) for cell, most in cells])
    return out


def _shared_words(cells: Sequence[str]) -> str:
    first, last = min(cells, key=str.strip).split(), max(cells, key=str.strip).split()
    shared = []
    for one, other in zip(first[:-1], last[:-1], strict=False):
        if one != other or not _WORD.fullmatch(one):
            break
        shared.append(one)
    start = " ".join(shared)
    return start if all(" ".join(cell.split()).startswith(start) for cell in cells) else ""
