"""A second person's approval reaches the running gateway, and an edited file alone does not."""

from __future__ import annotations

import shutil
import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.gateway import ROOT, Command, running_command, write_config
from support.processes import wait_until
from support.sink import Sink

from gateway.cli.main import main

AUTHOR, SECOND, COLLEAGUE = "c.lane@dept.example", "r.dale@dept.example", "a.cole@dept.example"
RELEASE = "productivity-2027"
PAPERS = (
    f"From: {AUTHOR}\r\nTo: {COLLEAGUE}\r\nSubject: Papers\r\nMessage-ID: <p@dept.example>\r\n"
    "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\n"
    "EMBARGOED UNTIL 9:30AM ON THURSDAY 16 SEPTEMBER 2027\r\n\r\n"
    "Public service productivity, 2026\r\n"
).encode()


@pytest.fixture
def folder(tmp_path: Path, sink: Sink) -> Path:
    """The shipped rules, whose lists are all approved as they are."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    config = write_config(tmp_path, sink.port)
    text = config.read_text().replace(f"{ROOT}/rules", "rules")
    config.write_text(text.replace("watch: false", "watch: true, approval: second-person"))
    lists = tmp_path / "rules" / "releases"
    for file in lists.glob("*.yaml"):
        text, author = file.read_text(), f"changed_by: {AUTHOR}\n"
        inside = text.replace("release:\n", f"release:\n  {author}", 1)
        if "changed_by:" not in text:
            file.write_text(inside if inside != text else author + text)
    approve(tmp_path, *(file.stem for file in lists.glob("*.yaml")))
    return tmp_path


def approve(folder: Path, *lists: str) -> None:
    words = ["releases", "approve", *lists, "--by", SECOND, "--yes"]
    result = CliRunner().invoke(main, [*words, "--config", str(folder / "config.yaml")])
    assert result.exit_code == 0, result.output


@pytest.fixture
def command(folder: Path) -> Iterator[Command]:
    with running_command(folder / "config.yaml", folder / "log.txt") as running:
        yield running


def send(command: Command) -> str:
    with smtplib.SMTP("127.0.0.1", command.config.receive.port, timeout=60) as client:
        client.ehlo("client.dept.example")
        client.mail(AUTHOR)
        client.rcpt(COLLEAGUE)
        code, text = client.data(PAPERS)
        return f"{code} {text.decode()}"


def test_who_was_added_gets_mail_once_somebody_else_has_approved_it(
    folder: Path, command: Command
) -> None:
    assert "held" in send(command)
    file = folder / "rules" / "releases" / f"{RELEASE}.yaml"
    added = file.read_text().replace("production_team: [", f"production_team: [{COLLEAGUE}, ")
    file.write_text(added)
    wait_until(lambda: '"event":"reloaded"' in command.log(), "the changed file was taken over")
    assert "held" in send(command), "an edited file alone lists nobody"
    approve(folder, RELEASE)
    wait_until(lambda: send(command) == "250 2.0.0 ok", "the approval was taken over", 30)
