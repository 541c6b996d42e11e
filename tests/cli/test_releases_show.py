"""`gateway releases list` and `show`: what the register says, for somebody who looks after it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gateway.cli.main import main

EXAMPLE = Path(__file__).resolve().parents[2] / "config.example.yaml"


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["releases", *words, "--config", str(EXAMPLE)])


def shown(*words: str) -> Any:
    result = run(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_what_is_to_come_is_listed_and_all_on_demand() -> None:
    coming, everything = shown("list"), shown("list", "--all")
    assert all(one["embargoed"] for one in coming)
    assert [one["release"] for one in coming] == [
        one["release"] for one in everything[: len(coming)]
    ]
    over = [one["instant"] for one in everything if not one["embargoed"]]
    assert over == sorted(over, reverse=True), "the latest first"


def test_a_release_is_listed_with_its_local_time_and_the_opening_of_its_window() -> None:
    (one,) = [one for one in shown("list", "--all") if one["release"] == "cla-2018"]
    assert (one["instant"], one["opens"]) == (
        "2018-03-28T09:30:00+01:00", "2018-03-27T09:30:00+01:00",
    )  # fmt: skip
    assert one["state"] == "published" and one["people"] >= 7


def test_everybody_on_a_list_is_judged_in_the_last_second_before_publication() -> None:
    found = shown("show", "cla-2018")
    assert found["at"] == "2018-03-28T09:29:59+01:00"
    people = {
        one["address"]: (one["status"], one["allowed"])
        for role in found["roles"]
        for one in role["holders"]
    }
    assert people["t.moss@dept.example"] == ("listed", True)
    assert people["v.pike@dept.example"] == ("excluded", False)
    assert {one["duty"] for one in found["production_team"]} == {"production", "quality assurance"}
    assert [one["address"] for one in found["exclusions"] if one["in_force"]] == [
        "v.pike@dept.example"
    ]


def test_people_read_who_counts_and_who_does_not_and_why() -> None:
    output = " ".join(run("show", "fostering-2020").output.split())
    assert "Published Thu 12 Nov 2020, 09:30:00 GMT; state published." in output
    assert "Named there, but not counting:" in output
    assert "g.birch@dept.example: They are on the list as" in output


def test_a_role_that_a_rota_fills_is_not_said_to_be_nobodys() -> None:
    before = run("show", "productivity-2027", "--at", "2027-09-15T17:59").output.split()
    said = " ".join(before)
    assert "nobody yet; by its rota" in said and "d.ash@dept.example" in said
    late = " ".join(run("show", "productivity-2027", "--at", "2027-09-16T09:30").output.split())
    assert "the last turn of its rota is over" in late


def test_another_moment_can_be_asked_about() -> None:
    found = shown("show", "personnel-2020", "--at", "2020-05-31T12:00")
    (holder,) = [
        one for role in found["roles"] for one in role["holders"] if "reed" in one["address"]
    ]
    assert holder["status"] == "not-yet", "their appointment runs, the window is still shut"


@pytest.mark.parametrize(
    ("words", "said"),
    [(("show", "nope"), "there is no such release"),
     (("show", "cla-2018", "--at", "soon"), "--at: not a date with a time")],
)  # fmt: skip
def test_misuse_is_exit_2(words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2 and said in result.output
