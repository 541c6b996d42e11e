"""Unit registers as keyed digests: how one is built from live rows, kept, and opened."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.model.unit_source import UnitRegisterSource

if TYPE_CHECKING:
    from gateway.model.unit_register import UnitRegisters

__all__ = ["find_unit_registers", "missing_registers", "open_unit_registers"]


def find_unit_registers(
    folder: Path, key_file: Path, required: tuple[str, ...] = ()
) -> UnitRegisterSource | None:
    """Where registers are; None where there are none and none is required."""
    try:
        empty = not folder.exists() or not any(folder.iterdir())
    except OSError:
        empty = False  # what cannot be looked into is not empty
    if empty and not required:
        return None
    from gateway.releases.unit_registers.opened import edition

    return UnitRegisterSource(folder, key_file, required, edition(folder, key_file))


def open_unit_registers(source: UnitRegisterSource | None) -> UnitRegisters | None:
    """The registers as they are on disk now, and which are missing; None where there are none, and
    then nothing that takes time to load is loaded."""
    if source is None:
        return None
    from gateway.releases.unit_registers.faults import RegisterFault
    from gateway.releases.unit_registers.opened import open_registers
    from gateway.releases.unit_registers.register_key import known_key

    try:
        key = known_key(source.key_file)
    except RegisterFault:
        key = None
    return open_registers(source.folder, key, source.required)


def missing_registers(source: UnitRegisterSource | None) -> Mapping[str, str]:
    """Why registers cannot be compared with, by name."""
    registers = open_unit_registers(source)
    return {} if registers is None else registers.missing
