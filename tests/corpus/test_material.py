"""The evaluation set is what it says, and registered material is recognised in it as promised."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest
from corpus.material.evaluation import (
    FIGURES,
    INNOCENT,
    LEVEL,
    PASSAGE,
    Outcome,
    evaluated,
    misses,
    score,
)
from corpus.material.letters import Letter, Split, letters
from corpus.material.packs import HERE, packs, rows_of

SPLITS: tuple[Split, ...] = get_args(Split)
LETTERS = {split: letters(split) for split in SPLITS}
WHOLE = re.compile(r"(?<![\d.,])\d[\d,]*\d(?![\d,]*\.\d)")
"""A whole number of more than one digit."""


def text_of(letter: Letter) -> str:
    files = (text for _, text in letter.attachments)
    return "\n".join((letter.subject, letter.body, letter.html, *files))


def levels(text: str) -> set[str]:
    """The whole numbers of five digits and more in it."""
    numbers = {number.replace(",", "") for number in WHOLE.findall(text)}
    return {number for number in numbers if len(number) > 4}


def cells(folder: str) -> set[str]:
    """Those in the tables of this kind of every release."""
    files = [path.read_text() for path in HERE.glob(f"**/{folder}/*.csv")]
    return levels("\n".join(cell for file in files for row in rows_of(file) for cell in row))


def test_it_is_large_enough_and_a_third_of_it_is_kept_apart() -> None:
    leaks = {split: sum(letter.leaks for letter in those) for split, those in LETTERS.items()}
    innocent = {split: len(those) - leaks[split] for split, those in LETTERS.items()}
    assert sum(leaks.values()) >= 240
    assert sum(innocent.values()) >= 480
    for counted in (leaks, innocent):
        assert counted["apart"] / sum(counted.values()) == pytest.approx(1 / 3, abs=0.04)


def test_every_letter_has_a_name_of_its_own() -> None:
    names = Counter(letter.name for those in LETTERS.values() for letter in those)
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("split", SPLITS)
def test_a_leak_is_of_a_release_that_is_registered(split: Split) -> None:
    registered = {pack.id for pack in packs(split)}
    assert {one.release for one in LETTERS[split] if one.leaks} <= registered


def test_no_innocent_letter_carries_an_unpublished_level() -> None:
    unpublished = cells("tables") - cells("public")
    assert len(unpublished) > 200
    # Among hundreds of numbers one is met by chance.
    letters = [
        letter
        for those in LETTERS.values()
        for letter in those
        if not letter.leaks and letter.kind != "large"
    ]
    assert [one.name for one in letters if unpublished & levels(text_of(one))] == []


@pytest.fixture(scope="module", params=SPLITS)
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[Outcome]:
    folder: Path = tmp_path_factory.mktemp(request.param)
    return asyncio.run(evaluated(folder, request.param))


def told(outcomes: list[Outcome], standard: str) -> list[str]:
    """Which letters were judged wrongly; of those kept apart no more than how many of each kind."""
    wrong = [one for one in outcomes if one.standard == standard and not one.right]
    if any(one.letter.split == "apart" for one in wrong):
        kinds = Counter(one.letter.kind for one in wrong)
        return [f"{kind}: {count}" for kind, count in kinds.items()]
    return misses(wrong)


def test_nearly_every_leak_with_two_or_more_figures_is_found(outcomes: list[Outcome]) -> None:
    # The aim is 0.97: `python benchmarks/material_eval.py` says what is left of it.
    share = score(outcomes, FIGURES).share
    assert share >= 0.96, told(outcomes, FIGURES)


def test_nearly_every_single_level_of_five_digits_is_found(outcomes: list[Outcome]) -> None:
    share = score(outcomes, LEVEL).share
    assert share >= 0.9, told(outcomes, LEVEL)


def test_most_short_passages_with_hardly_a_figure_are_found(outcomes: list[Outcome]) -> None:
    share = score(outcomes, PASSAGE).share
    assert share >= 0.75, told(outcomes, PASSAGE)


def test_hardly_any_innocent_letter_is_flagged(outcomes: list[Outcome]) -> None:
    share = score(outcomes, INNOCENT).share
    assert share >= 0.99, told(outcomes, INNOCENT)


def test_what_is_found_is_kept_from_a_colleague_off_the_list(outcomes: list[Outcome]) -> None:
    assert [one.letter.kind for one in outcomes if one.releases and not one.held] == []
