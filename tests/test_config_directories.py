"""`directories` of the configuration: each is a server or a file, with its own keys and no others."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.config_reading import read_config
from gateway.lists import directory_files
from gateway.releases.directories.ldap import PEOPLE_FILTER

LDAP = "{name: staff, kind: ldap, url: 'ldaps://ldap.dept.example', base: 'dc=dept', "


def written(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text)
    return path


def test_a_server_and_an_export(tmp_path: Path) -> None:
    text = (
        f"directories:\n  - {LDAP}bind_dn: 'cn=x', password_file: secret}}\n"
        "  - {name: lists, kind: csv, file: lists.csv, valid: 2d, domains: [Bücher.example]}\n"
    )
    reading = read_config(written(tmp_path, text))
    assert not reading.faults
    staff, lists = directory_files(reading.config)
    assert staff.path == tmp_path / "var/directories/staff.json"
    assert staff.valid == timedelta(hours=24)
    assert staff.domains == {"dept.example"}
    assert staff.server is not None
    assert staff.server.password_file == tmp_path / "secret"
    assert (staff.server.port, staff.server.people_filter) == (636, PEOPLE_FILTER)
    assert (lists.path, lists.valid) == (tmp_path / "lists.csv", timedelta(days=2))
    assert lists.domains == {"xn--bcher-kva.example"}
    assert lists.server is None


@pytest.mark.parametrize(
    ("url", "port", "loopback"),
    [
        ("ldap://127.0.0.1", 389, True),
        ("ldap://localhost:3890", 3890, True),
        ("ldap://[::1]:3890", 3890, True),
        ("ldap://10.0.0.1", 389, False),
        ("ldap://127.0.0.1.dept.example", 389, False),
        ("ldaps://LDAP.dept.example:1636/", 1636, False),
    ],
)
def test_only_the_own_machine_is_asked_in_the_clear(
    tmp_path: Path, url: str, port: int, loopback: bool
) -> None:
    text = f"directories: [{{name: a, kind: ldap, url: '{url}', base: 'dc=x'}}]\n"
    (file,) = directory_files(read_config(written(tmp_path, text)).config)
    assert file.server is not None
    assert (file.server.port, file.server.loopback) == (port, loopback)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{name: Staff, kind: csv, file: x}", "write a short name in small letters"),
        ("{name: ../x, kind: csv, file: x}", "write a short name in small letters"),
        ("{name: a, kind: exchange, file: x}", "write 'ldap', 'graph', 'scim' or 'csv'"),
        ("{name: a, kind: csv}", "'file' is missing"),
        ("{name: a, kind: ldap}", "'url' is missing; 'base' is missing"),
        ("{name: a, kind: csv, file: x, url: 'ldap://x'}", "'url' says nothing for kind csv"),
        (LDAP + "file: x}", "'file' says nothing for kind ldap"),
        (LDAP + "bind_dn: 'cn=x'}", "bind_dn and password_file are needed together"),
        (LDAP + "password_file: x}", "bind_dn and password_file are needed together"),
        (LDAP + "password: x}", "unknown key 'directories.0.password'"),
        (LDAP + "valid: 5}", "write a duration with its unit"),
        (LDAP + "every: 1s}", "too little; write 1m or more"),
        ("{name: a, kind: ldap, url: 'https://x', base: b}", "write the server as ldaps://"),
        ("{name: a, kind: ldap, url: 'ldap://u:p@x', base: b}", "write the server as ldaps://"),
        ("{name: a, kind: ldap, url: 'ldap://x:99999', base: b}", "write the server as ldaps://"),
        ("{name: a, kind: ldap, url: 'ldap://x/dc=y', base: b}", "write the server as ldaps://"),
    ],
)
def test_mistakes_are_told_in_plain_words(tmp_path: Path, entry: str, said: str) -> None:
    (fault,) = read_config(written(tmp_path, f"directories:\n  - {entry}\n")).faults
    assert said in str(fault)
    assert fault.line == 2


def test_two_of_one_name_are_a_mistake(tmp_path: Path) -> None:
    one = "  - {name: a, kind: csv, file: x}\n"
    (fault,) = read_config(written(tmp_path, f"directories:\n{one}{one}")).faults
    assert (fault.line, fault.message) == (3, "there is a directory 'a' already")
