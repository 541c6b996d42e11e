"""One spelling for what can be spelt in many ways."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.detect.normalise import flat, fold, squeezed, unquote, unspace, unwrap


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


@pytest.mark.parametrize(
    ("spaced", "together"),
    [
        ("E M B A R G O E D   9 : 3 0 A M   1 2   N O V", "EMBARGOED   9:30AM   12   NOV"),
        ("E M B A R G O E D U N T I L 9 . 3 0 A M O N F R I D A Y 1 3 M A Y",
         "EMBARGOEDUNTIL 9.30 AM ON FRIDAY 13 MAY "),
        ("S.E.C.R.E.T until 1.2.20", "SECRET until 1.2.20"),
        ("1 2 3 4", "1 2 3 4"),
    ],
)  # fmt: skip
def test_the_digits_of_a_spaced_banner_are_joined_too(spaced: str, together: str) -> None:
    assert unspace(spaced) == together


def test_letters_of_two_scripts_that_stand_apart_are_of_one_word() -> None:
    assert unspace(fold("\u0415 M B \u0410 R G \u041e \u0415 D")) == "EMBARGOED"
    assert fold("\u0430 \u0431 \u0432 \u0433 \u0434") == "\u0430 \u0431 \u0432 \u0433 \u0434"


def test_words_of_notices_broken_at_a_line_end_are_made_whole_and_compounds_stay() -> None:
    assert unwrap("EMBAR-\n> GOED until") == "EMBARGOED\n until"
    assert unwrap("OFFICIAL-\nSENSITIVE, looked-\nafter") == "OFFICIAL-\nSENSITIVE, looked-\nafter"


def test_quoting_prefixes_and_emphasis_go() -> None:
    assert unquote("> > **EMBARGOED**\n> until").split() == ["EMBARGOED", "until"]


@example("\r\x0c\x80")
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
    assert unspace(unwrap(once)).count("\n") == once.count("\n")


@given(st.text(st.characters(max_codepoint=127)))
def test_squeezed_text_is_flat_text_without_its_blanks(text: str) -> None:
    assert squeezed(text) == flat(fold(text)).replace(" ", "").encode()


def test_only_ascii_text_is_squeezed() -> None:
    assert squeezed("embargo jusqu’à") is None
