"""`gateway releases calendar`, and what other commands say of a release that its calendar holds back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Callable

import pytest
from click.testing import CliRunner, Result

from gateway.cli.main import main

RELEASE = """\
release:
  title: Orchard survey
  instant: 2037-03-18T09:30:00
  state: confirmed
  contacts: [orchards@dept.example]
  calendar: {name: dates, key: orchards}
production_team: [s.field@dept.example]
"""
POLICY = Path(__file__).parents[2] / "rules/policy"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "orchards.yaml").write_text(RELEASE)
    (tmp_path / "domains.yaml").write_text("")
    (tmp_path / "config.yaml").write_text(
        "rules: {releases: lists, domains: domains.yaml, "
        f"policy: {POLICY}}}\n"
        "calendars: [{name: dates, kind: csv, file: dates.csv}]\n"
    )

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--config", str(tmp_path / "config.yaml")])

    return invoke


@pytest.fixture
def says(tmp_path: Path) -> Callable[..., None]:
    """Writes the calendar, and when it was read."""

    def write(day: str, read: str = "2037-03-18T06:00:00+00:00", state: str = "") -> None:
        row = f"orchards,Orchard survey,{day},09:30,{state}\n"
        (tmp_path / "dates.csv").write_text("id,title,date,time,state\n" + row)
        (tmp_path / "dates.csv.read").write_text(read)

    return write


def who(run: Run, at: str) -> dict[str, Any]:
    answer = run("who", "orchards", "anyone@webmail.example", "--at", at, "--json")
    found: dict[str, Any] = json.loads(answer.stdout)[0]
    return found


def test_both_are_shown_and_that_they_agree(run: Run, says: Any) -> None:
    says("2037-03-18", datetime.now(UTC).isoformat())
    done = run("releases", "calendar", "--json")
    assert done.exit_code == 0
    (one,) = json.loads(done.stdout)["releases"]
    assert one["register"]["instant"] == one["calendar"]["instant"] == "2037-03-18T09:30:00+00:00"
    assert one["conflict"] is None and one["calendar"]["by"] == "key"
    says("2037-03-18")
    assert who(run, "2037-03-18T09:29:59")["status"] == "not-listed"
    assert who(run, "2037-03-18T09:30:00")["status"] == "published"


def test_a_conflict_is_shown_by_every_command_that_checks(run: Run, says: Any) -> None:
    says("2037-03-25", datetime.now(UTC).isoformat())
    done = run("releases", "calendar")
    assert done.exit_code == 1
    assert "DIFFER" in done.stdout and "Until they agree the later" in done.stdout
    assert "Until they agree the later" in run("releases", "check", "orchards").stdout
    assert "orchards: CONFLICT: the register says" in run("check", "--no-ports").output
    says("2037-03-25", "2037-03-25T06:00:00+00:00")
    assert who(run, "2037-03-18T09:30:00")["status"] == "not-listed"
    assert who(run, "2037-03-25T09:30:00")["status"] == "published"


def test_a_calendar_that_says_that_it_was_read_in_the_future_confirms_nothing(
    run: Run, says: Any
) -> None:
    says("2037-03-18", "2037-03-19T06:00:00+00:00")
    done = run("releases", "calendar")
    assert done.exit_code == 1 and "was not read yet at 2037-03-19" in done.output
    assert who(run, "2037-03-18T09:30:00")["status"] == "not-listed"
    assert who(run, "2037-03-19T06:00:00")["status"] == "published"


def test_a_calendar_that_is_stale_holds_back_and_says_so(run: Run, says: Any) -> None:
    says("2037-03-18", "2037-03-16T06:00:00+00:00")
    found = who(run, "2037-03-18T09:30:00")
    assert found["status"] == "not-listed"
    assert (
        "last read on 16 March 2037 at 06:00 (Europe/London), too long before." in found["sentence"]
    )
    says("2037-03-18", "2037-03-18T09:31:00+00:00")
    assert who(run, "2037-03-18T09:32:00")["status"] == "published"


def test_without_a_snapshot_a_release_that_names_its_calendar_waits(run: Run) -> None:
    done = run("releases", "calendar")
    assert done.exit_code == 1 and "dates: read never" in done.stdout
    assert "the calendar dates cannot be read" in who(run, "2037-03-18T09:30:00")["sentence"]


def test_what_a_calendar_cancels_stays_under_embargo(run: Run, says: Any) -> None:
    says("2037-03-18", state="cancelled")
    assert who(run, "2037-04-18T09:30:00")["status"] == "not-listed"


def test_inspect_says_why_a_message_still_waits(run: Run, says: Any, tmp_path: Path) -> None:
    says("2037-03-18", "2037-03-16T06:00:00+00:00")
    mail = tmp_path / "m.eml"
    mail.write_text(
        "From: a@dept.example\nTo: b@webmail.example\nSubject: Orchard survey\n\nThe Orchard survey\n"
    )
    done = run("inspect", str(mail), "--at", "2037-03-18T09:30:00+00:00")
    assert "which no calendar has confirmed: the calendar dates was last read" in done.output


def test_a_calendar_key_that_is_not_whole_is_a_fault(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lists/orchards.yaml"
    file.write_text(RELEASE.replace("name: dates, key: orchards", "name: dates, ky: orchards"))
    done = run("releases", "calendar")
    assert done.exit_code == 2
    assert "unknown key 'ky'" in done.stderr and "'key' is missing" in done.stderr
