"""Numbers of code pages are known in one place, and an unknown one costs no words."""

from __future__ import annotations

import pytest

from gateway.extract.text.code_pages import charset_of


@pytest.mark.parametrize(
    "number, written",
    [(1251, b"\xcc"), (10000, b"\x83"), (65001, b"\xc3\x89"), (28592, b"\xc9"), (20866, b"\xed")],
)  # fmt: skip
def test_the_charset_of_a_code_page_is_known(number: int, written: bytes) -> None:
    assert written.decode(charset_of(number)) in ("É", "М", "м")


def test_of_an_unknown_code_page_the_caller_says_what_is_read() -> None:
    assert charset_of(1200) == charset_of(4) == "cp1252" and charset_of(99_999, "") == ""
