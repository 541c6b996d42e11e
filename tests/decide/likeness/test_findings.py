"""What a message calls its recipients, and which messages are looked into at all."""

from __future__ import annotations

import pytest
from support.cases import case, mention
from support.lists import IN_WINDOW, INSTANT, appointed, directory, person, register, release

from gateway.decide.likeness import Lookalikes
from gateway.model.finding import Finding
from gateway.model.likeness import LikeWords
from gateway.model.roster import Role
from gateway.model.verdict import Case

LIKE = LikeWords({"people": "personnel"}, frozenset({"head", "deputy"}))
SUBJECT = release(
    appointed("terry.moss@dept.example", "policy"), appointed("b.wood@dept.example"),
    roles={"policy": Role("policy", "Deputy Head Personnel Policy"), "press": Role("press", "Media Officer")},
)  # fmt: skip
KNOWN = register(SUBJECT, like=LIKE, directory=directory(person("m", "m.tarn@dept.example")))


def told(message: Case, at: object = IN_WINDOW) -> list[Finding]:
    found = Lookalikes(KNOWN).with_findings(message, at).findings  # type: ignore[arg-type]
    return [finding for finding in found if finding.kind == "lookalike-recipient"]


def about(*to: str, **changes: object) -> Case:
    return case(*to, mentions=(mention("x"),), **changes)


def test_each_lookalike_is_a_finding_with_both_sides() -> None:
    (finding,) = told(about("b.wood@dept.example", "Tery.Moss@dept.example"))
    assert (finding.location.part, finding.location.where) == ("0", "recipients")
    assert finding.confidence == "high"
    assert finding.facts == {
        "recipient": "tery.moss@dept.example",
        "resembles": "terry.moss@dept.example",
        "likeness": "address",
        "release": "x",
        "why": "tery.moss@dept.example differs by one letter from terry.moss@dept.example, who is on"
        " the list as “Deputy Head Personnel Policy”.",
    }


def test_the_same_recipient_twice_is_one_finding() -> None:
    assert len(told(about("tery.moss@dept.example", "TERY.MOSS@dept.example"))) == 1


def test_nothing_is_looked_for_where_no_release_is_under_embargo() -> None:
    assert told(case("tery.moss@dept.example")) == []
    assert told(about("tery.moss@dept.example"), INSTANT) == []


@pytest.mark.parametrize("called", ["Deputy Head, People Policy", "SMITH, Jo (Deputy Head, People Policy)"])  # fmt: skip
def test_a_title_beside_the_address_counts_where_the_directory_knows_nobody(called: str) -> None:
    (finding,) = told(about("jo7@dept.example", named={"jo7@dept.example": called}))
    assert finding.facts["why"] == (
        "The list says “Deputy Head Personnel Policy”, held by terry.moss@dept.example; the message"
        " calls jo7@dept.example by that title or a similar one. A title that resembles one on the list"
        " is not on the list."
    )
    assert told(about("m.tarn@dept.example", named={"m.tarn@dept.example": called})) == []


@pytest.mark.parametrize("called", ["Terry Moss", "Moss, Terry (Press)"])
def test_a_name_beside_the_address_that_is_anothers(called: str) -> None:
    (finding,) = told(about("tm4@news.example", named={"tm4@news.example": called}))
    assert finding.facts["why"] == (
        "The message calls tm4@news.example by the name of terry.moss@dept.example, who is on the list"
        " as “Deputy Head Personnel Policy”; a namesake is not on the list."
    )


def test_what_the_message_says_beside_an_address_is_never_repeated() -> None:
    named = {"jo7@dept.example": "Deputy Head, People Policy 4.3 per cent"}
    assert "4.3" not in str(told(about("jo7@dept.example", named=named)))


def test_a_crowd_of_recipients_hides_nobody() -> None:
    crowd = [f"someone{number}@dept.example" for number in range(300)]
    assert len(told(about(*crowd, "tery.moss@dept.example"))) == 1
