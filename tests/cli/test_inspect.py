"""`gateway inspect` for people: what is missing is said, and nothing is said twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.cli.inspect import inspect

CONFIG = Path(__file__).resolve().parents[2] / "config.example.yaml"
NOTICE = b"RESTRICTED UNTIL PUBLISHED AT 9:30AM ON WEDNESDAY 28 MARCH 2018\r\n"
HEAD = b"From: s.field@dept.example\r\nTo: f.gray@dept.example, a.cole@dept.example\r\n\r\n"
BEFORE = "2018-03-28T09:29:59"


def run(given: bytes, *words: str) -> Result:
    options = ["--config", str(CONFIG), "--at", BEFORE]
    return CliRunner().invoke(inspect, ["-", *options, *words], input=given)


def test_a_reason_stands_once_and_recipients_refer_to_it() -> None:
    shown = run(HEAD + NOTICE).stdout
    lines = [line.strip() for line in shown.splitlines()]
    assert shown.count("They are not on the list for this release.") == 1
    assert shown.count("carries an embargo notice and belongs to") == 1
    rows = [line for line in lines if "@dept.example" in line]
    assert len(rows) == 2 and all("(1) (2)" in row for row in rows)
    assert any(line.startswith("(1) They are not on the list") for line in lines)
    assert any(line.startswith("alert (near-miss): because of (") for line in lines)


def test_the_instant_of_the_decision_is_shown_with_its_zone() -> None:
    assert "Wed 28 Mar 2018, 09:29:59 BST" in run(HEAD + NOTICE).stdout


def test_what_is_no_email_is_answered_with_a_question() -> None:
    result = run(NOTICE)
    assert result.exit_code == 0
    assert "no From or To: is this an e-mail?" in result.stderr
    assert "Recipients" not in result.stdout and "recipient" not in result.stdout
    assert "e-mail?" not in run(NOTICE, "--to", "a.cole@dept.example").stderr
    assert json.loads(run(NOTICE, "--json").stdout)["recipients"] == []


def test_a_message_to_nobody_says_so() -> None:
    result = run(b"From: s.field@dept.example\r\n\r\n" + NOTICE)
    assert "name some with --to" in result.stderr


@pytest.mark.parametrize(
    "words", [("--to", "bad"), ("--to", ""), ("--to", "a@b@c d"), ("--from", "nobody")]
)
def test_what_is_no_address_is_misuse(words: tuple[str, ...]) -> None:
    result = run(HEAD + NOTICE, *words)
    assert result.exit_code == 2
    assert f"{words[0]}: " in result.stderr and "is no e-mail address" in result.stderr


@pytest.mark.parametrize("sender", ["", "<>"])
def test_the_null_sender_may_be_asked_about(sender: str) -> None:
    assert run(HEAD + NOTICE, "--from", sender).exit_code == 0


def test_what_is_not_there_is_told_with_the_key_that_names_it(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("rules: {policy: nowhere, releases: neither, domains: none.yaml}\n")
    result = CliRunner().invoke(inspect, ["-", "--config", str(config)], input=HEAD)
    assert result.exit_code == 2
    for key in ("rules.policy", "rules.releases", "rules.domains"):
        assert f"{key} in the configuration names it" in result.stderr
