"""A running gateway and a real directory server: whom a list reaches decides about mail to it."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner
from support.gateway import Command, running_command, write_config
from support.processes import wait_until
from support.sink import Sink
from support.slapd import BASE, BIND_DN, PASSWORD, Slapd, group, person

from gateway.cli.main import main

SENDER = "c.lane@dept.example"
PACK = (
    f"From: {SENDER}\r\nTo: makers@dept.example\r\nSubject: Papers\r\n"
    "Message-ID: <p@dept.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\n"
    "EMBARGOED UNTIL 9:30AM ON THURSDAY 16 SEPTEMBER 2027\r\n\r\n"
    "Public service productivity, 2026\r\n"
).encode()
ENTRIES = [
    person("c.lane", "Cal Lane"),
    person("q.stone", "Quin Stone"),
    person("i.lowe", "Ida Lowe"),
    group("makers", "uid=c.lane", "uid=q.stone"),
    group("everybody", "cn=makers", "uid=i.lowe"),
]


def reloads(command: Command) -> int:
    return len(re.findall(r'"event":\s*"reloaded"', command.log()))


def test_the_keeper_reads_the_directory_and_mail_to_lists_is_judged_by_its_members(
    needs: Callable[..., None], tmp_path: Path, sink: Sink
) -> None:
    needs("slapd")
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    password.chmod(0o600)
    with Slapd(tmp_path / "ldap", ENTRIES) as server:
        path = write_config(
            tmp_path,
            sink.port,
            f"workers: 1\ndirectories: [{{name: staff, kind: ldap, base: '{BASE}',"
            f" url: 'ldap://127.0.0.1:{server.port}', bind_dn: '{BIND_DN}',"
            f" password_file: {password}}}]\n",
        )
        with running_command(path, tmp_path / "log") as command:
            wait_until(lambda: reloads(command) > 0, "the directory is read")
            _send(command, "makers@dept.example")
            wait_until(lambda: "makers@dept.example" in _reached(sink), "the team has the pack")
            _send(command, "everybody@dept.example")
            assert "everybody@dept.example" not in _reached(sink)
            held = CliRunner().invoke(main, ["holds", "list", "--json", "--config", str(path)])
            assert "everybody@dept.example" in held.output
    (snapshot,) = (tmp_path / "store" / "directories").iterdir()
    assert snapshot.name == "staff.json"
    assert PASSWORD not in command.log()


def _send(command: Command, recipient: str) -> None:
    with smtplib.SMTP("127.0.0.1", command.config.receive.port, timeout=60) as client:
        client.sendmail(SENDER, [recipient], PACK)


def _reached(sink: Sink) -> set[str]:
    return {address for delivery in sink.deliveries for address in delivery.addresses}
