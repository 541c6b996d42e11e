"""The JSON of exports, read so that no file can hurt: bounded, and with keys of any spelling.

PowerShell writes keys in capitals and, at times, UTF-16; both are read. Values keep their kinds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator

import orjson

from gateway.model.fault import Fault, Faults
from gateway.releases.directories.records import text

MAX_BYTES = 256_000_000
MAX_ENTRIES = 500_000
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read_bytes(path: Path) -> bytes:
    """The bytes of an export. Raises Faults."""
    name = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Faults([Fault(name, 0, 0, f"the file is larger than {MAX_BYTES:,} bytes")])
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise Faults([Fault(name, 0, 0, reason, "check the path and its permissions")]) from None


def decoded(raw: bytes, name: str) -> str:
    """Text in UTF-8, or as its byte order mark says. Raises Faults."""
    for mark, coding in _MARKS:
        if raw.startswith(mark):
            raw, found = raw[len(mark) :], coding
            break
    else:
        found = "utf-8"
    try:
        return raw.decode(found)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Faults([Fault(name, line, 0, "not valid UTF-8", "export it as UTF-8")]) from None


def parse(raw: bytes, name: str) -> Any:
    """The value of a JSON text. Raises Faults; what is nested too deeply is no JSON to its reader."""
    try:
        return orjson.loads(decoded(raw, name))
    except orjson.JSONDecodeError as error:
        hint = "export it again; a file that was cut off ends like this"
        raise Faults(
            [Fault(name, error.lineno, error.colno, f"not valid JSON: {error.msg}", hint)]
        ) from None


def lowered(value: Any) -> dict[str, Any]:
    """An object with its keys in small letters; an empty one for anything else. What PowerShell puts
    into AdditionalProperties stands beside the rest."""
    if not isinstance(value, dict):
        return {}
    found = {key.lower(): one for key, one in value.items()}
    more = found.pop("additionalproperties", None)
    return {**lowered(more), **found} if isinstance(more, dict) else found


def objects(values: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of an array, each with its number in it, from 1."""
    for number, value in enumerate(values if isinstance(values, list) else (), 1):
        if isinstance(value, dict):
            yield number, lowered(value)


class Entries:
    """The entries of an export by their ids. One that is no object, has no id, or has that of another
    is a fault of the whole file: nobody can tell which list lacks it."""

    def __init__(self, name: str) -> None:
        self.faults: list[Fault] = []
        self._name = name
        self._known: dict[str, Any] = {}

    def of(self, values: list[Any], section: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """(id, where it stands, the entry with its keys in small letters); once where the same
        entry is there twice."""
        for number, value in enumerate(values, 1):
            place, entry = f"{section} entry {number}", lowered(value)
            key = entry.get("id")
            if not isinstance(key, str) or not key:
                self._fault(f"{place}: it has no 'id'")
            elif key not in self._known:
                self._known[key] = value
                yield key, place, entry
            elif self._known[key] != value:
                self._fault(f"{place}: the id {text(key)[:60]} is another entry's already")

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def _fault(self, message: str) -> None:
        self.faults.append(Fault(self._name, 0, 0, message, "export it again"))
