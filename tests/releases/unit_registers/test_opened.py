"""A register that is damaged, built with another key or not there is named with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.unit_rows import KEY, built, units, write_csv

from gateway.releases.unit_registers.faults import RegisterFault
from gateway.releases.unit_registers.opened import (
    describe,
    edition,
    files,
    open_registers,
    remove,
    verify,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return built(tmp_path / "registers", write_csv(tmp_path / "rows.csv", units(60)))


def test_a_register_says_what_it_was_built_from(file: Path) -> None:
    told = describe(file, KEY)
    assert (told.name, told.rows, told.source) == ("business", 60, "rows.csv")
    assert told.filled == [60] * 9
    assert told.built == "2026-11-20T00:00:00+00:00"


def test_another_key_opens_nothing_and_that_is_said(file: Path) -> None:
    registers = open_registers(file.parent, b"x" * 32)
    assert registers.opened == ()
    assert "another key" in registers.missing["business"]


def test_without_a_key_every_register_is_missing(file: Path) -> None:
    assert open_registers(file.parent, None).missing == {"business": "its key is not there"}


def test_a_register_that_must_be_there_is_missed(file: Path) -> None:
    registers = open_registers(file.parent, KEY, ("business", "patients"))
    assert [register.name for register in registers.opened] == ["business"]
    assert registers.missing == {"patients": "there is no such register"}


def test_what_was_cut_off_or_changed_at_its_end_is_damaged(file: Path) -> None:
    whole = file.read_bytes()
    for content in (
        whole[:-1],
        whole[:5000],
        b"",
        whole[:-200] + b"\0" * 100 + whole[-100:],
        b"x" * 9000,
    ):
        file.write_bytes(content)
        with pytest.raises(RegisterFault):
            describe(file, KEY)
        assert "business" in open_registers(file.parent, KEY).missing


def test_one_changed_byte_anywhere_is_found_by_verifying(file: Path) -> None:
    assert verify(file, KEY).rows == 60
    whole = bytearray(file.read_bytes())
    for place in (4096, 4096 + 60 * 36 - 1, 8192, 8192 + 60 * 8):
        changed = bytearray(whole)
        changed[place] ^= 1
        file.write_bytes(changed)
        with pytest.raises(RegisterFault, match="damaged"):
            verify(file, KEY)


def test_only_we_may_read_a_register(file: Path) -> None:
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


def test_a_rebuilt_register_is_another_edition(file: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    before = edition(file.parent, key)
    assert edition(file.parent, key) == before
    built(file.parent, write_csv(tmp_path / "rows.csv", units(61)))
    assert edition(file.parent, key) != before


def test_a_register_that_is_taken_away_is_gone(file: Path) -> None:
    with pytest.raises(RegisterFault, match="there are: business"):
        remove(file.parent, "../business")
    remove(file.parent, "business")
    assert files(file.parent) == ()
    assert edition(file.parent, file.parent / "none") == ""
