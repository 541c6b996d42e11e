"""How the rows hang together: what identifies a row, what crosses, what adds up.

A table of counts has each combination of its dimensions once and nearly all combinations; records
repeat their categories. Everything here is linear in at most `KEY_ROWS` rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Sequence

from gateway.detect.microdata.column import Column, number

KEY_ROWS = 1000
MAX_KEY = 6
USUAL_KEY, FULL = 4, 0.6
MAX_CANDIDATES = 10
_DIMENSIONS = frozenset(
    {"code", "category", "binary", "year", "period", "gss", "date", "label", "mixed"}
)
_FAVOUR = {"year": 4, "period": 4, "date": 4, "gss": 4, "category": 2, "label": 3}
SUMMED = 150
CROSSED = 0.1
TOLERATED = 0.03
NEARLY = 0.97
_ROUND = ((1000, ("000",)), (100, ("00",)), (10, ("0",)), (5, ("0", "5")))
# Over lower-case lines; the first letters are looked at before all these words are.
_TOTAL = re.compile(
    r"\n[^\S\n]*(?=[abcegiopstuwz][aehklnoruyv])(?:(?:grand |sub-?|all )?totals?\b|all\b(?! (?:right|saints))|overall\b"
    r"|(?:united kingdom|great britain|england and wales|england|scotland|wales|uk|persons)[^\S\n]*$"
    r"|(?:the )?whole (?:country|economy)|all persons|both sexes|(?:insgesamt|gesamt|zusammen|ensemble|totale|totaal|cyfanswm)\b)",
    re.M,
)

Body = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Key:
    """`columns` is the smallest set found that tells rows apart (empty: there is none of up to
    four). `completeness` is rows / all combinations of their values. `repeats` is the share of
    rows whose combination of *all* dimensions has been seen before."""

    columns: tuple[int, ...]
    completeness: float
    repeats: float
    candidates: tuple[int, ...]


def find_key(columns: Sequence[Column], across: Body, skip: frozenset[int]) -> Key:
    """Greedy search for a small key among the columns that could be dimensions. `across` holds
    the cells of each of `columns`, at most `KEY_ROWS`."""
    total = len(across[0]) if across else 0
    strict, wide = _candidates(columns, skip)
    if not (strict or wide) or total < 3:
        return Key((), 0.0, 0.0, ())
    cells: dict[int, Sequence[str]] = {}
    sizes: dict[int, int] = {}
    alone = -1
    for i in strict:
        cells[i] = across[i]
        sizes[i] = len(set(across[i]))
        if alone < 0 and sizes[i] >= NEARLY * total:
            alone = i
        if sizes[i] == total:  # then no combination with it returns
            return Key((alone,), min(1.0, total / sizes[alone]), 0.0, tuple(strict))
    repeats = _repeats(cells, strict, total) if strict else 1.0
    if repeats <= TOLERATED:
        return _key(cells, sizes, total, repeats, strict)
    # Whole numbers may be dimensions too (single years of age, lengths), where they cross more
    # evenly than chance would have it: of n rows thrown at random into n/c cells about c/2 collide.
    for i in wide:
        values = across[i]
        size = len(set(values))
        if 2 * size <= total and len(cells) < len(strict) + 3:
            cells[i], sizes[i] = values, size
    if len(cells) > len(strict) and _repeats(cells, list(cells), total) <= TOLERATED:
        key = _key(cells, sizes, total, 0.0, list(cells), total / CROSSED)
        if len(key.columns) > 1 and key.completeness >= CROSSED:
            return key
    return Key((), 0.0, repeats if strict else 0.0, tuple(strict))


def _candidates(columns: Sequence[Column], skip: frozenset[int]) -> tuple[list[int], list[int]]:
    """Columns of categories, times, places and labels, likeliest first; and whole numbers that
    return often enough to be a dimension."""
    rank, wide = [], []
    for index, column in enumerate(columns):
        if index in skip or column.blank > column.filled:
            continue
        if column.kind == "count" and column.share <= 0.8 and "measure" not in column.groups:
            wide.append(index)
        if column.kind in _DIMENSIONS or (column.kind in ("text", "name") and column.share < 0.95):
            # Times, places and leading columns are likelier keys than a code far to the right.
            favour = _FAVOUR.get(column.kind, 0) + (3 if column.groups & {"time", "place"} else 0)
            rank.append((-favour - max(0, 3 - index), index))
    return [index for _, index in sorted(rank)][:MAX_CANDIDATES], wide[:5]


def _repeats(cells: dict[int, Sequence[str]], columns: Sequence[int], total: int) -> float:
    return 1.0 - len(set(zip(*(cells[i] for i in columns), strict=True))) / total


def _key(
    cells: dict[int, Sequence[str]],
    sizes: dict[int, int],
    total: int,
    repeats: float,
    candidates: Sequence[int],
    most: float = 1e300,
) -> Key:
    chosen = _smallest(cells, sizes, total, most)
    product = 1.0
    for i in chosen:
        product *= max(1, sizes[i])
    completeness = min(1.0, total / product) if chosen else 0.0
    if len(chosen) > USUAL_KEY and completeness < FULL:
        # Enough columns tell any rows apart; so many are dimensions only where they cross fully.
        chosen, completeness = [], 0.0
    return Key(tuple(chosen), completeness, repeats, tuple(candidates))


def _smallest(
    cells: dict[int, Sequence[str]], sizes: dict[int, int], total: int, most: float
) -> list[int]:
    """The greedily smallest key; none where it could have more than `most` combinations."""
    need = NEARLY * total
    for i in cells:
        if sizes[i] >= need:
            return [i]
    order = list(cells)
    chosen = [max(order, key=lambda i: sizes[i])]
    known = sizes[chosen[0]]
    while known < need and len(chosen) < MAX_KEY:
        best, best_size = -1, known
        for i in order:
            if i in chosen or sizes[i] < 2 or known * sizes[i] < best_size:
                continue
            size = len(set(zip(*(cells[c] for c in (*chosen, i)), strict=True)))
            if size > best_size * 1.02:
                best, best_size = i, size
        if best < 0:
            return []
        chosen.append(best)
        known = best_size
        if prod(sizes[i] for i in chosen) > most:
            return []
    return chosen if known >= need else []


def total_labels(columns: Sequence[Column], rows: Body) -> tuple[int, ...]:
    """Columns of texts in which a few cells say Total or All, or name a whole country."""
    found = []
    for index, column in enumerate(columns[:8]):
        if column.groups & {"firm", "key", "person"} and not column.groups & {"place", "time"}:
            continue  # ALL is a ticker, and England a surname
        if column.kind in ("category", "label", "mixed", "binary"):
            hits = len(_TOTAL.findall("\n" + "\n".join(column.distinct).lower()))
            if hits and hits <= max(2, len(column.distinct) // 3):
                found.append(index)
    return tuple(found)


def sums_hold(columns: Sequence[Column], body: Body) -> int:
    """In how many quantity columns the first or last row is the sum of the others."""
    rows = body[:SUMMED]
    if not 4 <= len(rows) == len(body):
        return 0
    held = 0
    for index, column in enumerate(columns[:40]):
        if column.kind not in ("count", "decimal", "code") or column.blank > column.filled // 4:
            continue
        values = [number(row[index]) if index < len(row) else None for row in rows]
        known = [value for value in values if value is not None]
        if len(known) < 4 or known[0] == known[-1] == 0:
            continue
        total = sum(known)
        slack = 0.51 * len(known)
        for end in (known[-1], known[0]):
            if abs(end) > slack * 4 and abs((total - end) - end) <= min(slack, 0.02 * abs(end)):
                held += 1
                break
    return held


def rows_add_up(columns: Sequence[Column], rows: Body) -> bool:
    """A column headed total or all that equals the sum of its neighbours, row by row."""
    wanted = [
        i
        for i, c in enumerate(columns[:60])
        if c.measure and {"total", "all", "persons", "people"} & set(c.words)
    ]
    if not wanted:
        return False
    for target in wanted[:3]:
        for span in (
            range(target + 1, min(len(columns), target + 12)),
            range(max(0, target - 11), target),
        ):
            members = [
                i
                for i in span
                if columns[i].numeric and columns[i].kind in ("count", "decimal", "code")
            ]
            if len(members) >= 2 and any(
                _adds(rows[:30], target, part)
                for part in (members, members[:2], members[-2:], members[:3], members[-3:])
            ):
                return True
    return False


def _adds(rows: Body, target: int, members: list[int]) -> bool:
    good = seen = 0
    for row in rows:
        if len(row) <= max(target, *members):
            continue
        whole = number(row[target])
        parts = [number(row[i]) for i in members]
        if whole is None or whole == 0 or None in parts:
            continue
        seen += 1
        good += abs(sum(p for p in parts if p is not None) - whole) <= 0.51 * len(members)
        if seen - good > 3:
            return False
    return seen >= 4 and good >= 0.9 * seen


def rounding_base(columns: Sequence[Column]) -> int:
    """5, 10, 100 or 1000 where all counts of three digits and more are multiples of it; else 1."""
    values = [
        v.removesuffix(".0")
        for c in columns
        if c.kind == "count" and len(c.distinct) >= 8
        for v in c.distinct[:100]
    ]
    values = [v for v in values if len(v) >= 3][:600]
    if len(values) < 16:
        return 1
    for base, endings in _ROUND:
        if not values[0].endswith(endings) and not values[1].endswith(endings):
            continue
        if sum(1 for v in values if v.endswith(endings)) >= 0.98 * len(values):
            return base
    return 1


def counts_upwards(cells: Sequence[str]) -> bool:
    """1, 2, 3 … (or from 0): numbers of rows, not of anything in them."""
    try:
        values = [int(float(cell)) for cell in cells]
    except (ValueError, OverflowError):
        return False
    return len(values) >= 3 and values[0] in (0, 1) and all(b - a == 1 for a, b in pairwise(values))
