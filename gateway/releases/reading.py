"""One reading of all files: the faults so far, and what was remembered of files that have none."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Callable, TypeVar

import orjson

from gateway.model.fault import Fault, Faults
from gateway.releases.compiled import Compiled
from gateway.releases.encoding import Encoding
from gateway.releases.entries import Sheet
from gateway.releases.touch import Touch
from gateway.yaml_lines import LineReader
from gateway.yaml_source import parse, read

T = TypeVar("T")


class Reading:
    """`faults` are those of every file."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.faults: list[Fault] = []
        self._said: dict[Path, str] = {}
        self._lines = LineReader()

    def take(
        self, encoding: Encoding[T], path: Path, convert: Callable[[Sheet], T | None],
        *depends: bytes, text: bytes | None = None, fits: Callable[[T], bool] = lambda _: True,
    ) -> T | None:  # fmt: skip
        """What a file says; None where it cannot be read. `depends` is all that `convert` looks at
        besides the file; `fits` whether a value that was read before still stands. `text` is read
        in place of the file."""
        self._said[path] = "unreadable"
        try:
            bytes_ = _digest_of(text) if text is not None else self._bytes_of(path)
            key = self.compiled.key(path.name.encode(), bytes_, *depends)
            known = self.compiled.recall(key, encoding)
            if known is not None and fits(known.value):
                self._said[path] = known.digest
                value: T = known.value
                return value
            raw = read(path, str(path)) if text is None else text
            key = self.compiled.key(path.name.encode(), _digest_of(raw), *depends)
            self._said[path] = f"faulty {key}"
            sheet = Sheet(parse(raw, str(path), self._lines))
        except Faults as found:
            self.faults += found.faults
            return None
        fresh = convert(sheet)
        self.faults += sheet.faults
        if not sheet.faults:
            self._said[path] = digest = _digest(sheet.document.value)
            if fresh is not None:
                self.compiled.keep(key, encoding, fresh, digest)
        return fresh

    def _bytes_of(self, path: Path) -> bytes:
        """A digest of a file's bytes; they are read only where the file may have been touched."""
        before = Touch.of(path)
        known = self.compiled.untouched(path, before)
        if known is None:
            known = _digest_of(read(path, str(path)))
            self.compiled.touched(path, before, known)
        return known

    def said(self, path: Path | None) -> bytes:
        """Names what was read of a file: another file may depend on it."""
        return self._said.get(path, "nothing").encode() if path is not None else b"nothing"

    def digest(self, *besides: Any) -> str:
        """Names this reading: the same contents give the same digest, wherever they are stored."""
        read_ = [(path.name, said) for path, said in self._said.items()]
        return _digest([read_, besides])


def _digest_of(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def _digest(value: Any) -> str:
    written = orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(written).hexdigest()
