"""Archives made on the spot, and everything that comes out of them."""

from __future__ import annotations

import io
import zipfile
from typing import Any, Callable, Iterable

import pytest

from gateway.extract import read_nested
from gateway.model.content import Table, Text
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

CSV = b"id,age,region\n1,44,North\n2,35,South\n"


class Whole:
    """What `read_nested` found in one file, however deep."""

    def __init__(self, content: bytes, name: str, limits: ReadLimits) -> None:
        part = Part("2", "application/octet-stream", "attachment", content, name)
        self.contents = list(read_nested(part, limits))
        self.gaps = [c for c in self.contents if isinstance(c, Gap)]
        self.tables = [c for c in self.contents if isinstance(c, Table)]
        self.words = "\n".join(c.text for c in self.contents if isinstance(c, Text))

    @property
    def reasons(self) -> set[str]:
        return {gap.reason for gap in self.gaps}

    def gaps_of(self, name: str | None) -> set[str]:
        return {gap.reason for gap in self.gaps if gap.location.name == name}

    @property
    def table_names(self) -> list[str | None]:
        return [table.location.name for table in self.tables]


@pytest.fixture
def whole() -> Callable[..., Whole]:
    def run(content: bytes, name: str = "sent", limits: ReadLimits | None = None) -> Whole:
        return Whole(content, name, limits or ReadLimits())

    return run


@pytest.fixture
def zipped() -> Callable[..., bytes]:
    """A zip of (name, content) pairs."""

    def make(entries: Iterable[tuple[str, Any]], method: int = 8, comment: bytes = b"") -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, content in entries:
                archive.writestr(name, content)
            archive.comment = comment
        return out.getvalue()

    return make
