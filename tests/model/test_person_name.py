"""Names of people are compared by their words; a local part may be made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.person_name import local_name, name, same, spells


@pytest.mark.parametrize(
    "text", ["Terry Moss", "Moss, Terry", "MOSS, Terry (Press)", "Dr Terry Moss", "Terry Moss/DEPT@DEPT"]
)  # fmt: skip
def test_a_name_is_its_words_given_names_first(text: str) -> None:
    assert name(text) == ("terry", "moss")


def test_accents_and_apostrophes_do_not_count() -> None:
    assert name("O’Brien, Siân") == ("sian", "obrien")
    assert name("Łukasz Müller") == ("lukasz", "muller")


def test_the_same_words_are_the_same_person_in_any_order_and_one_word_is_nobody() -> None:
    assert same(name("Terry Moss"), name("MOSS Terry"))
    assert not same(name("Terry Moss"), name("Terry Mosse"))
    assert not same(name("Moss"), name("Moss"))


@pytest.mark.parametrize(
    ("local", "whose"),
    [
        ("t.moss", "Terry Moss"), ("mosst77", "Terry Moss"), ("terry_moss", "Moss, Terry"),
        ("terrymoss1", "Terry Moss"), ("rob.hill", "Robert Hill"), ("carol.lane77", "C Lane"),
        ("a.smith-jones", "Anne Smith-Jones"), ("ajones", "Anne Smith-Jones"),
        ("sobrien", "Siân O'Brien"), ("cjlane", "Carol Jane Lane"), ("wu.li", "Li Wu"),
        ("care-statistics", "Care Statistics"),
    ],
)  # fmt: skip
def test_a_local_part_is_made_of_a_name(local: str, whose: str) -> None:
    assert spells(local, name(whose))


@pytest.mark.parametrize(
    ("local", "whose"),
    [
        ("moss", "Terry Moss"), ("s.moss", "Terry Moss"), ("tez.moss", "Terry Moss"),
        ("clive.lane", "Carol Lane"), ("d.lane", "C Lane"), ("sunflower", "Carol Lane"),
        ("press", "Press Office"), ("", "Terry Moss"), ("t.moss", "Moss"), ("lwu", "Li Wu"),
    ],
)  # fmt: skip
def test_relatives_and_strangers_are_not(local: str, whose: str) -> None:
    assert not spells(local, name(whose))


def test_a_local_part_in_one_piece_tells_no_name() -> None:
    assert local_name("terry.moss2") == ("terry", "moss")
    assert local_name("tmoss") == ()


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_text_is_too_odd(local: str, whose: str) -> None:
    spells(local, name(whose))
    assert name(" ".join(name(whose))) == name(whose)
