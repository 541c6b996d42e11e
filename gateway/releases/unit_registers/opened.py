"""Opens the registers of a folder under their key, lists them, verifies them, takes one away.

A register that cannot be opened is named with the reason, never passed over. Files are mapped, not
read: opening takes no longer for a hundred million rows than for ten.
"""

from __future__ import annotations

import hashlib
import mmap
import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import numpy as np

from gateway.model.keyed import DIGEST
from gateway.model.unit_register import (
    CHECK,
    ROW,
    Distinctness,
    KeyColumn,
    RegisterCipher,
    UnitRegister,
    UnitRegisters,
    value_digest,
)
from gateway.releases.unit_registers.faults import RegisterFault
from gateway.releases.unit_registers.layout import ENDING, Description, Section, read_description

_READ = 1 << 22


def files(folder: Path) -> tuple[Path, ...]:
    """The registers that lie in a folder, by name; () where there is no such folder. Raises OSError
    for one that cannot be looked into."""
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return ()
    return tuple(
        folder / name for name in sorted(names) if name.endswith(ENDING) and name[0] != "."
    )


def edition(folder: Path, key_file: Path) -> str:
    """Another one wherever a register or the key was put in the place of another."""
    told = []
    try:
        paths = files(folder)
    except OSError:
        return "cannot be looked into"
    for path in (*paths, key_file):
        try:
            status = path.stat()
        except OSError:
            continue
        told.append(f"{path.name}:{status.st_ino}:{status.st_size}:{status.st_mtime_ns}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest() if told else ""


def describe(path: Path, key: bytes) -> Description:
    """What a register says of itself. Raises RegisterFault."""
    try:
        with path.open("rb") as file:
            return read_description(file, path, key)[0]
    except OSError as error:
        raise RegisterFault(f"{path}: the register cannot be read: {error.strerror}") from None


def open_registers(folder: Path, key: bytes | None, required: Iterable[str] = ()) -> UnitRegisters:
    """Every register that lies in the folder or is required; never raises."""
    try:
        paths = files(folder)
    except OSError as error:
        return UnitRegisters(missing={folder.name: f"the folder cannot be read: {error.strerror}"})
    missing = {
        name: "there is no such register"
        for name in required
        if folder / f"{name}{ENDING}" not in paths
    }
    if key is None:
        missing |= {path.name.removesuffix(ENDING): "its key is not there" for path in paths}
        return UnitRegisters(missing=missing)
    opened = []
    for path in paths:
        try:
            opened.append(open_register(path, key))
        except RegisterFault as fault:
            missing[path.name.removesuffix(ENDING)] = fault.message.removeprefix(f"{path}: ")
    return UnitRegisters(value_digest(key), tuple(opened), missing)


def open_register(path: Path, key: bytes) -> UnitRegister:
    """One register, mapped. Raises RegisterFault."""
    try:
        with path.open("rb") as file:
            description, build = read_description(file, path, key)
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not possible"
        raise RegisterFault(f"{path}: the register cannot be read: {reason}") from None

    def section(where: Section, of: np.dtype) -> np.ndarray:
        return np.frombuffer(mapped, of, where.size // of.itemsize, where.start)

    keys = tuple(
        KeyColumn(
            number, section(one.digests, DIGEST), section(one.rows, ROW), frozenset(one.shapes)
        )
        for number, one in enumerate(description.keys)
    )
    distinct = Distinctness(
        np.array(description.alone),
        np.array(description.given),
        {(field, check): bits for field, check, bits in description.common},
    )
    covered = section(description.records, CHECK).reshape(-1, len(description.columns))
    return UnitRegister(
        path.name.removesuffix(ENDING), tuple(description.columns), keys, covered, distinct,
        RegisterCipher(key, build),
    )  # fmt: skip


def verify(path: Path, key: bytes) -> Description:
    """Reads all of a register. Raises RegisterFault where a byte is not what was built."""
    description = describe(path, key)
    with path.open("rb") as file:
        for one in description.keys:
            for section in (one.digests, one.rows):
                _check(file, path, section)
        _check(file, path, description.records)
    return description


def _check(file: BinaryIO, path: Path, section: Section) -> None:
    digest = hashlib.blake2b(digest_size=32)
    file.seek(section.start)
    left = section.size
    while left:
        content = file.read(min(left, _READ))
        if not content:
            break
        digest.update(content)
        left -= len(content)
    if digest.hexdigest() != section.digest:
        raise RegisterFault(f"{path}: the register is damaged", "build it again")


def remove(folder: Path, name: str) -> None:
    """Take a register away. Raises RegisterFault where there is none of that name."""
    path = folder / f"{name}{ENDING}"
    if path not in files(folder):
        known = ", ".join(each.name.removesuffix(ENDING) for each in files(folder)) or "none"
        raise RegisterFault(f"there is no register '{name}' in {folder}", f"there are: {known}")
    path.unlink()
