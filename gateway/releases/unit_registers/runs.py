"""Sorts what does not fit into memory: runs that are sorted each, put together slice by slice.

Digests are spread evenly, so that slices of their range are about equally long whatever the values
are. Memory is that of one slice; the runs lie in files without a name, which vanish with us.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import IO

import numpy as np

from gateway.model.keyed import DIGEST, Digests
from gateway.model.unit_register import ROW, RegisterCipher, Rows
from gateway.releases.unit_registers.chunk import Run
from gateway.releases.unit_registers.layout import Section

_SLICE = 1_000_000
_WRITTEN = 1 << 22


class Runs:
    """The runs of one key column, in two open files that nobody else uses."""

    def __init__(self, digests: IO[bytes], rows: IO[bytes]) -> None:
        self._digests, self._rows = digests, rows
        self._ends = [0]

    def __len__(self) -> int:
        return self._ends[-1]

    def add(self, run: Run) -> None:
        self._digests.write(run.digests.tobytes())
        self._rows.write(run.rows.tobytes())
        self._ends.append(self._ends[-1] + len(run.digests))

    def slices(self) -> Iterator[tuple[Digests, Rows]]:
        """All entries in order, a slice at a time."""
        if not len(self):
            return
        self._digests.flush()
        self._rows.flush()
        digests = np.memmap(self._digests, DIGEST, "r", shape=(len(self),))
        rows = np.memmap(self._rows, ROW, "r", shape=(len(self),))
        count = len(self) // _SLICE + 1
        inner = [(part << 64) // count for part in range(1, count)]
        edges = np.array(
            [
                [start, *(start + np.searchsorted(digests[start:end], inner)), end]
                for start, end in zip(self._ends, self._ends[1:], strict=False)
            ]
        )
        for part in range(count):
            pieces = [(run[part], run[part + 1]) for run in edges]
            found = np.concatenate([digests[a:b] for a, b in pieces])
            order = np.argsort(found, kind="stable")
            yield found[order], np.concatenate([rows[a:b] for a, b in pieces])[order]

    def write(
        self, file: IO[bytes], start: int, cipher: RegisterCipher, column: int
    ) -> tuple[Section, Section]:
        """Write the sorted digests from `start`, and behind them the covered rows."""
        count = len(self)
        behind = start + count * DIGEST.itemsize
        told, covered = hashlib.blake2b(digest_size=32), hashlib.blake2b(digest_size=32)
        done = 0
        for digests, rows in self.slices():
            places = np.arange(done, done + len(digests), dtype=np.uint64)
            hidden = (rows ^ cipher.cover_places(column, places)).astype(ROW)
            _put(file, start + done * DIGEST.itemsize, digests.tobytes(), told)
            _put(file, behind + done * ROW.itemsize, hidden.tobytes(), covered)
            done += len(digests)
        return (
            Section(start, count * DIGEST.itemsize, told.hexdigest()),
            Section(behind, count * ROW.itemsize, covered.hexdigest()),
        )


def _put(file: IO[bytes], at: int, content: bytes, digest: hashlib.blake2b) -> None:
    file.seek(at)
    file.write(content)
    digest.update(content)
