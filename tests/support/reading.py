"""A sandbox task that reads one part and says what came out, small enough to send back."""

from __future__ import annotations

from typing import Any

from gateway.extract.nested import read_nested
from gateway.model.content import Table, Text
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

Shape = tuple[int, int]


def build(spec: Any) -> Any:
    return spec


def read_shapes(state: Any, content: bytes) -> tuple[list[Shape], list[str], int]:
    """Rows and columns of every table, the reasons of every gap, and how many texts there are."""
    part = Part("2", "application/octet-stream", "attachment", content)
    found = list(read_nested(part, ReadLimits()))
    tables = [(len(c.rows), len(c.rows[0])) for c in found if isinstance(c, Table) and c.rows]
    gaps = [c.reason for c in found if isinstance(c, Gap)]
    return tables, gaps, sum(isinstance(c, Text) for c in found)
