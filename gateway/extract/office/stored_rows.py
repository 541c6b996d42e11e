"""The rows of a worksheet as they were inflated; cells are made of those that are looked at."""

from __future__ import annotations

import re
from typing import Callable, Collection, Iterator, Sequence, overload

from gateway.extract.office.sheet_values import Values
from gateway.model.rows import DeferredRows

KEPT_ROWS = 4096
MAX_LOOKED_FOR = 400


class Store:
    """What all parts of one sheet share: the XML of its rows, and the rows made so far."""

    def __init__(self, parse: Callable[[bytes], list[str]], values: Values) -> None:
        self.parse, self.values = parse, values
        self.raw: list[bytes] = []
        self.widths: list[int] = []
        self.texts: Sequence[str] = ()
        self.ordered = True
        self._made: dict[int, list[str]] = {}
        self._places: dict[str, list[int]] = {}

    def row(self, index: int) -> list[str]:
        made = self._made.get(index)
        if made is None:
            made = self.parse(self.raw[index])
            if len(self._made) < KEPT_ROWS:
                self._made[index] = made
        return made

    def numbers(self, strings: Collection[str]) -> bytes | None:
        """The places of the strings in the shared table, as alternatives; None where there are too
        many, or some stand in no such table."""
        if not self._places:
            for number, text in enumerate(self.values.shared):
                self._places.setdefault(text, []).append(number)
        found: list[int] = []
        own = set(self.texts)
        for text in strings:
            if text in own or text not in self._places:
                return None
            found += self._places[text]
        if len(found) > MAX_LOOKED_FOR:
            return None
        if not found:
            return b"(?!)"
        return b"0*(?:%s)" % b"|".join(b"%d" % number for number in found)


class StoredRows(DeferredRows):
    """A stretch of a sheet's rows."""

    __slots__ = ("_range", "_store")

    def __init__(self, store: Store, stretch: range | None = None) -> None:
        self._store = store
        self._range = range(len(store.raw)) if stretch is None else stretch

    def __len__(self) -> int:
        return len(self._range)

    @overload
    def __getitem__(self, index: int) -> list[str]: ...

    @overload
    def __getitem__(self, index: slice) -> DeferredRows: ...

    def __getitem__(self, index: int | slice) -> list[str] | DeferredRows:
        if isinstance(index, slice):
            return StoredRows(self._store, self._range[index])
        return self._store.row(self._range[index])

    def __iter__(self) -> Iterator[list[str]]:
        return map(self._store.row, self._range)

    @property
    def cells(self) -> int:
        if len(self._range) == len(self._store.raw):
            return sum(self._store.widths)
        return sum(map(self._store.widths.__getitem__, self._range))

    def texts(self) -> tuple[Sequence[str], Sequence[str]]:
        return self._store.values.shared, self._store.texts

    def _rows(self) -> Iterator[bytes]:
        return map(self._store.raw.__getitem__, self._range)

    def may_hold(self, strings: Collection[str]) -> bool:
        numbers = self._store.numbers(strings)
        if numbers is None:
            return True
        return any(map(re.compile(b"<v>%s</v>" % numbers).search, self._rows()))

    def may_follow(self, first: Collection[str], second: Collection[str] | None) -> bool:
        store = self._store
        if not store.ordered or any(not any(map(str.isalnum, text)) for text in store.texts):
            return True
        here = store.numbers(first)
        there = rb"[^<]" if second is None else store.numbers(second)
        nothing = store.numbers(
            [text for text in store.values.shared if not any(map(str.isalnum, text))]
        )
        if here is None or there is None or nothing is None:
            return True
        formula = rb"(?:<f[^<>]*(?:/>|>[^<]*</f>))?"
        follows = re.compile(
            rb"<v>" + here + rb"</v></c>\s*(?:<c [^<>]*/>\s*|<c [^<>]*>" + formula
            + rb"(?:<v>(?:" + nothing + rb")?</v>)?</c>\s*|</row>\s*|<row[^<>]*>\s*)*<c [^<>]*>"
            + formula + rb"<v>" + there
        )  # fmt: skip
        return follows.search(b"</row>".join(self._rows())) is not None
