"""`gateway releases lift`: the Head of Profession, and nobody else, ends an embargo early."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Callable

import pytest
from click.testing import CliRunner, Result

from gateway.cli.main import main
from gateway.store import Store

HEAD = "head.of.profession@dept.example"
RELEASE = """\
release:
  title: Fostering statistics
  instant: 2037-11-12T09:30:00
  head_of_profession: Head.of.Profession@dept.example
"""
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "fostering-2037.yaml").write_text(RELEASE)
    (lists / "no-head.yaml").write_text("release: {title: Other, instant: 2037-11-12T09:30:00}\n")
    (lists / "out.yaml").write_text(RELEASE.replace("2037", "2007"))
    (lists / "stopped.yaml").write_text(RELEASE + "  state: postponed\n")
    (tmp_path / "domains.yaml").write_text("")
    (tmp_path / "config.yaml").write_text("rules: {releases: lists, domains: domains.yaml}\n")

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--config", str(tmp_path / "config.yaml")])

    return invoke


@pytest.fixture
def lists(run: Run, tmp_path: Path) -> Path:
    return tmp_path / "lists"


def lift(run: Run, *more: str, release: str = "fostering-2037", by: str = HEAD) -> Result:
    return run("releases", "lift", release, "--by", by, "--reason", "It had leaked", *more)


def may_have(run: Run) -> str:
    (found,) = json.loads(run("who", "fostering-2037", "anyone@webmail.example", "--json").stdout)
    return str(found["status"])


def test_a_lift_takes_effect_and_can_be_withdrawn(run: Run) -> None:
    assert may_have(run) == "not-listed"
    done = lift(run)
    assert done.exit_code == 0 and "its embargo is lifted" in done.output
    assert may_have(run) == "lifted"
    undone = lift(run, "--undo")
    assert undone.exit_code == 0
    assert "under embargo again, until Thu 12 Nov 2037, 09:30:00 GMT" in undone.output
    assert may_have(run) == "not-listed"


def test_the_audit_says_who_and_why(run: Run, tmp_path: Path) -> None:
    lift(run)
    store = Store.open(tmp_path / "var/gateway.sqlite", tmp_path / "var/gateway.key")
    (entry,) = store.audit_entries("release:fostering-2037")
    assert entry.actor.startswith(HEAD)
    assert entry.facts["reason"] == "It had leaked"
    store.close()


@pytest.mark.parametrize(
    ("release", "by", "why"),
    [
        ("fostering-2037", "s.field@dept.example", "is not its Head of Profession"),
        ("fostering-2037", "head.of.profession+x@dept.example", "is not its Head of Profession"),
        ("no-head", HEAD, "names no head_of_profession, and nobody else may"),
        ("out", HEAD, "its embargo is over"),
        ("stopped", HEAD, "it is postponed; give it a date"),
    ],
)
def test_what_nobody_may_lift(run: Run, release: str, by: str, why: str) -> None:
    refused = lift(run, release=release, by=by)
    assert refused.exit_code == 1
    assert why in refused.output
    assert may_have(run) == "not-listed"


def test_the_head_of_profession_is_known_however_the_address_is_spelt(run: Run) -> None:
    assert lift(run, by="HEAD.of.profession@DEPT.example").exit_code == 0


def test_a_lift_is_not_given_twice_nor_withdrawn_twice(run: Run) -> None:
    assert "is not lifted early" in lift(run, "--undo").output
    lift(run)
    assert "is lifted already" in lift(run).output


def test_a_reason_is_needed(run: Run) -> None:
    nothing = run("releases", "lift", "fostering-2037", "--by", HEAD, "--reason", "  ")
    assert nothing.exit_code == 2


def test_an_unknown_release_is_misuse(run: Run) -> None:
    assert lift(run, release="nowhere").exit_code == 2


def test_scripts_get_json(run: Run) -> None:
    shown = json.loads(lift(run, "--json").stdout)
    assert (shown["release"], shown["lifted"]) == ("fostering-2037", True)


def test_no_file_can_say_it(run: Run, lists: Path) -> None:
    file = lists / "fostering-2037.yaml"
    file.write_text(RELEASE + "  lifted: 2026-01-01T09:30:00\n")
    said = run("check", "--no-ports")
    assert said.exit_code == 2 and "unknown key 'lifted'" in said.output


def test_a_release_that_slips_is_under_embargo_again(run: Run, lists: Path) -> None:
    lift(run)
    (lists / "fostering-2037.yaml").write_text(RELEASE.replace("11-12", "11-19"))
    assert may_have(run) == "not-listed"


def test_a_store_that_cannot_be_read_lifts_nothing(run: Run, tmp_path: Path) -> None:
    lift(run)
    (tmp_path / "var/gateway.key").unlink()
    assert may_have(run) == "not-listed"


def test_an_embargo_can_be_put_back_while_some_other_list_has_a_fault(
    run: Run, lists: Path
) -> None:
    lift(run)
    (lists / "typo.yaml").write_text("release: {titel: Other}\n")
    undone = lift(run, "--undo")
    assert undone.exit_code == 0 and "typo.yaml" in undone.output
    assert "under embargo again, though the lists do not load" in undone.output
    (lists / "typo.yaml").unlink()
    assert may_have(run) == "not-listed"
    (lists / "typo.yaml").write_text("release: {titel: Other}\n")
    assert "under embargo again" not in lift(run, "--undo").output
