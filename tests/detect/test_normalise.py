"""One spelling for what can be spelt in many ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.detect.normalise import flat, fold, squeezed, unquote, unspace


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Official–Sensitive", "Official-Sensitive"),
        ("‘quoted’ “words”", "'quoted' \"words\""),
        ("em\u00adbar\u200bgo\u202e", "embargo"),
        ("ＥＭＢＡＲＧＯ", "EMBARGO"),
        ("ЕMВАRGО", "EMBARGO"),
        ("jusqu’à", "jusqu'a"),
        ("эмбарго", "эмбарго"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("em\x00bargo", "embargo"),
    ],
)
def test_characters_are_folded(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_ascii_text_passes_untouched() -> None:
    text = "Dear all,\n\tplease see > below.\n"
    assert fold(text) is text


def test_flat_text_has_single_blanks_and_no_punctuation() -> None:
    assert flat("Children's  Looked-after\n> DATA (2018)") == "childrens looked after data 2018"


def test_letter_spacing_is_undone_and_initials_stay() -> None:
    assert unspace("E M B A R G O E D   until") == "EMBARGOED   until"
    assert unspace("S.E.C.R.E.T") == "SECRET"
    assert unspace("plan a b and J. R. Hartley") == "plan a b and J. R. Hartley"


def test_quoting_prefixes_and_emphasis_go() -> None:
    assert unquote("> > **EMBARGOED**\n> until").split() == ["EMBARGOED", "until"]


@given(st.text())
def test_folding_keeps_the_number_of_lines(text: str) -> None:
    once = fold(text)
    assert (
        once.count("\n")
        == text.replace("\r\n", "\n").count("\n")
        + sum(text.replace("\r\n", "\n").count(c) for c in "\r\x0b\x0c\x85\u2028\u2029")
        or text.isascii()
    )
    assert unquote(once).isascii()


@given(st.text(st.characters(max_codepoint=127)))
def test_squeezed_text_is_flat_text_without_its_blanks(text: str) -> None:
    assert squeezed(text) == flat(fold(text)).replace(" ", "").encode()


def test_only_ascii_text_is_squeezed() -> None:
    assert squeezed("embargo jusqu’à") is None
