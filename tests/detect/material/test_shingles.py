"""What stands for a text depends on its words, not on how they are written down."""

from __future__ import annotations

import re
import textwrap

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.detect.material.shingles import SIZE, SURE, Words, flattened, words

SENTENCE = (
    "Moorland nurseries, which had closed in 2019, re-opened with 1,234 places; the county's "
    "inspectors found well-kept playgrounds everywhere (see Annex 4)."
)


def chosen(text: str) -> set[tuple[int, int]]:
    return {
        (int(first), int(second))
        for piece in words(flattened(text))
        for first, second in piece.shingles().pairs
    }


def counted(text: str) -> list[int]:
    return [word for piece in words(flattened(text)) for word in piece.hashes.tolist()]


@pytest.mark.parametrize(
    "written",
    [
        SENTENCE.upper(),
        SENTENCE.replace(" ", "\n"),
        textwrap.indent(textwrap.fill(SENTENCE, 40), "> "),
        textwrap.indent(textwrap.fill(SENTENCE, 30), "> | > "),
        "• " + SENTENCE.replace(", ", "\n• "),
        SENTENCE.replace(" ", "  \t "),
        SENTENCE.replace("'", "\u2019").replace("-", "\u2010"),
        SENTENCE.replace("nurseries", "nur-\nseries").replace("inspectors", "inspec-\n> tors"),
        SENTENCE.replace("playgrounds", "play\u00ad\ngrounds"),
        SENTENCE.replace("playgrounds", "play\u200bgrounds\ufeff"),
        SENTENCE.replace("1,234", "1234").replace("re-opened", "reopened"),
        re.sub(r"[,;.()]", "", SENTENCE),
        f"“{SENTENCE}”",
        SENTENCE.replace("well-kept", "**well-kept**").replace("inspectors", "__inspectors__"),
        SENTENCE.replace("a", "\u0430"),
    ],
)
def test_wrapping_quoting_case_and_punctuation_change_nothing(written: str) -> None:
    assert counted(written) == counted(SENTENCE)
    assert chosen(written) == chosen(SENTENCE)


def test_short_words_come_and_go() -> None:
    assert counted("the rise of the tides") == counted("a rise in tides")


def test_numbers_count_however_short() -> None:
    assert len(counted("4 of 12 in 2018")) == 3


def test_a_script_without_blanks_is_read_letter_by_letter() -> None:
    text = "来月の統計表は公表前に転送できません"
    assert len(counted(text)) == len(text)
    assert counted(text[:7] + "\n" + text[7:]) == counted(text)


VOCABULARY = st.sampled_from("heron kestrel plover curlew dunlin avocet godwit whimbrel".split())
RUN = st.lists(VOCABULARY, min_size=SURE, max_size=30)
AROUND = st.lists(VOCABULARY, max_size=30)


@given(RUN, AROUND, AROUND, AROUND, AROUND)
def test_two_texts_with_a_run_of_words_in_common_share_a_chosen_shingle(
    run: list[str], before: list[str], after: list[str], ahead: list[str], behind: list[str]
) -> None:
    one, other = " ".join([*before, *run, *after]), " ".join([*ahead, *run, *behind])
    assert chosen(one) & chosen(other)


@given(st.text(max_size=300))
def test_no_text_is_too_strange(text: str) -> None:
    for piece in words(flattened(text)):
        assert len(piece.shingles().at) <= max(0, len(piece) - SIZE + 1)


def test_long_texts_are_read_in_pieces_that_agree_and_leave_nothing_out() -> None:
    text = " ".join(f"word{number * 7919 % 30011}" for number in range(60_000))
    pieces = list(words(flattened(text)))
    known: dict[int, int] = {}
    for piece in pieces:
        for number, word in enumerate(piece.hashes.tolist(), piece.first):
            assert known.setdefault(number, word) == word
        assert_words_are_where_they_are_said_to_be(piece, flattened(text))
    assert len(pieces) > 3
    assert sorted(known) == list(range(60_000))


def assert_words_are_where_they_are_said_to_be(piece: Words, flat: bytes) -> None:
    for start, length in zip(piece.starts[:5], piece.lengths[:5], strict=True):
        assert b" " not in flat[start : start + length]
        assert flat[start + length : start + length + 1] in (b" ", b"")


@pytest.mark.parametrize("unit", ["again ", "over and over without an end ", "x" * 70_000 + " "])
def test_repetition_yields_few_different_shingles(unit: str) -> None:
    text = unit * max(1, 400_000 // len(unit))
    pairs = [piece.shingles().pairs for piece in words(flattened(text))]
    assert len(np.unique(np.concatenate(pairs), axis=0)) <= 8
