"""Takes typed values out of a YAML document, and notes every fault instead of stopping at one.

A value that is missing or wrong comes back as None (or its default) with a fault at its place;
keys that nobody knows are faults, because a key that is not honoured must not load.
"""

from __future__ import annotations

from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Callable, Mapping, Sequence, TypeVar

from gateway.model.fault import Fault
from gateway.yaml_source import Document

T = TypeVar("T")
Path_ = tuple[str | int, ...]


class Unfit(ValueError):
    """A value that cannot be used: what is wrong, and what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Sheet:
    """One file while it is read: its document and the faults found so far."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.faults: list[Fault] = []

    def fault(self, path: Path_, message: str, hint: str = "") -> None:
        self.faults.append(self.document.fault(path, message, hint))

    def root(self, known: tuple[str, ...], elsewhere: Mapping[str, str] | None = None) -> Entry:
        """The file's own mapping; a file of nothing but comments is an empty one. `elsewhere` says
        of keys that stand in other files where they belong."""
        value = {} if self.document.value is None else self.document.value
        return Entry(self, (), value, known, elsewhere or {})


def meant(written: str, known: Sequence[str], what: str) -> str:
    """A hint: which of what is `known` is spelt much like it, and all of it."""
    near = get_close_matches(written, known, 1)
    start = f"did you mean {near[0]}? " if near else ""
    return f"{start}{what}: {', '.join(known) or 'none'}"


class Entry:
    """One mapping of a file, in which only `known` keys may stand."""

    __slots__ = ("_values", "path", "sheet")

    def __init__(
        self, sheet: Sheet, path: Path_, value: Any, known: tuple[str, ...],
        elsewhere: Mapping[str, str] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        self.sheet = sheet
        self.path = path
        self._values: Mapping[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            sheet.fault(path, "expected keys and values", f"known keys here: {', '.join(known)}")
        for key in self._values:
            if key not in known:
                hint = elsewhere.get(str(key)) or meant(str(key), known, "known keys here")
                sheet.fault((*path, key), f"unknown key '{key}'", hint)

    def fault(self, key: str, message: str, hint: str = "") -> None:
        self.sheet.fault((*self.path, key), message, hint)

    def has(self, key: str) -> bool:
        return key in self._values

    def require(self, key: str, convert: Callable[[Any], T]) -> T | None:
        """A value that must be there."""
        if key not in self._values:
            self.sheet.fault(self.path, f"'{key}' is missing", f"add a line '{key}: …'")
            return None
        return self._convert(key, self._values[key], convert)

    def take(self, key: str, convert: Callable[[Any], T], default: T) -> T:
        """A value that may be left out."""
        if key not in self._values:
            return default
        taken = self._convert(key, self._values[key], convert)
        return default if taken is None else taken

    def maybe(self, key: str, convert: Callable[[Any], T]) -> T | None:
        """A value that may be left out and has no default."""
        return self._convert(key, self._values[key], convert) if key in self._values else None

    def each(self, key: str, convert: Callable[[Any], T]) -> list[T]:
        """A list of plain values; what is written twice is a fault."""
        taken: list[T] = []
        for number, value in enumerate(self._listed(key)):
            one = self._convert(key, value, convert, number)
            if one is not None and one in taken:
                place = (*self.path, key, number)
                self.sheet.fault(place, f"{key}: written twice", "keep one of the two")
            elif one is not None:
                taken.append(one)
        return taken

    def entries(self, key: str, known: tuple[str, ...]) -> list[Entry]:
        """A list of mappings."""
        return [
            Entry(self.sheet, (*self.path, key, number), value, known)
            for number, value in enumerate(self._listed(key))
        ]

    def mapping(self, key: str, convert: Callable[[Any], T]) -> dict[str, T]:
        """Values under names that the file chooses."""
        values = self._values.get(key, {})
        if not isinstance(values, dict):
            self.fault(key, f"{key}: expected names and values", "write 'name: value' on each line")
            return {}
        inner = Entry(self.sheet, (*self.path, key), values, tuple(values))
        taken = {name: inner._convert(name, value, convert) for name, value in values.items()}
        return {name: value for name, value in taken.items() if value is not None}

    def entry(self, key: str, known: tuple[str, ...]) -> Entry | None:
        """A mapping inside this one, or None where it is not there."""
        if key not in self._values:
            return None
        return Entry(self.sheet, (*self.path, key), self._values[key], known)

    def _listed(self, key: str) -> Sequence[Any]:
        values = self._values.get(key, ())
        if isinstance(values, (list, tuple)):
            return values
        self.fault(key, f"{key}: expected a list", "write each on a line of its own after '- '")
        return ()

    def _convert(
        self, key: str, value: Any, convert: Callable[[Any], T], *number: int
    ) -> T | None:  # fmt: skip
        """The place is put together only where something is wrong there."""
        if value is None:
            hint = "write a value, or leave the key out"
            self.sheet.fault((*self.path, key, *number), f"{key}: empty", hint)
            return None
        try:
            return convert(value)
        except Unfit as unfit:
            self.sheet.fault((*self.path, key, *number), f"{key}: {unfit}", unfit.hint)
            return None
