"""A sender is told that figures are known and, where they may have the release, where they stand."""

from __future__ import annotations

from gateway.act.grounds import grounds
from gateway.model.finding import Finding, FindingKind, Json
from gateway.model.message import Location
from gateway.rulebook.stage import RELEASE, STAGE
from tests.support.cases import BEFORE, case


def found(kind: FindingKind = "release-figures", **changes: Json) -> Finding:
    facts: dict[str, Json] = {
        "release": RELEASE, "matches": 5, "documents": ["tables.xlsx"],
        "places": ["sheet Table_1, C14", "sheet Table_1, C15"],
    }  # fmt: skip
    return Finding(kind, Location("1", None, "body"), "high", facts | changes)


def told(sender: str, *findings: Finding) -> str:
    about = case("colleague@dept.example", sender=sender, findings=findings)
    return " ".join(grounds(about, STAGE, BEFORE).shared.get(RELEASE, ()))


def test_whoever_has_access_is_told_where_the_figures_stand() -> None:
    said = told("listed@dept.example", found())
    assert said.startswith("It holds 5 figures of “")
    assert said.endswith(
        ": in the text. Those stand in tables.xlsx (sheet Table_1, C14; sheet Table_1, C15)."
    )


def test_nobody_without_access_hears_what_the_material_is_called() -> None:
    said = told("colleague@dept.example", found())
    assert "5 figures" in said
    assert "tables.xlsx" not in said and "C14" not in said


def test_text_is_no_matter_of_counts() -> None:
    said = told("listed@dept.example", found("release-material", places=[]))
    assert said.startswith("It holds text of the registered material of “")
    assert said.endswith(" That stands in tables.xlsx.")


def test_of_many_places_a_few_are_named() -> None:
    places: Json = [f"sheet Table_1, C{row}" for row in range(2, 11)]
    assert "C5; 5 more)" in told("listed@dept.example", found(places=places))


def test_what_is_not_sure_is_not_said() -> None:
    doubted = Finding("release-figures", Location("1"), "low", {"release": RELEASE, "matches": 1})
    assert told("listed@dept.example", doubted) == ""


def test_places_of_unpublished_periods_and_of_hints_are_told_without_names() -> None:
    export = Finding(
        "unpublished-period", Location("2", "Aug-16 412.csv"), "high", {"series": "hub"}
    )
    hint = Finding("indication", Location("1", None, "body"), "low", {"release": RELEASE})
    about = grounds(case("a@news.example", findings=(export, hint)), STAGE, BEFORE)
    assert about.hints == ("the text",)
    assert len(about.series) == 1
    assert "412" not in about.series[0]
