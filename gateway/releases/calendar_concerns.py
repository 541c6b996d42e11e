"""What is worth a person's look in the calendars, and in what they say of the releases."""

from __future__ import annotations

from datetime import datetime
from typing import Iterable, Iterator

from gateway.model.announcement import Snapshot
from gateway.model.instant import in_utc
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.releases.wording import length


def of_snapshots(snapshots: Iterable[Snapshot], now: datetime) -> Iterator[str]:
    """Calendars that cannot be relied on at this moment, and what of them could not be read."""
    for snapshot in snapshots:
        name = f"the calendar {snapshot.name}"
        if snapshot.read is None:
            yield f"{name} was never read: it confirms no instant"
        elif snapshot.valid < in_utc(now) - in_utc(snapshot.read):
            ago = length((in_utc(now) - in_utc(snapshot.read)).total_seconds())
            yield f"{name} was last read {ago} ago: it confirms no instant until it is read again"
        yield from map(str, snapshot.faults)
        yield from snapshot.notes


def of_releases(register: Register, now: datetime) -> Iterator[str]:
    """Conflicts, and releases whose instant has passed without their calendar's confirming it."""
    for conflict in register.conflicts:
        yield f"{conflict.release}: CONFLICT: {conflict.sentence}"
    for release in register.releases.values():
        told = any(conflict.release == release.id for conflict in register.conflicts)
        if not told and release.calendar is not None:
            yield from _of(release, now)


def _of(release: Release, now: datetime) -> Iterator[str]:
    past = in_utc(release.instant) <= in_utc(now)
    if past and release.unconfirmed and not release.suspended:
        source = release.calendar.source if release.calendar else ""
        yield (
            f"{release.id}: its instant has passed, but it stays under embargo until the calendar"
            f" {source} is read and confirms it"
        )
    elif not past and release.announced is None and release.calendar is not None:
        yield (
            f"{release.id}: found in the calendar {release.calendar.source} by its title only; name"
            f" it in its file, as calendar: {{name: {release.calendar.source}, key: …}}"
        )
