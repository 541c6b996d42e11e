"""What is worth a look about the office's directories: those that say nothing, or nothing any more."""

from __future__ import annotations

from datetime import datetime
from typing import Iterator
from zoneinfo import ZoneInfo

from gateway.model.instant import in_utc
from gateway.model.people import Source
from gateway.model.register import Register

_MORE = "`gateway releases directory` names each"


def of_directories(register: Register, now: datetime) -> Iterator[str]:
    """Warnings, one sentence each."""
    for source in register.directory.sources:
        yield from _of(source, now, register.zone)


def _of(source: Source, now: datetime, zone: str) -> Iterator[str]:
    name = f"directory '{source.name}'"
    if source.fault:
        which = ", ".join(sorted(source.domains)) or "any domain"
        yield (
            f"{name} {source.fault}: nobody in it is known, and nobody of {which} counts whom"
            " no other file names"
        )
        return
    if source.read is not None and source.until is not None and in_utc(now) > source.until:
        local = source.read.astimezone(ZoneInfo(zone))
        yield (
            f"{name} was last read on {local.day} {local:%B %Y at %H:%M} ({zone}), which is too long"
            " ago: its lists count as unlisted, and the addresses that it gives people do not count"
        )
    if source.faults:
        count = len(source.faults)
        entries = "entry counts" if count == 1 else "entries count"
        yield f"{name}: {count} {entries} as unlisted; {_MORE}"
