"""Directories as they are on disk: dated, bounded, and never in the way of the lists."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.model.register import Register
from gateway.releases.compiled import Compiled
from gateway.releases.directories import DirectoryFile, read_directories, reading, with_directories
from gateway.releases.directories.ldap import LdapServer
from gateway.releases.directories.records import Account, Extract, Listing
from gateway.releases.directories.snapshot import write_snapshot
from gateway.releases.sealed_folder import SealedFolder

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
LATER = datetime(2037, 1, 1, tzinfo=UTC)
SERVER = LdapServer("ldaps://ldap.dept.example", "dc=dept,dc=example")
EXTRACT = Extract(
    (Account(("1",), "uid=b", "Bela Wood", ("b.wood@dept.example",)),),
    (Listing(("2",), "cn=m", "media", ("media@dept.example",), ("1",)),),
)


def export(path: Path, **more: Any) -> DirectoryFile:
    return DirectoryFile("mail", "graph", path, timedelta(days=8), **more)


def snapshot(path: Path, server: LdapServer = SERVER) -> DirectoryFile:
    return DirectoryFile("staff", "ldap", path, timedelta(hours=24), server=server)


def test_an_export_is_as_old_as_its_file(tmp_path: Path) -> None:
    path = tmp_path / "staff.json"
    path.write_text('{"users": [], "groups": []}')
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    (found,) = read_directories([export(path)], LATER)
    assert (found.source.read, found.source.until) == (NOW, NOW + timedelta(days=8))


def test_a_snapshot_is_as_old_as_its_reading_whatever_the_file_says(tmp_path: Path) -> None:
    path = tmp_path / "staff.json"
    write_snapshot(path, SERVER.described, NOW, EXTRACT)
    (found,) = read_directories([snapshot(path)], LATER)
    assert (found.source.read, found.extract) == (NOW, EXTRACT)


@pytest.mark.parametrize("kind", ["snapshot", "export"])
def test_what_was_read_in_the_future_knows_nobody(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "staff.json"
    if kind == "snapshot":
        write_snapshot(path, SERVER.described, NOW, EXTRACT)
    else:
        path.write_text('{"users": [], "groups": []}')
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    file = snapshot(path) if kind == "snapshot" else export(path)
    (found,) = read_directories([file], NOW - timedelta(minutes=4))
    assert found.source.read == NOW  # clocks differ
    (found,) = read_directories([file], NOW - timedelta(minutes=6))
    assert found.source.read is None and found.extract == Extract()
    assert "nobody can have read it at 2026-11-20T09:30:00" in found.source.fault


@pytest.mark.parametrize("kind", ["graph", "scim", "csv"])
def test_an_export_that_did_not_change_is_not_read_again_and_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Any
) -> None:
    users = [
        {"id": str(n), "mail": f"p{n}@dept.example", "displayName": f"P {n}"} for n in range(1200)
    ]
    people = [
        {"id": str(n), "userName": f"p{n}@dept.example", "displayName": f"P {n}"}
        for n in range(1200)
    ]
    texts = {
        "graph": json.dumps({"users": users, "groups": []}),
        "scim": json.dumps({"Resources": people}),
        "csv": "group,member\n" + "".join(f"l{n}@dept.example,p{n}@dept.example\n" for n in range(1200)),
    }  # fmt: skip
    file = DirectoryFile("office", kind, tmp_path / "office", timedelta(days=8))
    file.path.write_text(texts[kind])
    compiled = Compiled(SealedFolder(tmp_path / "kept", b"k" * 32))
    first = read_directories([file], LATER, compiled)
    assert not first[0].source.fault and first == read_directories([file], LATER)
    compiled.settle()
    monkeypatch.setitem(reading._EXPORTS, kind, None)
    assert read_directories([file], LATER, compiled) == first
    assert (
        read_directories([file], LATER, Compiled(SealedFolder(tmp_path / "kept", b"k" * 32)))
        == first
    )
    monkeypatch.undo()
    file.path.write_text(texts[kind].replace("p7@", "q7@").replace("P 7", "Q 7"))
    changed = read_directories([file], LATER, compiled)
    assert changed == read_directories([file], LATER) and changed[0].extract != first[0].extract


def test_an_export_with_a_fault_is_told_at_every_reading(tmp_path: Path) -> None:
    file = export(tmp_path / "staff.json")
    compiled = Compiled()
    assert "No such file" in read_directories([file], LATER, compiled)[0].source.fault
    file.path.write_text("{")
    for _ in range(2):
        assert "not valid JSON" in read_directories([file], LATER, compiled)[0].source.fault


def told(file: DirectoryFile) -> str:
    (found,) = read_directories([file], LATER)
    assert found.extract == Extract()
    return found.source.fault


def test_a_server_that_was_never_asked_knows_nobody(tmp_path: Path) -> None:
    assert told(snapshot(tmp_path / "staff.json")) == "was never read"


def test_a_snapshot_of_another_server_or_search_is_none(tmp_path: Path) -> None:
    path = tmp_path / "staff.json"
    write_snapshot(path, SERVER.described, NOW, EXTRACT)
    for other in (
        LdapServer("ldaps://other.dept.example", SERVER.base),
        LdapServer(SERVER.url, "dc=other"),
        LdapServer(SERVER.url, SERVER.base, people_filter="(mail=*)"),
    ):
        assert told(snapshot(path, other)) == "cannot be read (it was read from another server)"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", '{"format": 2}', "7", '"x"', "[" * 100_000],
)
def test_a_file_that_is_no_snapshot_knows_nobody(text: str, tmp_path: Path) -> None:
    path = tmp_path / "staff.json"
    path.write_text(text)
    assert told(snapshot(path)).startswith("cannot be read (")


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        (0, {"fetched": "yesterday"}),
        (0, {"fetched": 7}),
        (0, {"fetched": "2026-11-20T09:30:00"}),
        (0, {"accounts": 7}),
        (0, {"accounts": "x"}),
        (0, {"accounts": -1, "listings": 3}),
        (0, {"format": 1}),
        (1, {"name": 7}),
        (1, {"addresses": "b.wood@dept.example"}),
        (2, {"keys": None}),
        (2, {"members": [1]}),
    ],
)
def test_a_snapshot_that_somebody_changed_knows_nobody(
    line: int, changes: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "staff.json"
    write_snapshot(path, SERVER.described, NOW, EXTRACT)
    lines = [json.loads(one) for one in path.read_text().splitlines()]
    lines[line] |= changes
    path.write_text("\n".join(map(json.dumps, lines)))
    assert told(snapshot(path)).startswith("cannot be read (")


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_snapshot_that_was_cut_short_knows_nobody(kept: float, tmp_path: Path) -> None:
    path = tmp_path / "staff.json"
    write_snapshot(path, SERVER.described, NOW, EXTRACT)
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * kept)])
    assert told(snapshot(path)).startswith("cannot be read (")


def test_several_faults_are_counted_and_all_told(tmp_path: Path) -> None:
    path = tmp_path / "staff.json"
    path.write_text('{"users": [{}, {}, {}]}')
    (found,) = read_directories([export(path)], LATER)
    assert found.source.fault == "cannot be read (users entry 1: it has no 'id', and 2 more faults)"
    assert len(found.source.faults) == 3
    register = with_directories(Register(), [found])
    assert register.directory.sources[0].faults == found.source.faults


def test_what_directories_say_is_part_of_the_digest(tmp_path: Path) -> None:
    path = tmp_path / "staff.json"
    write_snapshot(path, SERVER.described, NOW, EXTRACT)
    first = with_directories(Register(), read_directories([snapshot(path)], LATER))
    write_snapshot(path, SERVER.described, NOW + timedelta(minutes=15), EXTRACT)
    second = with_directories(Register(), read_directories([snapshot(path)], LATER))
    assert len({Register().digest, first.digest, second.digest}) == 3
    assert with_directories(Register(), []) == Register()
