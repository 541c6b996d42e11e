"""`gateway releases directory`, and what other commands say of people whom only directories know."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from support.slapd import BASE, BIND_DN, PASSWORD, Slapd, group, person

from gateway.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
AT = "2027-09-15T20:35"
STAFF = {
    "users": [
        {"id": "1", "displayName": "Bela Wood", "mail": "b.wood@dept.example",
         "proxyAddresses": ["SMTP:b.wood@dept.example", "smtp:bela.wood@dept.example"]},
        {"id": "2", "displayName": "Kit Webb", "mail": "k.webb@dept.example"},
        {"id": "3", "displayName": "Ida Lowe", "mail": "i.lowe@dept.example"},
    ],
    "groups": [
        {"id": "a", "displayName": "Briefing", "mail": "briefing@dept.example",
         "members": ["1", "2"]},
        {"id": "b", "displayName": "All staff", "mail": "all.staff@dept.example",
         "members": ["a", "3"]},
    ],
}  # fmt: skip


def config(folder: Path, directories: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(
        f"rules: {{policy: {ROOT}/rules/policy, releases: {ROOT}/rules/releases,"
        f" domains: {ROOT}/rules/domains.yaml, watch: false}}\n"
        "store: {path: var/gateway.sqlite, key_file: var/gateway.key}\n" + directories
    )
    return path


@pytest.fixture
def exported(tmp_path: Path) -> Callable[..., Path]:
    """A configuration with an export that is so old at the moment that these tests ask about."""

    def written(value: Any = STAFF, age: timedelta = timedelta(0)) -> Path:
        path = tmp_path / "staff.json"
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        written = (datetime(2027, 9, 15, 19, 35, tzinfo=UTC) - age).timestamp()
        os.utime(path, (written, written))
        return config(tmp_path, "directories: [{name: staff, kind: graph, file: staff.json}]\n")

    return written


def run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--config", str(path)])


def answer(path: Path, address: str) -> tuple[str, str]:
    result = run(path, "who", "productivity-2027", address, "--at", AT, "--json")
    assert result.exit_code == 0, result.output
    (found,) = json.loads(result.stdout)
    return found["status"], found["sentence"]


def test_who_knows_another_address_of_somebody_on_the_list(exported: Callable[..., Path]) -> None:
    path = exported()
    assert answer(path, "bela.wood@dept.example")[0] == "listed"
    path = exported(age=timedelta(days=9))
    assert answer(path, "bela.wood@dept.example")[0] == "not-listed"
    assert answer(path, "b.wood@dept.example")[0] == "listed"


def test_who_says_which_members_of_a_list_are_not_on_it(exported: Callable[..., Path]) -> None:
    path = exported()
    assert answer(path, "briefing@dept.example") == (
        "listed", "It is a distribution list, and each of its 2 members may have this release.",
    )  # fmt: skip
    status, sentence = answer(path, "all.staff@dept.example")
    assert status == "not-listed"
    assert "1 of its 3 members is not on the list: i.lowe@dept.example." in sentence


def test_who_does_not_trust_a_list_that_was_read_too_long_ago(
    exported: Callable[..., Path],
) -> None:
    status, sentence = answer(exported(age=timedelta(days=9)), "briefing@dept.example")
    assert status == "not-listed"
    assert "it was last read on 6 September 2027 at 20:35 (Europe/London)" in sentence


def test_mail_to_a_large_list_is_held_for_it_alone(
    exported: Callable[..., Path], tmp_path: Path
) -> None:
    mail = tmp_path / "mail.eml"
    mail.write_bytes(
        b"From: c.lane@dept.example\r\nTo: all.staff@dept.example, briefing@dept.example\r\n"
        b"Subject: Papers\r\nDate: Wed, 15 Sep 2027 20:30:00 +0100\r\n\r\n"
        b"EMBARGOED UNTIL 9:30AM ON THURSDAY 16 SEPTEMBER 2027\r\n\r\n"
        b"Public service productivity, 2026\r\n"
    )
    result = run(exported(), "inspect", str(mail), "--at", f"{AT}:00+01:00", "--json")
    assert result.exit_code == 0, result.output
    found = {one["address"]: one for one in json.loads(result.stdout)["recipients"]}
    assert found["all.staff@dept.example"]["disposition"] == "hold"
    assert found["all.staff@dept.example"]["listed"] is False
    assert found["briefing@dept.example"]["listed"] is True


def test_directory_tells_age_counts_and_every_fault(exported: Callable[..., Path]) -> None:
    groups = [*STAFF["groups"], {"id": "c", "displayName": "Odd", "mail": "odd@dept.example",
                                 "members": ["c"]}]  # fmt: skip
    path = exported({**STAFF, "groups": groups})
    os.utime(path.parent / "staff.json")
    result = run(path, "releases", "directory", "--json")
    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)
    assert (found["name"], found["kind"], found["state"]) == ("staff", "graph", "current")
    assert (found["people"], found["lists"]) == (3, 3)
    assert [fault["message"] for fault in found["faults"]] == [
        "groups entry 3: 'Odd' counts as unlisted: it contains itself"
    ]
    shown = run(path, "releases", "directory").output
    assert "staff: " in shown and "'Odd' counts as unlisted: it contains itself" in shown


def test_directory_in_order_is_exit_0(exported: Callable[..., Path]) -> None:
    path = exported()
    os.utime(path.parent / "staff.json")
    assert run(path, "releases", "directory").exit_code == 0
    assert run(path, "releases", "directory", "--read").exit_code == 0


def test_a_broken_export_leaves_the_lists_in_force_and_is_told(
    exported: Callable[..., Path],
) -> None:
    path = exported('{"users": [')
    result = run(path, "releases", "directory")
    assert result.exit_code == 1
    assert "staff cannot be read (not valid JSON" in result.output
    assert answer(path, "b.wood@dept.example")[0] == "listed"  # _people.yaml names them
    status, sentence = answer(path, "c.lane@dept.example")
    assert status == "not-listed"
    assert "so nobody can tell who is behind this address" in sentence
    checked = run(path, "check", "--no-ports").output
    assert "warning: directory 'staff' cannot be read" in checked
    assert "nobody of dept.example counts whom no other file names" in checked


def test_check_tells_of_an_old_directory(exported: Callable[..., Path]) -> None:
    path = exported()
    os.utime(path.parent / "staff.json", (0, 0))
    assert "directory 'staff' was last read on 1 January 1970" in (
        run(path, "check", "--no-ports").output
    )


def test_without_directories_there_is_nothing_to_say(tmp_path: Path) -> None:
    result = run(config(tmp_path, ""), "releases", "directory")
    assert result.exit_code == 0
    assert "no directory is configured" in result.output


def test_a_server_is_read_at_once_where_that_is_asked(
    needs: Callable[..., None], tmp_path: Path
) -> None:
    needs("slapd")
    password = tmp_path / "password"
    password.write_text(PASSWORD)
    entries = [person("b.wood", "Bela Wood"), group("media", "uid=b.wood")]
    with Slapd(tmp_path / "ldap", entries) as server:
        path = config(
            tmp_path,
            f"directories: [{{name: staff, kind: ldap, url: 'ldap://127.0.0.1:{server.port}',"
            f" base: '{BASE}', bind_dn: '{BIND_DN}', password_file: password}}]\n",
        )
        password.chmod(0o644)
        assert "others than its owner may open it" in run(path, "check", "--no-ports").output
        password.chmod(0o600)
        before = run(path, "releases", "directory")
        assert before.exit_code == 1 and "staff was never read" in before.output
        assert run(path, "releases", "directory", "--read").exit_code == 0
    again = run(path, "releases", "directory", "--read")
    assert again.exit_code == 1 and "staff was not read" in again.output
    (found,) = json.loads(run(path, "releases", "directory", "--json").stdout)
    assert (found["state"], found["people"], found["lists"]) == ("current", 1, 1)
    assert PASSWORD not in again.output
