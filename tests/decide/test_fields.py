"""What the vocabulary promises is what can be read, and nothing else."""

from __future__ import annotations

import pytest
from support.cases import BANNER, BEFORE, BODY, case, mention

from gateway.decide.fields import READERS, reader
from gateway.decide.situation import NO_TIE, Situation
from gateway.model.finding import PartFacts
from gateway.model.message import Gap, Location
from gateway.model.verdict import Tie
from gateway.model.vocabulary import VOCABULARY
from gateway.rulebook.stage import STAGE

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


def test_other_facts_can_be_asked_for() -> None:
    situation = Situation(case("a@dept.example"), STAGE, NO_TIE, BEFORE)
    assert reader("finding", "facts.expired")(BANNER, situation) is False
    assert reader("finding", "facts.nothing")(BANNER, situation) is None
    with pytest.raises(TypeError):
        reader("finding", "facts.warnings")(BANNER, situation)
