"""What was read before is used again only where nothing it depends on has changed."""

from __future__ import annotations

import os
import shutil
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Iterator

import pytest

from gateway.model.fault import Faults
from gateway.model.register import Register
from gateway.releases import load_register, touch
from gateway.releases import reading as reading_module
from gateway.releases.compiled import Compiled
from gateway.releases.sealed_folder import SealedFolder

ROOT = Path(__file__).resolve().parents[2]
KEY = b"k" * 32
PEOPLE = """\
people:
  - {id: hart, name: Ada Hart, addresses: [a.hart@dept.example, ada@dept.example]}
  - {id: moss, name: Terry Moss, addresses: [t.moss@dept.example]}
delegates:
  - {principal: a.hart@dept.example, delegate: t.moss@dept.example, releases: [one]}
"""
ONE = """\
release: {title: Children in care, instant: 2027-03-30T09:30:00}
roles: [{id: press, title: Media Officer}]
appointments: [{role: press, person: hart, from: 2026-01-01}]
"""
TWO = """\
release: {title: Fostering in the regions, instant: 2027-10-31T09:30:00}
delegates: [{principal: a.hart@dept.example, delegate: b@dept.example, releases: [one, two]}]
"""


EVERY = {"_people.yaml", "one.yaml", "two.yaml"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    releases = tmp_path / "releases"
    releases.mkdir()
    for name, text in (("_people", PEOPLE), ("one", ONE), ("two", TWO)):
        (releases / f"{name}.yaml").write_text(text)
    return releases


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "compiled"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose YAML is read from here on."""
    names: list[str] = []

    def noted(raw: bytes, name: str, *lines: Any) -> Any:
        names.append(Path(name).name)
        return parse(raw, name, *lines)

    parse = reading_module.parse
    monkeypatch.setattr(reading_module, "parse", noted)
    return names


def load(folder: Path, compiled: Compiled | None = None) -> Register:
    register = load_register(folder, None, "Europe/London", compiled=compiled)
    if compiled is not None:
        compiled.settle()
    return register


def opened(kept: Path, key: bytes = KEY) -> Compiled:
    return Compiled(SealedFolder(kept, key))


def instants(value: Any) -> Iterator[datetime]:
    """Every instant that a value is made of: equal ones may be of different zones."""
    if isinstance(value, datetime):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from instants(getattr(value, field.name))
    elif isinstance(value, dict):
        for one in value.values():
            yield from instants(one)
    elif isinstance(value, (tuple, frozenset)):
        for one in sorted(value, key=repr):
            yield from instants(one)


@pytest.mark.parametrize("again", ["in memory", "from the folder"])
def test_a_register_that_is_remembered_is_the_one_that_was_read(
    kept: Path, parsed: list[str], again: str
) -> None:
    shipped = ROOT / "rules/releases"
    compiled = opened(kept)
    first = load_register(shipped, ROOT / "rules/domains.yaml", "Europe/London", compiled=compiled)
    plain = load_register(shipped, ROOT / "rules/domains.yaml", "Europe/London")
    compiled.settle()
    parsed.clear()
    second = load_register(
        shipped, ROOT / "rules/domains.yaml", "Europe/London",
        compiled=compiled if again == "in memory" else opened(kept),
    )  # fmt: skip
    assert parsed == []
    assert first == plain == second and first.digest == plain.digest == second.digest
    for one, other in zip(instants(plain), instants(second), strict=True):
        assert (one.tzinfo, one.utcoffset()) == (other.tzinfo, other.utcoffset())
    for id, release in plain.releases.items():
        assert second.releases[id].roster.appointed == release.roster.appointed
    assert second.directory.person_of == plain.directory.person_of


def test_only_the_file_that_changed_is_read_again(
    folder: Path, kept: Path, parsed: list[str]
) -> None:
    load(folder, opened(kept))
    (folder / "two.yaml").write_text(TWO.replace("regions", "north"))
    parsed.clear()
    register = load(folder, opened(kept))
    assert parsed == ["two.yaml"]
    assert register == load(folder) and register.digest == load(folder).digest


def test_a_list_is_read_again_when_the_people_that_it_names_have_changed(
    folder: Path, kept: Path, parsed: list[str]
) -> None:
    load(folder, opened(kept))
    (folder / "_people.yaml").write_text(PEOPLE.replace("a.hart@", "a.hart2@"))
    parsed.clear()
    register = load(folder, opened(kept))
    assert set(parsed) == EVERY
    assert register.releases["one"].roster.appointments[0].address == "a.hart2@dept.example"


def test_a_change_that_keeps_size_and_time_of_writing_is_seen(folder: Path, kept: Path) -> None:
    compiled = opened(kept)
    for word in ("north", "south", "coast"):
        path = folder / "two.yaml"
        path.write_text(TWO.replace("regions", word))
        os.utime(path, ns=(0, 0))
        assert load(folder, compiled) == load(folder)


def test_a_file_that_nobody_touched_is_not_even_opened(
    folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = opened(kept)
    monkeypatch.setattr(touch, "_COARSE_NS", -(10**15))
    first = load(folder, compiled)
    opened_: list[str] = []
    monkeypatch.setattr(reading_module, "read", lambda path, name: opened_.append(name))
    assert load(folder, compiled) == first and opened_ == []


def test_a_comment_in_the_file_of_people_changes_no_list(
    folder: Path, kept: Path, parsed: list[str]
) -> None:
    load(folder, opened(kept))
    (folder / "_people.yaml").write_text(PEOPLE + "# reviewed\n")
    parsed.clear()
    load(folder, opened(kept))
    assert parsed == ["_people.yaml"]


def test_another_zone_of_the_department_is_another_reading(folder: Path, kept: Path) -> None:
    load(folder, opened(kept))
    lisbon = load_register(folder, None, "Europe/Berlin", compiled=opened(kept))
    assert lisbon == load_register(folder, None, "Europe/Berlin")


def test_a_list_that_names_a_release_that_is_gone_is_a_fault_though_it_is_remembered(
    folder: Path, kept: Path
) -> None:
    compiled = opened(kept)
    load(folder, compiled)
    (folder / "one.yaml").unlink()
    for known in (compiled, opened(kept)):
        with pytest.raises(Faults, match="no release 'one'") as caught:
            load(folder, known)
        with pytest.raises(Faults) as plain:
            load(folder)
        assert caught.value.faults == plain.value.faults


def test_a_fault_is_told_at_every_reading(folder: Path, kept: Path) -> None:
    (folder / "two.yaml").write_text("release: {title: x, instant: soon}\n")
    compiled = opened(kept)
    for _ in range(2):
        with pytest.raises(Faults, match=r"two.yaml:1"):
            load(folder, compiled)


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:40],
        lambda raw: b"",
        lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]),
        lambda raw: raw + b"x",
        lambda raw: bytes(32) + raw[32:],
    ],
)
def test_what_somebody_changed_is_not_used_and_that_is_said_once(
    folder: Path, kept: Path, parsed: list[str], damage: Any
) -> None:
    load(folder, opened(kept))
    for path in kept.iterdir():
        path.write_bytes(damage(path.read_bytes()))
    parsed.clear()
    compiled = opened(kept)
    register = load(folder, compiled)
    assert set(parsed) >= EVERY and register == load(folder)
    (complaint,) = compiled.complaints()
    assert "somebody changed" in complaint
    assert compiled.complaints() == ()
    again = opened(kept)
    load(folder, again)
    assert again.complaints() == ()


def test_what_was_kept_of_one_file_never_stands_for_another(folder: Path, kept: Path) -> None:
    load(folder, opened(kept))
    names = sorted(kept.iterdir())
    first = names[0].read_bytes()
    for name in names[1:]:
        name.write_bytes(first)
    compiled = opened(kept)
    assert load(folder, compiled) == load(folder) and compiled.complaints()


def test_what_was_kept_under_another_key_is_not_used(
    folder: Path, kept: Path, parsed: list[str]
) -> None:
    load(folder, opened(kept, b"x" * 32))
    parsed.clear()
    load(folder, opened(kept))
    assert set(parsed) >= EVERY


def test_nobody_else_can_enter_the_folder(folder: Path, kept: Path) -> None:
    load(folder, opened(kept))
    assert kept.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in kept.iterdir()} == {0o600}


def test_where_nothing_can_be_kept_lists_load_all_the_same(folder: Path, kept: Path) -> None:
    kept.write_text("in the way")
    compiled = opened(kept)
    assert load(folder, compiled) == load(folder)
    (complaint,) = {text.partition(": ")[2][:40] for text in compiled.complaints()}
    assert complaint == "what was read of lists cannot be kept th"


def test_a_command_uses_what_the_gateway_kept_and_changes_nothing_of_it(
    folder: Path, kept: Path, parsed: list[str]
) -> None:
    load(folder, opened(kept))
    before = {path: path.read_bytes() for path in kept.iterdir()}
    (folder / "one.yaml").write_text(ONE.replace("Media", "Press"))
    parsed.clear()
    command = Compiled(SealedFolder(kept, KEY), writes=False)
    assert load(folder, command) == load(folder)
    assert parsed[0] == "one.yaml"
    assert {path: path.read_bytes() for path in kept.iterdir()} == before


def test_what_is_used_no_more_is_forgotten(folder: Path, kept: Path) -> None:
    compiled = opened(kept)
    load(folder, compiled)
    before = {path.name for path in kept.iterdir()}
    (folder / "one.yaml").write_text(ONE.replace("Media", "Press"))
    load(folder, compiled)
    after = {path.name for path in kept.iterdir()}
    assert len(before) == len(after) and len(before - after) == 1


def test_losing_the_folder_costs_nothing_but_time(folder: Path, kept: Path) -> None:
    compiled = opened(kept)
    first = load(folder, compiled)
    shutil.rmtree(kept)
    assert load(folder, opened(kept)) == first
