"""What a release's regime asks its mail to carry, and what counts as carrying it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.cases import BEFORE, case

from gateway.decide.sentences import fill
from gateway.decide.situation import NO_TIE, Situation
from gateway.model.finding import Finding
from gateway.model.message import Location
from gateway.model.verdict import Tie
from gateway.rulebook.stage import STAGE

BODY = Location("1", None, "body")
TIE = Tie("other-release", True, "title", "")
MARKED = Finding("marking", BODY, "high", {"scheme": "statistics"}, "CONFIDENTIAL STATISTICS")
WORDED = Finding("marking", BODY, "low", {"scheme": "required", "words": "If this is not for you"})


def situation(*findings: Finding, tie: Tie = TIE) -> Situation:
    return Situation(case("listed@dept.example", findings=findings), STAGE, tie, BEFORE)


@pytest.mark.parametrize(
    ("finding", "carried"),
    [
        (MARKED, True),
        (replace(MARKED, confidence="medium"), True),
        (replace(MARKED, confidence="low"), False),  # in the middle of a sentence
        (replace(MARKED, snippet="RESTRICTED STATISTICS"), False),
        (replace(MARKED, facts={"hidden": True}), False),  # nobody sees it
        (replace(MARKED, kind="embargo-banner"), False),
    ],
)
def test_a_marking_counts_where_its_detector_is_sure_and_a_reader_sees_it(
    finding: Finding, carried: bool
) -> None:
    assert situation(finding).carries("Confidential Statistics") is carried


def test_words_of_a_law_count_as_they_stand() -> None:
    asked = ("If you were not expecting this", "If this is not for you")
    assert situation(WORDED).carries(*asked) is True
    assert situation().carries(*asked) is False
    assert situation(WORDED).carries("If you were not expecting this") is False


@pytest.mark.parametrize("asked", [(), ("",)])
def test_where_nothing_is_asked_nothing_is_known(asked: tuple[str, ...]) -> None:
    assert situation(MARKED).carries(*asked) is None


@pytest.mark.parametrize(
    ("tie", "near", "final"),
    [
        (TIE, True, False),
        (Tie("example-release", True, "title", ""), True, True),
        (NO_TIE, None, None),
    ],
)
def test_a_message_of_no_release_is_near_nothing(tie: Tie, near: Any, final: Any) -> None:
    one = situation(tie=tie)
    assert (one.near, one.in_final_form) == (near, final)


def test_the_sender_is_told_the_words() -> None:
    release = STAGE.releases["other-release"]
    assert fill("Add {marking}.", release, 1) == "Add “Confidential Statistics”."
    assert fill("Add {wording}.", release, 1) == (
        "Add “If you were not expecting this, contact us at once”."
    )
    assert fill("Add {marking}, {wording}.", None, 1) == "Add none, none."


def test_a_stopped_release_has_no_open_window() -> None:
    release = replace(STAGE.releases["example-release"], state="postponed")
    stage = replace(STAGE, releases={release.id: release})
    tie = Tie(release.id, True, "title", "")
    now = release.instant - timedelta(hours=1)
    assert Situation(case("listed@dept.example"), stage, tie, now).window_open is False
