"""`gateway rules`: faults and failed tests are shown with their places, and by the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway.cli.rules import rules

POLICY = Path(__file__).resolve().parents[2] / "rules" / "policy"
BAD = Path(__file__).resolve().parents[1] / "rulebook" / "bad"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(rules, list(arguments))
    return result.exit_code, result.output


def test_the_shipped_policy_is_well_formed_and_does_what_it_says() -> None:
    code, shown = run("check", str(POLICY))
    assert code == 0 and "no faults" in shown
    code, shown = run("test", str(POLICY), "--json")
    tally = json.loads(shown)
    assert code == 0
    assert tally["failed"] == tally["skipped"] == 0 and tally["passed"] > 100


def test_faults_are_listed_with_places_and_hints() -> None:
    code, shown = run("check", str(BAD))
    assert code == 1
    assert "unknown-field.yaml:7:22: unknown field 'raeson' of gap" in shown
    assert "did you mean 'reason'?" in shown
    code, shown = run("check", str(BAD), "--json")
    assert code == 1
    assert {"file", "line", "column", "message", "hint"} <= set(json.loads(shown)["faults"][0])


@pytest.fixture
def failing(tmp_path: Path) -> Path:
    text = (POLICY / "secret-by-mail.yaml").read_text()
    assert "      expect: hold\n" in text
    (tmp_path / "secret-by-mail.yaml").write_text(text.replace("expect: hold", "expect: reject", 1))
    return tmp_path


def test_a_failing_test_is_shown_with_expected_got_and_why(failing: Path) -> None:
    code, shown = run("test", str(failing))
    assert code == 1
    assert "expected reject, got hold" in shown
    assert "the rule says: matched: 'secret', 'outside'" in shown
    assert "FAIL" in shown and "1 failed" in shown
    code, shown = run("test", str(failing), "--json")
    assert code == 1 and json.loads(shown)["failed"] == 1


def test_a_folder_that_is_not_there_is_misuse(tmp_path: Path) -> None:
    for command in ("check", "test"):
        code, shown = run(command, str(tmp_path / "nowhere"))
        assert code == 2 and "no such folder" in shown
    config = tmp_path / "config.yaml"
    config.write_text("rules: {policy: nowhere}\n")
    assert run("check", "--config", str(config))[0] == 2
