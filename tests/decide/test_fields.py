"""What the vocabulary promises is what can be read, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.cases import BANNER, BEFORE, BODY, case, mention

from gateway.decide.fields import READERS, reader
from gateway.decide.situation import NO_TIE, Situation
from gateway.model.acquaintance import Acquaintance, Participants
from gateway.model.finding import Finding, Mention, PartFacts
from gateway.model.message import Gap, Location
from gateway.model.verdict import Case, Tie
from gateway.model.vocabulary import VOCABULARY
from gateway.rulebook.stage import STAGE

DAY = timedelta(days=1)
TIE = Tie("example-release", True, "title", "")


def test_every_field_has_a_reader_and_every_reader_a_field() -> None:
    names = {subject: {field.name for field in fields} for subject, fields in VOCABULARY.items()}
    assert {subject: set(readers) for subject, readers in READERS.items()} == names


@pytest.mark.parametrize("tie", [TIE, NO_TIE, Tie(None, True, "unknown", "")])
@pytest.mark.parametrize("subject", sorted(VOCABULARY))
def test_every_field_reads_as_its_type_says(subject: str, tie: Tie) -> None:
    part = PartFacts("2", "a.CSV", "attachment", "text/csv", "text/csv", 1, "0" * 64, "aggregate")
    gap = Gap(Location("2", "a.CSV"), "encrypted")
    full = case(
        "listed@dept.example", "stranger@elsewhere.example",
        parts=(BODY, part), findings=(BANNER,), mentions=(mention(),), gaps=(gap,),
    )  # fmt: skip
    situation = Situation(full, STAGE, tie, BEFORE)
    things = {
        "finding": BANNER, "attachment": part, "part": BODY, "gap": gap, "mention": mention(),
        "recipient": situation.people[1],
    }  # fmt: skip
    for field in VOCABULARY[subject]:
        value = reader(subject, field.name)(things.get(subject), situation)
        if value is None:
            assert field.nullable, field.name
        elif field.type == "yes/no":
            assert isinstance(value, bool), field.name
        elif field.type == "number":
            assert isinstance(value, (int, float)) and not isinstance(value, bool), field.name
        else:
            assert isinstance(value, str), field.name
            assert not field.words or value in field.words, field.name


@pytest.mark.parametrize(
    ("name", "extension"),
    [("a.CSV", "csv"), ("a.tar.gz", "gz"), (".csv", ""), ("readme", ""), ("a.", ""), (None, "")],
)
def test_extensions(name: str | None, extension: str) -> None:
    part = PartFacts("2", name, "attachment", "x/y", "x/y", 1, "")
    situation = Situation(case("a@dept.example"), STAGE, NO_TIE, BEFORE)
    assert reader("attachment", "extension")(part, situation) == extension


def test_what_stands_in_an_unknown_part_counts_as_an_attachment() -> None:
    gap = Gap(Location("7.3"), "limit")
    situation = Situation(case("a@dept.example"), STAGE, NO_TIE, BEFORE)
    assert reader("gap", "in")(gap, situation) == "attachment"


def test_figures_count_wherever_they_stand() -> None:
    body = replace(BODY, figures=2)
    table = PartFacts("2", "a.csv", "attachment", "text/csv", "text/csv", 1, "", figures=7)
    in_subject = Mention("example-release", "title", Location("0", None, "subject"), 1)
    in_body = Mention("example-release", "title", Location("1", None, "body"), 2)
    full = case("a@dept.example", parts=(body, table), mentions=(in_subject, in_body))
    situation = Situation(full, STAGE, TIE, BEFORE)
    assert reader("message", "figures")(None, situation) == 10
    assert reader("part", "figures")(table, situation) == 7


def test_a_gap_knows_the_bytes_of_its_part_and_whether_it_is_about_the_structure() -> None:
    part = PartFacts("2", "a.txt", "attachment", "text/plain", "application/gzip", 1, "")
    situation = Situation(case("a@dept.example", parts=(part,)), STAGE, NO_TIE, BEFORE)
    inside, outside = Gap(Location("2", "a.txt"), "no-reader"), Gap(Location("2.9"), "limit")
    assert reader("gap", "detected-type")(inside, situation) == "application/gzip"
    assert reader("gap", "structure")(inside, situation) is False
    assert reader("gap", "detected-type")(outside, situation) is None
    assert reader("gap", "structure")(outside, situation) is True
    embedded = Gap(Location("2!1", "sheet.bin"), "limit")
    assert reader("gap", "detected-type")(embedded, situation) is None
    assert reader("gap", "structure")(embedded, situation) is False


def test_a_near_list_is_one_of_any_release_within_a_week_and_of_nobody_afterwards() -> None:
    read = reader("recipient", "on-a-near-list")
    for at, expected in ((BEFORE, True), (BEFORE - 9 * DAY, False), (BEFORE + 9 * DAY, False)):
        situation = Situation(case("listed@dept.example"), STAGE, NO_TIE, at)
        assert read(situation.people[0], situation) is expected
    stranger = Situation(case("stranger@dept.example"), STAGE, NO_TIE, BEFORE)
    assert read(stranger.people[0], stranger) is False


def test_other_facts_can_be_asked_for() -> None:
    situation = Situation(case("a@dept.example"), STAGE, NO_TIE, BEFORE)
    assert reader("finding", "facts.expired")(BANNER, situation) is False
    assert reader("finding", "facts.nothing")(BANNER, situation) is None
    with pytest.raises(TypeError):
        reader("finding", "facts.warnings")(BANNER, situation)


def field(made: Case, subject: str, name: str, whom: int = 0) -> object:
    situation = Situation(made, STAGE, NO_TIE, BEFORE)
    return reader(subject, name)(situation.people[whom], situation)


JOINED = Finding(
    "added-recipient", Location("0", None, "recipients"), "high", {"recipient": "b@dept.example"}
)


def test_who_has_joined_is_unknown_unless_the_people_before_are_known() -> None:
    to = ("a@dept.example", "B@dept.example")
    assert field(case(*to), "recipient", "added") is None
    known = case(*to, message={"reply": True}, quoted=Participants(frozenset(to)))
    assert [field(known, "recipient", "added", whom) for whom in (0, 1)] == [False, False]
    one = case(*to, message={"reply": True}, findings=(JOINED,))
    assert [field(one, "recipient", "added", whom) for whom in (0, 1)] == [False, True]
    assert (field(one, "message", "added"), field(case(*to), "message", "added")) == (1, 0)


def test_what_is_not_remembered_is_unknown() -> None:
    assert field(case("a@dept.example"), "recipient", "first-ever") is None
    assert field(case("a@dept.example"), "message", "unusually-many") is None
    known = Acquaintance(frozenset({"a@dept.example"}), 3)
    made = case("a@dept.example", "b@dept.example", known=known)
    assert [field(made, "recipient", "first-ever", whom) for whom in (0, 1)] == [True, False]


@pytest.mark.parametrize(
    ("recipients", "most", "many"), [(9, 1, False), (10, 1, True), (30, 10, False), (31, 10, True)]
)
def test_unusually_many_is_ten_or_more_and_over_three_times_the_most(
    recipients: int, most: int, many: bool
) -> None:
    to = [f"p{n}@dept.example" for n in range(recipients)]
    made = case(*to, known=Acquaintance(frozenset(), most))
    assert field(made, "message", "unusually-many") is many


@pytest.mark.parametrize(
    ("sender", "to", "named", "own"),
    [
        ("carol.lane@dept.example", "carol.lane@webmail.example", {}, True),
        ("carol.lane@dept.example", "clane77@webmail.example", {}, True),
        ("c.lane@dept.example", "lane.carol@home.example", {}, True),
        ("clane@dept.example", "clane12@webmail.example", {}, True),
        ("clane@dept.example", "carol.lane@webmail.example", {"clane@dept.example": "Lane, Carol"}, True),
        ("clane@dept.example", "sunny@webmail.example",
         {"clane@dept.example": "Carol Lane", "sunny@webmail.example": "Carol Lane"}, True),
        ("carol.lane@dept.example", "mail@carollane.example", {}, True),
        ("carol.lane@dept.example", "carol@lane.example", {}, True),
        ("carol.lane@dept.example", "clive@lane.example", {}, False),
        ("carol.lane@dept.example", "clive.lane@webmail.example", {}, False),
        ("carol.lane@dept.example", "carol.lane@gov.example", {}, False),
        ("carol.lane@dept.example", "carol.lane@news.example", {}, False),
        ("press@dept.example", "press@elsewhere.example", {}, False),
        ("", "carol.lane@webmail.example", {}, False),
        ("carol.lane@elsewhere.example", "c.lane@elsewhere.example", {}, False),
    ],
)  # fmt: skip
def test_a_private_mailbox_under_the_senders_name_is_their_own(
    sender: str, to: str, named: dict[str, str], own: bool
) -> None:
    assert field(case(to, sender=sender, named=named), "recipient", "sender-own") is own


def test_whoever_is_in_from_is_a_sender_too() -> None:
    made = case(
        "carol.lane@webmail.example", sender="bounces-77@dept.example",
        message={"author": "carol.lane@dept.example"},
    )  # fmt: skip
    assert field(made, "recipient", "sender-own") is True
