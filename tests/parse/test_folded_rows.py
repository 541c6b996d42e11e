"""Rows in the folds of a header field are a text of their own; usual fields are left as they are."""

from __future__ import annotations

from gateway.model.limits import ParseLimits
from gateway.parse import parse_message

ROWS = [f"{i},Ann {i},{1950 + i}" for i in range(8)]


def parts(name: str, lines: list[str]) -> list[str]:
    folded = "".join(f"\r\n {line}" for line in lines)
    raw = f"From: a@dept.example\r\n{name}:{folded}\r\n\r\nHello\r\n".encode()
    return [part.content.decode() for part in parse_message(raw, ParseLimits()).parts]


def test_rows_in_the_folds_of_a_field_keep_their_lines() -> None:
    assert "\r\n".join(ROWS) in parts("X-Note", ROWS)


def test_addresses_and_words_in_many_folds_are_no_rows() -> None:
    addresses = [f"Ann <a{i}@dept.example>, Bob <b{i}@dept.example>," for i in range(8)]
    assert len(parts("To", addresses)) == 1
    assert len(parts("X-Note", ["some words, and more"] * 8)) == 1
