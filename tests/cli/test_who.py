"""`gateway who`: who would be held, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gateway.cli.who import who

EXAMPLE = Path(__file__).resolve().parents[2] / "config.example.yaml"


def ask(*words: str) -> Result:
    return CliRunner().invoke(who, [*words, "--config", str(EXAMPLE)])


def answers(*words: str) -> list[dict[str, Any]]:
    result = ask(*words, "--json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.output)
    return found


@pytest.mark.parametrize(
    ("release", "address", "at", "status"),
    [
        ("cla-2018", "P.Lowe@dept.example", "2018-03-27T12:00:00", "listed"),
        ("cla-2018", "p.lowe@dept.example", "2018-03-27T09:29:59", "not-yet"),
        ("cla-2018", "p.lowe@dept.example", "2018-03-27T08:30:00Z", "listed"),
        ("cla-2018", "v.pike@dept.example", "2018-03-27T12:00:00", "excluded"),
        ("cla-2018", "s.field@dept.example", "2018-01-01T12:00", "production"),
        ("cla-2018", "colleague@dept.example", "2018-03-27T12:00:00", "not-listed"),
        ("personnel-2020", "h.reed@dept.example", "2020-06-03T12:00:00+01:00", "expired"),
        ("fostering-2020", "g.birch@dept.example", "2020-11-11T20:35:00", "missing-declaration"),
        ("fostering-2020", "d.ash@dept.example", "2020-11-11T20:35:00", "not-listed"),
    ],
)
def test_the_example_register_answers_for_its_people(
    release: str, address: str, at: str, status: str
) -> None:
    (found,) = answers(release, address, "--at", at)
    assert (found["address"], found["release"], found["status"]) == (address, release, status)
    assert found["allowed"] is (status in ("listed", "production"))
    assert found["sentence"].endswith(".")


@pytest.mark.parametrize(
    ("address", "at", "status", "said"),
    [
        ("b.wood@dept.example", "2027-09-15T20:35", "listed", "on the list as Chief Economist"),
        ("chief.economist@dept.example", "2027-09-15T20:35", "listed", "on the list as Chief Econ"),
        ("f.rowan@dept.example", "2027-09-15T20:35", "listed", "act for somebody who is on the list"),
        ("ps.chief.economist@dept.example", "2027-09-15T20:35", "listed", "each of its 2 readers"),
        ("d.ash@dept.example", "2027-09-15T17:59:59", "not-yet", "next turn begins on 15 September"),
        ("d.ash@dept.example", "2027-09-15T20:35", "listed", "on duty as Duty Press Officer until"),
        ("news.desk@dept.example", "2027-09-15T17:59:59", "not-yet", "1 of its 2 readers may not have"),
        ("i.flint@dept.example", "2027-09-15T20:35", "listed", "whose holder is away"),
        ("i.flint@dept.example", "2027-09-16T08:00", "not-listed", "only on days when the holder is"),
        ("media.officers@dept.example", "2027-09-16T08:00", "not-listed", "1 of its 2 members is not"),
        ("t.moss@dept.example", "2027-09-16T08:00", "expired", "They left on 28 September 2018"),
        ("k.webb+x@dept.example", "2027-09-16T08:00", "not-listed", "a +tag"),
        ("o.lark@institute.example", "2027-09-16T08:00", "listed", "Independent Adviser"),
    ],
)  # fmt: skip
def test_the_example_shows_every_way_to_be_on_a_list_and_off_it(
    address: str, at: str, status: str, said: str
) -> None:
    (found,) = answers("productivity-2027", address, "--at", at)
    assert (found["status"], found["allowed"]) == (status, status == "listed")
    assert said in found["sentence"]


def test_json_has_these_keys_for_scripts() -> None:
    (found,) = answers("personnel-2020", "h.reed@dept.example", "--at", "2020-06-03T12:00:00")
    assert found == {
        "address": "h.reed@dept.example",
        "release": "personnel-2020",
        "allowed": False,
        "status": "expired",
        "role": "personnel-policy",
        "sentence": "Their appointment as Deputy Head Personnel Policy ended on 31 May 2020.",
        "near": [],
    }


def test_a_near_miss_is_explained_with_both_sides() -> None:
    asked = ("personnel-2020", "people.policy@dept.example", "--at", "2020-06-03T12:00:00")
    (found,) = answers(*asked)
    assert (found["status"], found["near"]) == (
        "not-listed",
        [
            "The list says “Deputy Head Personnel Policy”, held by h.reed@dept.example until 31 May"
            " 2020; the directory says that people.policy@dept.example is “Deputy Head, People"
            " Policy”. A title that resembles one on the list is not on the list."
        ],
    )
    assert "A title that resembles" in " ".join(ask(*asked).output.split())


def test_several_addresses_are_answered_in_their_order() -> None:
    found = answers("cla-2018", "b@x.example", "a@x.example", "b@x.example")
    assert [one["address"] for one in found] == ["b@x.example", "a@x.example", "b@x.example"]


def test_people_get_a_table() -> None:
    result = ask("cla-2018", "e.hart@dept.example", "x@webmail.example", "--at", "2018-03-27T12:00")
    assert result.exit_code == 0
    assert "no, held" in result.output
    assert "embargo is over" not in result.output


def test_after_publication_it_says_that_the_list_no_longer_matters() -> None:
    words = ("cla-2018", "x@webmail.example", "v.pike@dept.example", "--at", "2018-03-28T09:30:00")
    shown = " ".join(ask(*words).output.split())
    assert "so everybody may receive it" in shown and "no, held" not in shown
    assert "Wed 28 Mar 2018, 09:30:00 BST" in shown
    for found in answers(*words):
        assert (found["allowed"], found["status"]) == (True, "published")
        assert "everybody may receive it" in found["sentence"]


def test_a_second_before_publication_the_list_still_matters() -> None:
    (found,) = answers("cla-2018", "x@webmail.example", "--at", "2018-03-28T09:29:59")
    assert (found["allowed"], found["status"]) == (False, "not-listed")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nope", "a@b.example"], "no such release; the register has: cla-2018"),
        (["cla-2018"], "Missing argument"),
        (["cla-2018", "a@b.example", "--at", "soon"], "not a date with a time"),
        (["cla-2018", "a@b.example", "--at", "2018-03-25T01:30:00"], "never show this time"),
        (["cla-2018", "a@b.example", "--at", "2018-10-28T01:30:00"], "show this time twice"),
    ],
)
def test_misuse_is_exit_2_with_the_reason(words: list[str], said: str) -> None:
    result = ask(*words)
    assert result.exit_code == 2
    assert said in result.output


def test_a_faulty_register_is_exit_2_with_every_fault(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    for name in ("one", "two"):
        (tmp_path / "lists" / f"{name}.yaml").write_text("release: {title: X}\n")
    (tmp_path / "domains.yaml").write_text("")
    config = tmp_path / "config.yaml"
    config.write_text("rules: {releases: lists, domains: domains.yaml}\n")
    result = CliRunner().invoke(who, ["x", "a@b.example", "--config", str(config)])
    assert result.exit_code == 2
    assert "one.yaml:1:1: 'instant' is missing" in result.output
    assert "two.yaml:1:1: 'instant' is missing" in result.output
