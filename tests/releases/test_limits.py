"""How many people a regime lets a list name, counted by person and with those on duty."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.model.fault import Faults
from gateway.releases import LawFiles, load_register

ROOT = Path(__file__).resolve().parents[2]
LAWS = LawFiles(ROOT / "rules/regimes", ROOT / "rules/holidays")
PEOPLE = "people: [{id: ada, name: Ada, addresses: [ada@dept.example, a.reed@dept.example]}]\n"
IRISH = """\
release: {title: A, instant: 2026-11-18T11:00, zone: Europe/Dublin, regime: ireland}
roles: [{id: a, title: A, count: 9}, {id: b, title: B, count: 9}]
"""
SIGNED = "declaration: {signed: 2026-09-01}"
Check = Callable[..., str]


@pytest.fixture
def said(tmp_path: Path) -> Check:
    """The faults of a release file, "" where it loads."""

    def found(text: str, more: str = "") -> str:
        (tmp_path / "_people.yaml").write_text(PEOPLE + more)
        (tmp_path / "r.yaml").write_text(text)
        try:
            load_register(tmp_path, None, "Europe/London", laws=LAWS)
        except Faults as faults:
            return "\n".join(map(str, faults.faults))
        return ""

    return found


def appointments(*addresses: str) -> str:
    rows = (f"- {{role: a, address: {one}, from: 2026-09-01, {SIGNED}}}\n" for one in addresses)
    return "appointments:\n" + "".join(rows) + "- {role: b, person: ada, from: 2026-09-01}\n"


def rota(*turns: str) -> str:
    return "rota:\n" + "".join(f"- {{role: a, {one}}}\n" for one in turns)


def test_all_addresses_of_one_person_are_one_person_of_the_organisation(said: Check) -> None:
    assert said(IRISH + appointments("a.reed@dept.example", "b@x.example", "c@x.example")) == ""
    four = said(IRISH + appointments("b@x.example", "c@x.example", "d@x.example"))
    assert "4 people of no stated organisation on 2026-11-18" in four


def test_whoever_is_on_duty_that_day_is_one_more(said: Check) -> None:
    three = IRISH + appointments("b@x.example", "c@x.example")
    day = "from: 2026-11-18T06:00:00, to: 2026-11-18T10:00:00"
    assert said(three + rota(f"address: b@x.example, {day}")) == ""
    assert "4 people" in said(three + rota(f"address: e@x.example, {day}"))
    before = day.replace("-18T", "-17T")
    assert said(three + rota(f"address: e@x.example, {before}")) == ""


def test_a_role_that_is_held_by_turns_of_duty_names_individuals(said: Check) -> None:
    text = IRISH.replace("{id: b, title: B, count: 9}", "").replace("}, ]", "}]")
    assert "nobody is named for 'A'" in said(text)
    turn = "address: e@x.example, from: 2026-11-18T06:00:00, to: 2026-11-18T10:00:00"
    assert said(text + rota(turn)) == ""


def test_a_substitute_is_one_more_on_days_when_the_holder_is_away(
    said: Check, tmp_path: Path
) -> None:
    three = IRISH + appointments("b@x.example", "c@x.example")
    three = three.replace("b@x.example,", "b@x.example, substitutes: [e@x.example],")
    assert said(three) == ""

    def away(day: str) -> str:
        absence = f"absences: [{{address: b@x.example, from: {day}, to: {day}}}]\n"
        return said(three, absence)

    assert "4 people of no stated organisation on 2026-11-18" in away("2026-11-18")
    assert away("2026-11-17") == ""


def test_a_delegate_of_somebody_listed_is_one_more(said: Check) -> None:
    three = IRISH + appointments("b@x.example", "c@x.example")
    acting = "delegates: [{principal: b@x.example, delegate: e@x.example%s}]\n"
    assert "4 people" in said(three + acting % "")
    assert said(three + acting % ", to: 2026-11-17") == ""
    assert said(three + acting.replace("b@", "z@") % "") == ""
    assert said(three + acting.replace("e@", "c@") % "") == ""
    everywhere = "delegates: [{principal: b@x.example, delegate: e@x.example}]\n"
    assert "4 people" in said(three, everywhere)


def test_everybody_who_reads_a_mailbox_whose_own_place_counts_is_one_more(said: Check) -> None:
    two = IRISH + appointments("b@x.example")
    box = "mailboxes: [{address: b@x.example, readers: [%s], all_must_be_listed: %s}]\n"
    readers = "e@x.example, f@x.example, g@x.example"
    assert "4 people" in said(two + box % (readers, "false"))
    assert said(two + box % (readers, "true")) == ""
