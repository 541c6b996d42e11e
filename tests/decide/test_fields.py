"""What the vocabulary promises is what can be read, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from support.cases import BANNER, BEFORE, BODY, case, mention

from gateway.decide.fields import READERS, reader
from gateway.decide.situation import NO_TIE, Situation
from gateway.model.finding import Mention, PartFacts
from gateway.model.message import Gap, Location
from gateway.model.verdict import Tie
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
