"""A rule file being read: values with their types, and every fault with its place and a hint."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, Iterable, Mapping

from gateway.model.fault import Fault
from gateway.yaml_source import Document, Path_

_SHOWN = 60


class Reading:
    """One document and the faults found in it so far. Whoever asks for a value of some type gets
    it, or None and a fault."""

    def __init__(self, document: Document, source: str = "") -> None:
        self.document = document
        self.faults: list[Fault] = []
        self._lines = source.splitlines()

    def fault(self, path: Path_, message: str, hint: str = "") -> None:
        self.faults.append(self.document.fault(path, message, hint))

    def fault_inside(self, path: Path_, offset: int, message: str, hint: str = "") -> None:
        """A fault `offset` characters into a text value, where the value stands on its key's line."""
        fault = self.document.fault(path, message, hint)
        line = self._lines[fault.line - 1] if 0 < fault.line <= len(self._lines) else ""
        key, colon, value = line[fault.column - 1 :].partition(":")
        begins = len(value) - len(value.lstrip(" "))
        text = value.strip()
        if colon and key == path[-1] and text and text[0] not in "|>\"'":
            column = fault.column + len(key) + 1 + begins + offset
            fault = Fault(fault.file, fault.line, column, message, hint)
        self.faults.append(fault)

    def line(self, path: Path_) -> int:
        return self.document.fault(path, "").line

    def mapping(
        self, path: Path_, value: Any, known: Iterable[str], required: Iterable[str] = ()
    ) -> dict[str, Any] | None:
        """A mapping with known keys only. `required` ones are faults where they are missing."""
        if not isinstance(value, dict):
            self.fault(path, f"{shown(path)} must be a mapping of {', '.join(known)}")
            return None
        known = tuple(known)
        for key in value:
            if key not in known:
                self.fault((*path, key), f"unknown key '{key}'", suggestion(str(key), known))
        for key in required:
            if key not in value:
                self.fault(path, f"'{key}' is missing", f"add '{key}:'")
        return value

    def text(self, path: Path_, value: Any) -> str | None:
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.fault(path, f"{shown(path)} must be text", "put it in quotes if it is a number")
        return None

    def choice(self, path: Path_, value: Any, words: Iterable[str]) -> str | None:
        words = tuple(words)
        if isinstance(value, str) and value in words:
            return value
        self.fault(path, f"{shown(path)} cannot be '{brief(value)}'", suggestion(value, words))
        return None

    def flag(self, path: Path_, value: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        self.fault(path, f"{shown(path)} must be yes or no")
        return None


def suggestion(written: Any, known: Iterable[str]) -> str:
    """did you mean …; known: …"""
    known = tuple(word for word in known if word)
    near = get_close_matches(str(written), known, 1, 0.6)
    start = f"did you mean '{near[0]}'? " if near else ""
    return f"{start}known: {', '.join(known)}"


def shown(path: Path_) -> str:
    """select.material.any finding.kind -> 'kind'"""
    names = [str(step) for step in path if isinstance(step, str)]
    return f"'{names[-1]}'" if names else "the file"


def brief(value: Any) -> str:
    text = "null" if value is None else str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def is_list_of_scalars(value: Any) -> bool:
    return isinstance(value, list) and not any(isinstance(v, (list, Mapping)) for v in value)
