"""The same attachment sent to many people singly is read once, and never judged by an old clock."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from gateway.known_parts import KnownParts
from gateway.model.finding import Finding, PartFacts, PartReport
from gateway.model.message import Gap, GapReason, Location, Part

PART = Part("2", "text/csv", "attachment", b"a,b\r\n", "t.csv", "utf-8")
PLACE = Location("2", "t.csv")
REPORT = PartReport(PartFacts("2", "t.csv", "attachment", "text/csv", "text/csv", 5, "digest"))


def remembered(report: PartReport) -> bool:
    known = KnownParts(512)
    key = KnownParts.key(PART, "digest")
    known.remember(key, report)
    return known.recall(key) == report


def test_a_report_that_no_clock_can_change_is_kept() -> None:
    assert remembered(REPORT)
    assert remembered(replace(REPORT, findings=(Finding("microdata", PLACE, "high"),)))


def test_what_was_found_about_an_embargo_is_found_again_at_its_own_time() -> None:
    banner = Finding("embargo-banner", PLACE, "high", {"until": None, "expired": False})
    label = Finding("marking", PLACE, "high", {"expired": False})
    assert not remembered(replace(REPORT, findings=(banner,)))
    assert not remembered(replace(REPORT, findings=(label,)))


@pytest.mark.parametrize("reason", get_args(GapReason))
def test_a_gap_that_may_pass_is_tried_again(reason: GapReason) -> None:
    lasting = reason in ("encrypted", "unreadable", "no-reader")
    assert remembered(replace(REPORT, gaps=(Gap(PLACE, reason),))) is lasting


@pytest.mark.parametrize(
    "change",
    [{"name": "u.csv"}, {"content_type": "text/plain"}, {"charset": "utf-16"}, {"number": "3"},
     {"role": "inline"}, {"parameters": (("header", "absent"),)}],
)  # fmt: skip
def test_another_name_or_type_is_another_part(change: dict[str, object]) -> None:
    known = KnownParts(512)
    known.remember(KnownParts.key(PART, "digest"), REPORT)
    assert known.recall(KnownParts.key(replace(PART, **change), "digest")) is None
    assert known.recall(KnownParts.key(PART, "other digest")) is None


def test_the_memory_is_bounded_and_forgets_the_least_used_first() -> None:
    known = KnownParts(capacity=2)
    for digest in ("one", "two"):
        known.remember(KnownParts.key(PART, digest), REPORT)
    assert known.recall(KnownParts.key(PART, "one"))
    known.remember(KnownParts.key(PART, "three"), REPORT)
    assert known.recall(KnownParts.key(PART, "two")) is None
    assert known.recall(KnownParts.key(PART, "one"))
