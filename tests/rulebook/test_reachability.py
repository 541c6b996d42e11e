"""A rule that could never match, or always does, or says something for nothing, is a mistake."""

from __future__ import annotations

import pytest

from gateway.model.rule import FieldTest, Quantifier, Scalar, Selection, Subject
from gateway.rulebook.condition import parse_condition
from gateway.rulebook.reachability import condition_problem, impossible_selections


def select(name: str, quantifier: Quantifier, subject: Subject, **tests: Scalar) -> Selection:
    return Selection(
        name, quantifier, subject,
        tuple(FieldTest(key.replace("_", "-"), "is", (value,)) for key, value in tests.items()),
    )  # fmt: skip


LISTED = select("listed", "this", "recipient", listed=True)
OFF = select("off", "this", "recipient", listed=False)
ALL_LISTED = select("all-listed", "every", "recipient", listed=True)
SOME_OFF = select("some-off", "any", "recipient", listed=False)
NONE_OFF = select("none-off", "no", "recipient", listed=False)
EMBARGOED = select("embargoed", "", "release", embargoed=True)
FREE = select("free", "", "release", embargoed=False)
MARKING = select("marking", "any", "finding", kind="marking")
STRONG = select("strong", "any", "finding", kind="marking", confidence="high")
BANNER = select("banner", "any", "finding", kind="embargo-banner")
SELECTIONS = (
    LISTED, OFF, ALL_LISTED, SOME_OFF, NONE_OFF, EMBARGOED, FREE, MARKING, STRONG, BANNER,
)  # fmt: skip


def problem(when: str) -> str | None:
    condition = parse_condition(when)
    used = tuple(selection for selection in SELECTIONS if selection.name in when.split())
    used = tuple(
        s for s in SELECTIONS if s.name in when.replace("(", " ").replace(")", " ").split()
    )
    found = condition_problem(condition, used)
    return found[0] if found else None


@pytest.mark.parametrize(
    "when",
    [
        "listed and off",
        "embargoed and free",
        "marking and not marking",
        "strong and not marking",
        "all-listed and off",
        "all-listed and some-off",
        "some-off and none-off",
        "off and none-off",
        "banner and not embargoed and not free",
    ],
)
def test_contradictions_are_unreachable(when: str) -> None:
    assert "can never be true" in (problem(when) or "")


@pytest.mark.parametrize(
    "when", ["embargoed or free", "marking or not marking", "banner or not strong or marking"]
)
def test_tautologies_are_refused(when: str) -> None:
    assert "always true" in (problem(when) or "")


@pytest.mark.parametrize(
    "when", ["strong and marking", "marking or (marking and banner)", "all-listed and listed"]
)
def test_names_without_effect_are_refused(when: str) -> None:
    assert "makes no difference" in (problem(when) or "")


@pytest.mark.parametrize(
    "when",
    [
        "banner and marking",
        "banner and strong",
        "listed and some-off",
        "some-off and not all-listed and banner",
        "marking and not strong",
        "not listed and not off",  # null: no embargoed release is involved
        "banner and embargoed and off",
    ],
)
def test_what_may_well_be_is_let_be(when: str) -> None:
    if when == "some-off and not all-listed and banner":
        assert "makes no difference" in (problem(when) or "")  # somebody off: not all are listed
    else:
        assert problem(when) is None


def test_a_selection_that_contradicts_itself_is_found() -> None:
    sizes = Selection(
        "s",
        "any",
        "part",
        (FieldTest("size", "at least", (10,)), FieldTest("size", "at most", (5,))),
    )
    words = Selection(
        "w",
        "any",
        "gap",
        (FieldTest("reason", "is", ("limit",)), FieldTest("reason", "not", ("limit",))),
    )
    fine = Selection(
        "f",
        "any",
        "part",
        (FieldTest("size", "at least", (5,)), FieldTest("size", "at most", (5,))),
    )
    assert [s.name for s, _ in impossible_selections([sizes, words, fine])] == ["s", "w"]
