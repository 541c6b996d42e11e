"""Inline tests say what went otherwise than expected, and are decided by the whole policy."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

import pytest

from gateway.decide import decide
from gateway.model.rule import Rulebook
from gateway.rulebook import load_rulebook, prove
from gateway.rulebook.stage import INSTANT, moment

Text = Callable[..., str]


@pytest.fixture
def loaded(folder: Path, rule_text: Text) -> Callable[..., Rulebook]:
    def load(*changes: tuple[str, str]) -> Rulebook:
        (folder / "locked-away.yaml").write_text(rule_text("locked-away", *changes))
        return load_rulebook(folder)

    return load


Load = Callable[..., Rulebook]


def problems(rulebook: Rulebook) -> list[tuple[str, ...]]:
    return [proof.problems for proof in prove(rulebook, decide) if not proof.passed]


def test_a_good_rule_passes(loaded: Load) -> None:
    assert problems(loaded()) == []


def test_a_hit_that_does_not_match_fails(loaded: Load) -> None:
    rulebook = loaded(
        (
            "      to: friend@webmail.example\n      with",
            "      to: colleague@dept.example\n      with",
        )
    )
    (found,) = problems(rulebook)
    assert found == (
        "the rule should match",
        "colleague@dept.example: expected hold, got pass",
        "the rule is nobody's reason",
    )


def test_a_near_miss_that_matches_fails(loaded: Load) -> None:
    near = "      to: colleague@dept.example\n      with: [{gap: encrypted, in: body}]\n    - name: readable"
    (found,) = problems(loaded((near, near.replace("colleague@dept", "friend@webmail"))))
    assert found == ("the rule should not match",)


def test_an_alert_that_is_not_raised_fails(loaded: Load) -> None:
    rulebook = loaded(("      expect: hold\n", "      expect: hold\n      alert: near-miss\n"))
    assert problems(rulebook) == [("alert: expected near-miss, got none",)]


def test_a_test_in_real_words_is_skipped_without_detectors(loaded: Load) -> None:
    rulebook = loaded(("      expect: pass\n", "      expect: pass\n      text: Good morning\n"))
    (skipped,) = [proof for proof in prove(rulebook, decide) if proof.skipped]
    assert skipped.test == "readable" and skipped.passed


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("the instant", 0), ("1 second before", -1), ("2 hours after", 7200), ("1 day before", -86400),
     ("2018-03-28T08:30:00+00:00", 0)],
)  # fmt: skip
def test_moments_count_from_the_instant(text: str, seconds: int) -> None:
    at = moment(text)
    assert at is not None and (at - INSTANT).total_seconds() == seconds


@pytest.mark.parametrize(
    "text", ["yesterday", "2018-03-28T09:00:00", "-1 second before", "1 second  before", ""]
)
def test_other_moments_are_refused(text: str) -> None:
    assert moment(text) is None
