"""Binary values of a table: text is shown in its cell, files are handed on, the rest is counted."""

from __future__ import annotations

from gateway.extract import types
from gateway.extract.magic import type_of_bytes
from gateway.extract.signatures import looks_like_text
from gateway.model.message import Part

# Shorter values are keys, digests and places on a map.
_LARGE = 64
_MOST_FILES = 2_000


class EmbeddedFiles:
    """What was found in the cells of one part; `unknown` values are a Gap."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self.found: list[Part] = []
        self.unknown = 0

    def text(self, value: bytes, column: str) -> str:
        """The text of a cell: "" where the value is a file of its own or nobody knows what."""
        text = not value or looks_like_text(value)
        if len(value) < _LARGE:
            return value.decode("utf-8", "replace") if text else value.hex()
        known = type_of_bytes(value)
        if (
            (not known and not text)
            or known == types.BROKEN_PICTURE
            or len(self.found) >= _MOST_FILES
        ):
            self.unknown += 1
            return ""
        number = f"{self._part.number}!{len(self.found) + 1}"
        self.found.append(
            Part(
                number, "application/octet-stream", "attachment", value, column[:200], "",
                self._part.depth + 1,
            )
        )  # fmt: skip
        return ""
