"""The key of all registers of units: made with the first of them, and then never again."""

from __future__ import annotations

from pathlib import Path

from gateway.key_file import KeyFault, load_key, make_key
from gateway.releases.unit_registers.faults import RegisterFault


def known_key(path: Path) -> bytes | None:
    """The key; None where there is none. Raises RegisterFault where it cannot be used."""
    try:
        return load_key(path)
    except KeyFault as fault:
        raise RegisterFault(str(fault)) from None


def key_for_building(path: Path, registers: int) -> bytes:
    """The key, made where there are no registers yet. Raises RegisterFault: a new key would leave
    the others closed for good."""
    key = known_key(path)
    if key is None and registers:
        message = f"{path}: the key is missing, and {registers} registers were built with it"
        raise RegisterFault(message, "put the copy of it back, or remove these registers first")
    try:
        return make_key(path) if key is None else key
    except KeyFault as fault:
        raise RegisterFault(str(fault)) from None
