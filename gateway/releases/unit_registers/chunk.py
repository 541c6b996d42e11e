"""What becomes of one chunk of rows: digests, covered records, and sorted runs of each key column.

Pure and picklable: chunks are worked on in several processes, and nothing but digests comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gateway.model.keyed import DIGEST, Digests
from gateway.model.unit_register import ROW, RegisterCipher, Rows, checks_of, value_digest
from gateway.model.unit_value import DayOrder, kept
from gateway.releases.unit_registers.columns import Column

_BATCH = 65_536


@dataclass(frozen=True, slots=True)
class Recipe:
    """How rows are digested: the same for each chunk of one build. `orders` is how each column
    writes its dates."""

    key: bytes
    build: bytes
    columns: tuple[Column, ...]
    parts: tuple[int, ...]
    orders: tuple[DayOrder, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A key column of one chunk: sorted digests, and the row of each; empty values are left out."""

    digests: Digests
    rows: Rows


@dataclass(frozen=True, slots=True)
class Digested:
    """One chunk of `rows` rows. `sample` are the digests of every `step`-th row, (rows, columns),
    0 for a missing value; `filled` counts the values of each column."""

    rows: int
    records: bytes
    runs: tuple[Run, ...]
    sample: Digests
    filled: tuple[int, ...]


def texts_of(column: Column, parts: Sequence[int], cells: list[list[str]]) -> list[str]:
    """The cells of a column; of one that joins several, their cells with blanks between."""
    chosen = [cells[parts.index(part)] for part in column.parts]
    return chosen[0] if len(chosen) == 1 else list(map(" ".join, zip(*chosen, strict=True)))


def digest_chunk(recipe: Recipe, first: int, cells: list[list[str]], step: int) -> Digested:
    """`cells` are those of the source's columns `recipe.parts`, `first` is the number of the first
    row."""
    rows = len(cells[0])
    digests = np.zeros((rows, len(recipe.columns)), DIGEST)
    known = value_digest(recipe.key)
    for number, (column, order) in enumerate(zip(recipe.columns, recipe.orders, strict=True)):
        digests[:, number] = _digested(texts_of(column, recipe.parts, cells), order, known.many)
    cipher = RegisterCipher(recipe.key, recipe.build)
    checks = checks_of(digests)
    for start in range(0, rows, _BATCH):
        numbers = np.arange(first + start, first + min(start + _BATCH, rows), dtype=np.uint64)
        checks[start : start + _BATCH] ^= cipher.cover_records(numbers, checks.shape[1])
    keys = [number for number, column in enumerate(recipe.columns) if column.key]
    return Digested(
        rows,
        checks.tobytes(),
        tuple(_run(cipher, number, digests[:, number], first) for number in keys),
        digests[(-first) % step :: step].copy(),
        tuple(int(count) for count in np.count_nonzero(digests, axis=0)),
    )


def _digested(
    texts: list[str], order: DayOrder, many: Callable[[list[bytes]], Digests]
) -> NDArray[np.uint64]:
    """The digest of each text, 0 for none; what comes again in the chunk is digested once."""
    numbers: dict[str, int] = {}
    places = [numbers.setdefault(text, len(numbers)) for text in texts]
    spelt = [kept(text, order) for text in numbers]
    found = many([spelling or b"" for spelling in spelt])
    found = np.where([spelling is None for spelling in spelt], np.uint64(0), found)
    return np.asarray(found[places], DIGEST)


def _run(cipher: RegisterCipher, column: int, digests: Digests, first: int) -> Run:
    there = np.flatnonzero(digests)
    sought = cipher.sought(column, digests[there])
    order = np.argsort(sought, kind="stable")
    return Run(sought[order], (there[order] + first).astype(ROW))
