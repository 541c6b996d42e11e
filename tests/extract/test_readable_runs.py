"""What is readable in bytes that nobody knows is read, and what is too much of it is said."""

from __future__ import annotations

from dataclasses import replace

from gateway.extract.registry import read_part
from gateway.model.content import Text
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part


def test_more_readable_stretches_than_are_read_are_a_gap() -> None:
    content = b"\x8a\x9c\0\1" * 20 + b"readable words \0" * 400
    part = Part("2", "application/octet-stream", "attachment", content, "data.bin")
    found = list(read_part(part, replace(ReadLimits(), text_chars=1_000), "application/x-unknown"))
    assert sum(len(content.text) for content in found if isinstance(content, Text)) == 1_000
    assert {gap.reason for gap in found if isinstance(gap, Gap)} == {"no-reader", "limit"}
