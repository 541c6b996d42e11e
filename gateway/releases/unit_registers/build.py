"""Builds a register from a source: digests in several processes, sorted outside memory, in place
whole or not at all.

Memory is that of a few chunks and one slice, whatever the rows are; the folder needs room for the
register and for 12 bytes more for each row and key column while it is built.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np

from gateway.key_file import sync_folder
from gateway.model.unit_register import CHECK, RegisterCipher
from gateway.model.unit_value import day_order, readings, shape
from gateway.releases.unit_registers.chunk import Digested, Recipe, digest_chunk, texts_of
from gateway.releases.unit_registers.columns import Column
from gateway.releases.unit_registers.distinctness import Sample, measure
from gateway.releases.unit_registers.faults import RegisterFault
from gateway.releases.unit_registers.layout import (
    ALIGNED,
    BUILD_BYTES,
    ENDING,
    MAGIC,
    Description,
    Key,
    Section,
    foot,
)
from gateway.releases.unit_registers.runs import Runs
from gateway.releases.unit_registers.source import Source

_MOST_ROWS = 2**32 - 2
_SHAPES_OF = 20_000
_SHAPE_SHARE = 0.005


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be built. `file` is how the source is called; `now` is zone-aware."""

    name: str
    file: str
    columns: tuple[Column, ...]
    now: datetime


Told = Callable[[int], None]
"""Is told how many rows have been read."""


def build_register(
    source: Source, asked: Asked, key: bytes, folder: Path, randomness: Callable[[int], bytes],
    processes: int = 1, told: Told = lambda rows: None,
) -> Path:  # fmt: skip
    """The file of the new register, which takes the place of one that has its name. Raises
    RegisterFault and OSError, and then nothing has changed."""
    target = folder / f"{asked.name}{ENDING}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{asked.name}.{randomness(8).hex()}"
    try:
        with draft.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            _Build(source, asked, key, randomness(BUILD_BYTES), file, folder).write(processes, told)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(folder)
    return target


class _Build:
    """One build while it lasts."""

    def __init__(
        self, source: Source, asked: Asked, key: bytes, build: bytes, file: IO[bytes], folder: Path
    ) -> None:
        self._source, self._asked, self._key, self._build = source, asked, key, build
        self._file, self._folder = file, folder
        self._cipher = RegisterCipher(key, build)
        self._keys = [number for number, column in enumerate(asked.columns) if column.key]
        self._sample = Sample()
        self._filled = np.zeros(len(asked.columns), np.int64)
        self._rows = 0

    def write(self, processes: int, told: Told) -> None:
        with ExitStack() as closing:

            def unnamed() -> IO[bytes]:
                return closing.enter_context(TemporaryFile(dir=self._folder))

            runs = [Runs(unnamed(), unnamed()) for _ in self._keys]
            parts = tuple(dict.fromkeys(p for column in self._asked.columns for p in column.parts))
            chunks = self._source.chunks(parts)
            first = next(chunks, None)
            if first is None:
                raise RegisterFault(f"{self._asked.file}: there are no rows", "name the right file")
            self._file.write((MAGIC + self._build).ljust(ALIGNED, b"\0"))
            records = self._records(
                self._recipe(parts, first), first, chunks, runs, processes, told
            )
            self._end(records, runs, self._forms(parts, first))

    def _recipe(self, parts: tuple[int, ...], cells: list[list[str]]) -> Recipe:
        orders = tuple(
            day_order(texts_of(column, parts, cells)[:_SHAPES_OF]) for column in self._asked.columns
        )
        return Recipe(self._key, self._build, self._asked.columns, parts, orders)

    def _forms(self, parts: tuple[int, ...], cells: list[list[str]]) -> list[dict[str, float]]:
        """How the values of each column look, and which share of them does."""
        found = []
        for column in self._asked.columns:
            texts = texts_of(column, parts, cells)[:_SHAPES_OF]
            seen = Counter(shape(one) for text in texts for one in readings(text))
            found.append({form: count / len(texts) for form, count in seen.items()})
        return found

    def _records(
        self, recipe: Recipe, first: list[list[str]], rest: Iterator[list[list[str]]],
        runs: list[Runs], processes: int, told: Told,
    ) -> Section:  # fmt: skip
        digest = hashlib.blake2b(digest_size=32)
        for chunk, step in self._digested(recipe, first, rest, processes):
            self._file.write(chunk.records)
            digest.update(chunk.records)
            for run, entries in zip(runs, chunk.runs, strict=True):
                run.add(entries)
            self._sample.add(chunk.sample, step)
            self._filled += chunk.filled
            self._rows += chunk.rows
            told(self._rows)
        size = self._rows * len(self._asked.columns) * CHECK.itemsize
        return Section(ALIGNED, size, digest.hexdigest())

    def _digested(
        self, recipe: Recipe, first: list[list[str]], rest: Iterator[list[list[str]]],
        processes: int,
    ) -> Iterator[tuple[Digested, int]]:  # fmt: skip
        """The chunks in their order, a few under way at a time; beside each, the step of its
        sample."""

        def all_chunks() -> Iterator[tuple[int, list[list[str]]]]:
            yield 0, first
            row = len(first[0])
            for cells in rest:
                yield row, cells
                row += len(cells[0])
                if row > _MOST_ROWS:
                    raise RegisterFault(f"{self._asked.file}: more rows than a register can have")

        if processes < 2:
            for row, cells in all_chunks():
                step = self._sample.step
                yield digest_chunk(recipe, row, cells, step), step
            return
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            waiting: deque[tuple[Future[Digested], int]] = deque()
            for row, cells in all_chunks():
                step = self._sample.step
                waiting.append((pool.submit(digest_chunk, recipe, row, cells, step), step))
                if len(waiting) > processes + 1:
                    done, step = waiting.popleft()
                    yield done.result(), step
            for done, step in waiting:
                yield done.result(), step

    def _end(self, records: Section, runs: list[Runs], forms: list[dict[str, float]]) -> None:
        """The key columns, and the description."""
        keys = []
        for number, run in zip(self._keys, runs, strict=True):
            shown = sorted(form for form, share in forms[number].items() if share >= _SHAPE_SHARE)
            start = -(-self._file.seek(0, 2) // ALIGNED) * ALIGNED
            keys.append(Key(len(run), shown, *run.write(self._file, start, self._cipher, number)))
        self._file.seek(0, 2)
        distinct = measure(self._sample.digests(), forms)
        description = Description(
            self._asked.name,
            self._asked.now.isoformat(timespec="seconds"),
            self._asked.file,
            self._rows,
            [column.name for column in self._asked.columns],
            [int(count) for count in self._filled],
            records,
            keys,
            distinct.alone.tolist(),
            distinct.given.tolist(),
            [(field, check, bits) for (field, check), bits in distinct.common.items()],
        )
        self._file.write(foot(description, self._key, self._build))
