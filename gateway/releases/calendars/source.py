"""A calendar of the configuration, and its snapshot from disk.

A file of the department's own has the instant at which it was fetched in a file beside it, named
like it with `.read` behind: when a file was written tells nothing of how old its contents are. What
the keeper kept has that instant inside. What cannot be read, and never could, was never read; nor was
what says that it was read in the future, because it would confirm every instant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from gateway.model.announcement import Kind, Snapshot
from gateway.model.fault import Fault
from gateway.model.instant import in_utc, lies_ahead
from gateway.releases.calendars.kept import (
    Kept,
    NotKept,
    not_ahead,
    read_kept,
    remembering,
    write_kept,
)
from gateway.releases.calendars.kinds import read_calendar
from gateway.releases.calendars.listing import MAX_BYTES, Listing
from gateway.releases.compiled import Compiled

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)")
_READ_HINT = "write it there whenever the file is fetched: date -Is > {}"


@dataclass(frozen=True, slots=True)
class CalendarSource:
    """`file` is the department's own; without one the keeper's snapshot is at `kept`."""

    name: str
    kind: Kind
    zone: str
    valid: timedelta
    kept: Path
    file: Path | None = None
    url: str = ""

    @property
    def own_files(self) -> tuple[Path, ...]:
        """What people or their programs write: the calendar, and when it was fetched."""
        return (self.file, _beside(self.file)) if self.file else ()

    @property
    def asked(self) -> str:
        """What its snapshot is the answer to; another answer is of no use."""
        return f"{self.kind} {self.zone} {self.file or self.url}"


def read_snapshot(
    source: CalendarSource, now: datetime, compiled: Compiled | None = None
) -> Snapshot:
    """What is on disk of a calendar, none of which was read after `now`; never raises. What
    `compiled` remembers of the department's own file is not read again."""
    if source.file is None:
        return _kept_file(source, now)
    return _own_file(source, source.file, now, compiled or Compiled())


def remember(source: CalendarSource, now: datetime) -> None:
    """Keep what a file of the department's own says, for when it says so no longer, or nothing at
    all. Raises OSError."""
    if source.file is None:
        return
    snapshot = read_snapshot(source, now)
    if snapshot.read is None:
        return
    kept = Kept(source.asked, snapshot.read, snapshot.announcements)
    if kept != _before(source, now):
        write_kept(source.kept, kept)


def _own_file(
    source: CalendarSource, file: Path, now: datetime, compiled: Compiled
) -> Snapshot:  # fmt: skip
    """The file as it is, with what is remembered of it; or, where it cannot be read, what it said
    before, with the age of that."""
    faults: list[Fault] = []
    listing = _listing(source, file, faults, compiled)
    read, before = _fetched(file, now, faults), _before(source, now)
    found, notes = listing.announcements, tuple(listing.notes)
    if found and read is not None:
        found = remembering(before, found, read)
    elif before is not None:
        read, found = before.read, before.announcements
    elif not found:
        read = None
    return Snapshot(source.name, source.valid, read, found, tuple(faults), notes)


def _listing(
    source: CalendarSource, file: Path, faults: list[Fault], compiled: Compiled
) -> Listing:  # fmt: skip
    name = str(file)

    def content() -> bytes:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)

    try:
        listing = compiled.made(
            file, content, lambda raw: read_calendar(source.kind, raw, name, source.zone),
            None, "calendar", source.kind, source.zone, name,
        )  # fmt: skip
    except OSError as error:
        reason = error.strerror or "cannot be read"
        hint = f"it is the calendar '{source.name}'; check the path and its permissions"
        faults.append(Fault(name, 0, 0, reason, hint))
        return Listing(name, source.zone)
    faults += listing.faults
    return listing


def _before(source: CalendarSource, now: datetime) -> Kept | None:
    """What is kept of it, if that is of this very calendar."""
    try:
        kept = read_kept(source.kept)
    except NotKept:
        return None
    return not_ahead(kept, now) if kept and kept.asked == source.asked else None


def _fetched(file: Path, now: datetime, faults: list[Fault]) -> datetime | None:
    """When the file was fetched; None, with a fault, where nobody says so."""
    beside = _beside(file)
    try:
        with beside.open(encoding="ascii", errors="replace") as opened:
            said = opened.read(100).strip()
    except OSError:
        message = f"nobody says when {file.name} was fetched, so that it confirms nothing"
        faults.append(Fault(str(beside), 0, 0, message, _READ_HINT.format(beside)))
        return None
    try:
        if not _INSTANT.fullmatch(said):
            raise ValueError
        read = in_utc(datetime.fromisoformat(said))
    except (ValueError, OverflowError):
        message = "not an instant with an offset, such as 2027-03-16T06:00:00+00:00"
        faults.append(Fault(str(beside), 1, 0, message, _READ_HINT.format(beside)))
        return None
    if lies_ahead(read, now):
        message = f"{file.name} was not read yet at {said}, so that it confirms nothing"
        faults.append(Fault(str(beside), 1, 0, message, _READ_HINT.format(beside)))
        return None
    return read


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.read")


def _kept_file(source: CalendarSource, now: datetime) -> Snapshot:
    try:
        kept = read_kept(source.kept)
    except NotKept as error:
        hint = "delete it: the keeper fetches it anew"
        fault = Fault(str(source.kept), 0, 0, str(error), hint)
        return Snapshot(source.name, source.valid, faults=(fault,))
    if kept is None or kept.asked != source.asked:
        return Snapshot(source.name, source.valid)
    if lies_ahead(kept.read, now):
        message = f"it was not read yet at {kept.read.isoformat()}, so that it confirms nothing"
        fault = Fault(
            str(source.kept), 0, 0, message, "the keeper reads it anew when the clock is right"
        )
        return Snapshot(source.name, source.valid, faults=(fault,))
    kept = not_ahead(kept, now)
    return Snapshot(
        source.name, source.valid, kept.read, kept.announcements, kept.faults, kept.notes
    )
