"""A unit register as one process has it open: keyed digests of its rows, and what agreement proves.

- Nothing in it can be turned back into a value without the key. Records and row numbers are
  enciphered by their place, so that not even equal values can be told there; equal values of a key
  column have equal digests, so that how often a value occurs is all that shows.
- Read-only; the arrays are mapped files that processes share. Look-ups are bounded by their caller.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from gateway.model.keyed import Digests, KeyedDigest

CHECK = np.dtype("<u4")
"""What a record keeps of one value: the lower half of its digest; 0 for a value that is missing."""
ROW = np.dtype("<u4")
Checks = NDArray[np.uint32]
Rows = NDArray[np.uint32]
PURPOSE = "unit-value"
_BLOCK = 16
_RECORDS, _PLACES = np.uint64(1 << 62), np.uint64(1 << 63)


def value_digest(key: bytes) -> KeyedDigest:
    """The digest of one spelling of a value (`unit_value`), the same in every register of a key."""
    return KeyedDigest(key, PURPOSE)


def checks_of(digests: Digests) -> Checks:
    """What records keep of these values; 0 stays 0, and nothing else becomes it."""
    checks = digests.astype(CHECK)
    checks[(checks == 0) & (digests != 0)] = 1
    return checks


class RegisterCipher:
    """Enciphers one build of a register under keys of its own: AES-256 over block numbers (counter
    mode, NIST SP 800-38A), so that any row can be opened alone.

    `build` is random and of this build alone: the same key stream never covers two contents.
    """

    __slots__ = ("_finding", "_hiding")

    def __init__(self, key: bytes, build: bytes) -> None:
        def derived(purpose: bytes) -> Cipher[modes.ECB]:
            secret = hashlib.blake2b(build, key=key, person=purpose, digest_size=32).digest()
            return Cipher(algorithms.AES(secret), modes.ECB())

        self._finding, self._hiding = derived(b"unit-find"), derived(b"unit-hide")
        # Whatever the library loads at its first use, it loads before a sandbox closes.
        self.sought(0, np.zeros(1, np.uint64))

    def sought(self, column: int, digests: Digests) -> Digests:
        """Under what a key column has these values; columns have no digest in common."""
        blocks = np.empty((len(digests), 2), np.uint64)
        blocks[:, 0], blocks[:, 1] = digests, column
        return _enciphered(self._finding, blocks)[:, 0].copy()

    def cover_records(self, rows: NDArray[np.uint64], width: int) -> Checks:
        """What the records of these rows are covered with, (rows, width)."""
        each = -(-width * CHECK.itemsize // _BLOCK)
        blocks = np.empty((len(rows), each, 2), np.uint64)
        blocks[:, :, 0] = rows[:, None]
        blocks[:, :, 1] = _RECORDS | np.arange(each, dtype=np.uint64)
        stream = _enciphered(self._hiding, blocks).view(CHECK)
        return stream.reshape(len(rows), each * (_BLOCK // CHECK.itemsize))[:, :width]

    def cover_places(self, column: int, places: NDArray[np.uint64]) -> Rows:
        """What the row numbers at these places of a key column are covered with."""
        blocks = np.empty((len(places), 2), np.uint64)
        blocks[:, 0], blocks[:, 1] = places >> np.uint64(2), _PLACES | np.uint64(column)
        stream = _enciphered(self._hiding, blocks).view(ROW).reshape(len(places), 4)
        return np.take_along_axis(stream, (places & np.uint64(3)).astype(np.intp)[:, None], 1)[:, 0]


def _enciphered(cipher: Cipher[modes.ECB], blocks: NDArray[np.uint64]) -> NDArray[np.uint64]:
    covered = cipher.encryptor().update(blocks.tobytes())
    return np.frombuffer(covered, "<u8").reshape(blocks.shape)


@dataclass(frozen=True, slots=True)
class Distinctness:
    """What it proves that a value is that of a row, in bits, as measured over the register's rows.

    `alone[f]` is for field f; `common` has the values that many rows share, by field and check.
    `given[g, f]` bounds it where field g agrees as well: what follows from it proves nothing more
    (a region, given the postcode). After Fellegi and Sunter (1969), and Winkler (1989) for values.
    """

    alone: NDArray[np.float64]
    given: NDArray[np.float64]
    common: Mapping[tuple[int, int], float]

    def of(self, field: int, check: int) -> float:
        return self.common.get((field, check), float(self.alone[field]))


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column by which rows are found: its number among the columns, the sorted digests, and the
    covered row of each. `shapes` are those that its values have (`unit_value.shape`)."""

    column: int
    digests: Digests
    rows: Rows
    shapes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """Rows that have a sought value: `asked` numbers the question, `row` the row, `crowd` is how
    many rows have that value. `cut`: there were more than were asked for."""

    asked: NDArray[np.intp]
    row: NDArray[np.uint64]
    crowd: NDArray[np.intp]
    cut: bool


@dataclass(frozen=True, slots=True)
class UnitRegister:
    """One open register. `columns` name its fields, the key columns first; `covered` are its
    records, (rows, columns)."""

    name: str
    columns: tuple[str, ...]
    keys: tuple[KeyColumn, ...]
    covered: Checks
    distinct: Distinctness
    cipher: RegisterCipher

    @property
    def rows(self) -> int:
        return len(self.covered)

    def find(self, key: KeyColumn, digests: Digests, most: int, room: int) -> Found:
        """The rows in which a key column has one of these values; values that more than `most` rows
        share find none. At most `room` rows, those of the rarest values."""
        sought = self.cipher.sought(key.column, digests)
        first = np.searchsorted(key.digests, sought, "left")
        crowd = np.zeros(len(sought), np.intp)
        hit = np.flatnonzero((first < len(key.digests)) & (digests != 0))
        hit = hit[key.digests[first[hit]] == sought[hit]]
        crowd[hit] = np.searchsorted(key.digests, sought[hit], "right") - first[hit]
        hit = hit[crowd[hit] <= most]
        fits = rarest(crowd[hit], crowd[hit], room)
        cut = not fits.all()
        hit = hit[fits]
        asked = np.repeat(hit, crowd[hit])
        within = np.arange(len(asked)) - np.repeat(np.cumsum(crowd[hit]) - crowd[hit], crowd[hit])
        places = (first[asked] + within).astype(np.uint64)
        rows = key.rows[places] ^ self.cipher.cover_places(key.column, places)
        return Found(asked, rows.astype(np.uint64), crowd[asked], cut)

    def records(self, rows: NDArray[np.uint64]) -> Checks:
        """What these rows keep of their values, (rows, columns)."""
        return self.covered[rows] ^ self.cipher.cover_records(rows, len(self.columns))


def rarest(often: NDArray[np.intp], sizes: NDArray[np.intp], room: int) -> NDArray[np.bool_]:
    """Which values, those that occur the least often first, fit together into a room."""
    order = np.argsort(often, kind="stable")
    fits = np.zeros(len(often), bool)
    fits[order[np.cumsum(sizes[order]) <= room]] = True
    return fits


@dataclass(frozen=True, slots=True)
class UnitRegisters:
    """All registers that there should be: those that are open, under one key, and why others are
    not, by name. `digest` is None where the key is not there: then none is open."""

    digest: KeyedDigest | None = None
    opened: tuple[UnitRegister, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
