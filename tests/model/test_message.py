"""Parts and what is inside them."""

from __future__ import annotations

from gateway.model.message import Part


def test_a_file_inside_a_part_is_numbered_below_it_and_of_no_declared_type() -> None:
    outer = Part("2", "application/zip", "attachment", b"PK", "a.zip", "", 1, (("charset", "x"),))
    inner = outer.inside(3, b"hello", "b.txt")
    assert inner == Part("2!3", "application/octet-stream", "attachment", b"hello", "b.txt", "", 2)
