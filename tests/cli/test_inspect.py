"""`gateway inspect` for people: what is missing is said, and nothing is said twice."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from gateway.cli.inspect import inspect
from gateway.cli.inspect_view import Answer, show
from gateway.model.register import Register
from gateway.model.session import Envelope, Recipient, Session
from gateway.model.verdict import Case, Decision, MessageFacts, Verdict
from gateway.pipeline import Inspection, Timings

CONFIG = Path(__file__).resolve().parents[2] / "config.example.yaml"
NOTICE = b"RESTRICTED UNTIL PUBLISHED AT 9:30AM ON WEDNESDAY 28 MARCH 2018\r\n"
HEAD = b"From: s.field@dept.example\r\nTo: f.gray@dept.example, a.cole@dept.example\r\n\r\n"
ROWS = b"serial,age,sex,marital,wage,health\r\n" + b"".join(
    b"%d,%d,%d,%d,%d.50,good\r\n" % (7000 + 3 * n, 20 + n % 60, 1 + n % 2, 1 + n % 5, 400 + 17 * n)
    for n in range(60)
)
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


def test_what_no_rule_minds_is_said_to_be_so() -> None:
    given = b"From: s.field@dept.example\r\nTo: f.gray@dept.example\r\n\r\nOFFICIAL-SENSITIVE\r\n"
    shown = run(given).stdout
    [line] = [line for line in shown.splitlines() if "found: marking" in line]
    assert line.endswith("; no rule minds it")
    assert "no rule minds it" not in run(HEAD + NOTICE).stdout


def test_words_that_no_reader_sees_are_said_to_be_hidden() -> None:
    page = b"<p>Dear all</p><p style='display:none'>" + NOTICE + b"</p>"
    html = HEAD.replace(b"\r\n\r\n", b"\r\nContent-Type: text/html\r\n\r\n") + page
    assert "found: hidden embargo-banner" in run(html).stdout
    assert "hidden" not in run(HEAD + NOTICE).stdout


def test_what_stops_mail_is_said_before_what_only_goes_with_it() -> None:
    decisions = (
        Decision("a@dept.example", "pass", reasons=("note",), because=("Mind the date.",)),
        Decision("b@dept.example", "hold", reasons=("stop",), because=("Rows of persons.",)),
    )
    envelope = Envelope(
        "s@dept.example", (Recipient("a@dept.example"), Recipient("b@dept.example"))
    )
    case = Case(Session("127.0.0.1"), envelope, MessageFacts("", 0))
    found = Inspection(case, Verdict("hold", decisions), 1, Timings(0, 0, 0, 0))
    console = Console(file=io.StringIO(), width=200)
    show(console, Answer("a.eml", found, Register(), datetime.now(UTC)))
    lines = [line.strip() for line in console.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    assert "(1) Rows of persons." in lines and "(2) Mind the date." in lines


def test_files_that_are_registered_as_synthetic_are_named_with_their_entry(tmp_path: Path) -> None:
    shutil.copytree(CONFIG.parent / "rules", tmp_path / "rules")
    digest = hashlib.sha256(ROWS).hexdigest()
    (tmp_path / "rules/releases/_synthetic.yaml").write_text(
        f'synthetic:\n  - {{sha256: "{digest}", title: Invented people, '
        "owner: lab@dept.example, expires: 2199-01-31}\n"
    )
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.read_text())
    packed = io.BytesIO()
    for name in ("rows.csv", "more.csv"):
        with zipfile.ZipFile(packed, "a") as archive:
            archive.writestr(name, ROWS + name[:4].replace("rows", "").encode())
        message = EmailMessage()
        message["From"], message["To"] = "s.field@dept.example", "reporter@gmail.com"
        message.add_attachment(packed.getvalue(), "application", "zip", filename="pack.zip")
        result = CliRunner().invoke(
            inspect, ["-", "--config", str(config)], input=message.as_bytes(policy=SMTP)
        )
        said = "registered as synthetic: Invented people, until 31 January 2199: pack.zip"
        assert (said in result.stdout) is (name == "rows.csv"), result.output
        assert (": pass (" in result.stdout) is (name == "rows.csv")


def test_what_is_not_there_is_told_with_the_key_that_names_it(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("rules: {policy: nowhere, releases: neither, domains: none.yaml}\n")
    result = CliRunner().invoke(inspect, ["-", "--config", str(config)], input=HEAD)
    assert result.exit_code == 2
    for key in ("rules.policy", "rules.releases", "rules.domains"):
        assert f"{key} in the configuration names it" in result.stderr


def test_who_has_joined_a_conversation_is_named() -> None:
    quoted = (
        b"From: s.field@dept.example\r\nSent: 1 May\r\nTo: f.gray@dept.example\r\nSubject: x\r\n"
    )
    head = HEAD.replace(b"To:", b"Subject: RE: x\r\nTo:")
    lines = [line.strip() for line in run(head + NOTICE + quoted).stdout.splitlines()]
    joined = "joined: a.cole@dept.example was not on the message that this one answers or forwards"
    assert joined in lines
    assert not any(line.startswith("joined: f.gray") for line in lines)
