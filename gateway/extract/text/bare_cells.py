"""Cells of rows that a program's source writes, without what stands in every row around them."""

from __future__ import annotations

import re
from collections import Counter
from typing import Sequence

_FEWEST = 5
_CODE = re.compile(r"[()\[\]{}<>'\"=]")
_BEFORE = re.compile(r"(?:[\w.\s]*[(=\[{<])*(?:\s*[A-Za-z]*\s*[\"'])?")
_BEHIND = re.compile(r"[\"')\]}>;]|\s+AS\s", re.I)
_LONGEST = 300
_NAME_BEFORE = re.compile(r"([A-Za-z_][\w.]{0,60})[\"'\])]?\s*(?:=>?|:=?)\s*[\"'(\[{]*\Z")
_NAME_BEHIND = re.compile(r"[\"')\]}]*\s+AS\s+[\"`\[]?([A-Za-z_]\w{0,60})", re.I)
Rows = list[list[str]]


def bare_cells(rows: Rows) -> Rows:
    """`add(1, 'a')` in every line is the cells 1 and a; names that stand before each value
    (`age=34`) or behind it (`34 AS age`) are the head."""
    if len(rows) < _FEWEST or not any(map(_CODE.search, rows[-1])):
        return rows
    width = Counter(map(len, rows)).most_common(1)[0][0]
    even = [row for row in rows if len(row) == width]
    around = [_around([row[at] for row in even]) for at in range(width)]
    if not any(map(_CODE.search, ("".join(signs) for signs in around))):
        return rows
    names = [_name(before, behind) for before, behind in around]
    out = [names] if all(names) else []
    for row in rows:
        if len(row) == width:
            row = [
                cell[len(before) : len(cell) - len(behind)].strip()
                for cell, (before, behind) in zip(row, around, strict=True)
            ]
        out.append(row)
    return out


def _around(cells: Sequence[str]) -> tuple[str, str]:
    """The signs of a program that all cells begin and end with; values that all share stay."""
    found = _BEFORE.match(_shared(cells))
    before = found[0] if found else ""
    shared = _shared([cell[len(before) :][::-1] for cell in cells])[::-1]
    if before[-1:] in ("'", '"') and before[-1] in shared:
        return before, shared[shared.index(before[-1]) :]
    found = _BEHIND.search(shared)
    return before, shared[found.start() :] if found else ""


def _shared(cells: Sequence[str]) -> str:
    """What all begin with: the least and the greatest of them tell."""
    first, last = min(cells)[:_LONGEST], max(cells)[:_LONGEST]
    for at, sign in enumerate(first):
        if last[at : at + 1] != sign:
            return first[:at]
    return first


def _name(before: str, behind: str) -> str:
    found = _NAME_BEFORE.search(before[-200:]) or _NAME_BEHIND.match(behind[:200])
    return found[1] if found else ""
