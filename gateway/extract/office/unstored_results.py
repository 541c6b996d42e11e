"""Formulas whose results are not in the file: their figures are seen only by whoever opens it.

A formula that only refers to cells shows nothing that is not read; one that holds figures or words
of its own can show anything. Empty results are stored as texts and are no lack.
"""

from __future__ import annotations

import re
from typing import Iterable, Iterator

MIN_FORMULAS = 4
_TAIL = 8192
_UNSTORED = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*)>\s*<(?:\w+:)?f\b[^<>]*>([^<]*)</(?:\w+:)?f>\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
# Searched for by its first character, which is rarer: `in` would stop at every ">".
_MAYBE = re.compile(rb"f>")
_REFERENCE = re.compile(rb"\$?[A-Za-z]{1,3}\$?[0-9]+")
_OWN = re.compile(rb'[0-9]{2}|"|&quot;')


class UnstoredResults:
    """Counts them while the bytes of a sheet pass by."""

    def __init__(self) -> None:
        self.count = 0

    @property
    def matter(self) -> bool:
        return self.count >= MIN_FORMULAS

    def watch(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same chunks. Each formula is counted once, also where it lies across two."""
        self.count, before = 0, b""
        for chunk in chunks:
            text, done = chunk, 0
            if b"f" in chunk or b"f" in before or len(chunk) < _TAIL:
                text = before + chunk
                done = self._look(text) if _MAYBE.search(text) else 0
            before = text[max(done, len(text) - _TAIL) :]
            yield chunk

    def _look(self, text: bytes) -> int:
        done = 0
        for found in _UNSTORED.finditer(text):
            done = found.end()
            stored = b't="str"' in found[1] or b"t='str'" in found[1]
            self.count += not stored and bool(_OWN.search(_REFERENCE.sub(b"", found[2])))
        return done
