"""The words that a law asks mail to carry are found as they stand, and are no marking of their own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.detect import Context, Detectors, DetectorSpec
from gateway.model.content import Text
from gateway.model.finding import Finding
from gateway.model.message import Location
from gateway.model.release import ReleaseWords

CONTEXT = Context(datetime(2026, 11, 20, 10, tzinfo=UTC), None, "Europe/London")
SENTENCE = "If you were not expecting this, contact us at once"
WORDS = ReleaseWords(
    "cla", "Children looked after", (), "", required=("Confidential Statistics", SENTENCE)
)
DETECTORS = Detectors(DetectorSpec((WORDS,)))


def found(text: str) -> list[Finding]:
    detected = DETECTORS.inspect([Text(Location("1", None, "body"), text)], CONTEXT)
    assert detected.mentions == ()
    return [finding for finding in detected.findings if finding.kind == "marking"]


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        SENTENCE.upper() + "!",
        "Please: if you were not expecting\nthis – contact us at once.",
        "> If you were not expecting\n> this, contact us at once",
    ],
)
def test_a_sentence_is_found_whatever_its_case_and_wrapping(text: str) -> None:
    (finding,) = found(text)
    assert finding.facts == {"scheme": "required", "words": SENTENCE}
    assert finding.confidence == "low"
    assert finding.snippet == ""


@pytest.mark.parametrize(
    "text",
    ["If you were not expecting this", "xif you were not expecting this, contact us at oncex"],
)
def test_half_a_sentence_is_none(text: str) -> None:
    assert found(text) == []


def test_a_marking_that_has_a_detector_is_left_to_it() -> None:
    (finding,) = found("Confidential Statistics\n\nThe tables.")
    assert (finding.snippet, finding.facts["scheme"]) == ("CONFIDENTIAL STATISTICS", "statistics")
    assert found("These are confidential, statistics will follow.") == []
