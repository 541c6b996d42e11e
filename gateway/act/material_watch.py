"""Registers packs that people put into a folder: `RELEASE/FILE`, or `RELEASE-FILE` beside those.

A file is taken once it has stopped changing. What was registered goes to `done`; what was not goes to
`failed`, with a text beside it that says why. Links are not followed.
"""

from __future__ import annotations

import asyncio
import os
import pwd
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from gateway.act.composition import shown
from gateway.act.material_register import MaterialRegister, Pack
from gateway.model.register import Register
from gateway.releases.material.unavailable import NotRegistered

_DONE, _FAILED = "done", "failed"
_UNFINISHED = (".", "~$")
_BETWEEN = "-_ ."
State = tuple[int, int]


class MaterialWatch:
    """Looks into the folder again and again; two looks that find a file alike take it."""

    def __init__(self, folder: Path, largest: int, log: Any) -> None:
        self._folder = folder
        self._largest = largest
        self._log = log
        self._seen: dict[Path, State] = {}
        self._left: set[tuple[Path, State]] = set()

    async def __call__(self, kept: MaterialRegister, register: Register, now: datetime) -> None:
        """Raises MaterialUnavailable and StoreError; what was not taken stays where it is."""
        for release, path, status in await asyncio.to_thread(self._settled, register):
            why = await self._taken(kept, register, release, path, status, now)
            try:
                await asyncio.to_thread(self._move, path, release, why, now)
            except OSError as error:
                self._left.add((path, _state(status)))
                self._log.error("pack cannot be moved", release=release, reason=error.strerror)
            registered = not why
            self._log.info("pack from the folder", release=release, registered=registered)

    async def _taken(
        self, kept: MaterialRegister, register: Register, release: str, path: Path,
        status: os.stat_result, now: datetime,
    ) -> tuple[str, ...]:  # fmt: skip
        """Why it was not registered; nothing where it was, or what of it was not read."""
        try:
            if status.st_size > self._largest:
                raise NotRegistered(f"larger than {self._largest} bytes (limits.decoded_bytes)")
            content = await asyncio.to_thread(_content, path)
            pack = Pack(release, ((path.name, content),), f"folder ({_owner(status)})")
            await kept.add(pack, register, now)
        except NotRegistered as refused:
            return refused.reasons
        except OSError as error:
            return (f"it cannot be read: {error.strerror}",)
        return ()

    def _settled(self, register: Register) -> list[tuple[str, Path, os.stat_result]]:
        """Files that are as they were at the last look, and what release they belong to."""
        found = {path: (release, status) for release, path, status in self._files(register)}
        before, self._seen = self._seen, {p: _state(s) for p, (_, s) in found.items()}
        return [
            (release, path, status)
            for path, (release, status) in sorted(found.items())
            if before.get(path) == _state(status) and (path, _state(status)) not in self._left
        ]

    def _files(self, register: Register) -> Iterator[tuple[str, Path, os.stat_result]]:
        try:
            for entry in sorted(self._folder.iterdir()):
                status = entry.lstat()
                if entry.name in (_DONE, _FAILED) or entry.name.startswith(_UNFINISHED):
                    continue
                if stat.S_ISREG(status.st_mode):
                    yield _prefix(entry.name, register), entry, status
                elif stat.S_ISDIR(status.st_mode):
                    yield from ((entry.name, *one) for one in _inside(entry))
        except OSError as error:
            self._log.error("the folder for packs cannot be read", reason=error.strerror)

    def _move(self, path: Path, release: str, why: tuple[str, ...], now: datetime) -> None:
        target = self._folder / (_FAILED if why else _DONE)
        target.mkdir(mode=0o700, exist_ok=True)
        name = f"{now:%Y%m%dT%H%M%S} {release} {path.name}"
        os.replace(path, target / name)
        if why:
            reasons = "".join(f"{shown(reason, 400)}\n" for reason in why)
            text = f"This was not registered as material of {release or 'any release'}:\n{reasons}"
            (target / f"{name}.txt").write_text(text, encoding="utf-8")


def _inside(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for path in sorted(folder.iterdir()):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode) and not path.name.startswith(_UNFINISHED):
            yield path, status


def _prefix(name: str, register: Register) -> str:
    """The release whose id a file's name begins with, the longest where there are several; what
    is unknown is the whole name, which no release has."""
    known = [id for id in register.releases if name.startswith(tuple(id + one for one in _BETWEEN))]
    return max(known, key=len, default=name)


def _content(path: Path) -> bytes:
    """Never through a link. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        return file.read()


def _state(status: os.stat_result) -> State:
    return status.st_size, status.st_mtime_ns


def _owner(status: os.stat_result) -> str:
    try:
        return pwd.getpwuid(status.st_uid).pw_name
    except KeyError:
        return f"user {status.st_uid}"
