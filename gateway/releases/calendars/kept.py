"""What the keeper keeps of a calendar: one file, replaced as a whole.

It has what the calendar announced, the instant at which it was fetched, and what a server called
this version of it. Entries that leave the calendar stay in it with the instant at which they were
last seen: absence is not cancellation, and one that had moved has not moved back.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Iterable, cast, get_args

import orjson

from gateway.model.announcement import Announcement
from gateway.model.fault import Fault
from gateway.model.instant import in_utc, lies_ahead
from gateway.model.release import ReleaseState

_MAX_BYTES = 64_000_000
_FORGOTTEN = timedelta(days=400)
_A_DAY = timedelta(days=1)
_MAX_REMEMBERED = 20_000
_MAX_CHANGES = 50
_STATES = get_args(ReleaseState)


class NotKept(Exception):
    """There is a snapshot, and it cannot be read."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`asked` is what was asked for; `tag` and `modified` are the server's ETag and Last-Modified."""

    asked: str
    read: datetime
    announcements: tuple[Announcement, ...]
    tag: str = ""
    modified: str = ""
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def remembering(
    before: Kept | None, announcements: Iterable[Announcement], read: datetime
) -> tuple[Announcement, ...]:
    """What a calendar announces now, with what it announced before of each, and what it left out."""
    known = {one.key: one for one in before.announcements} if before else {}
    found = [_with_past(one, known.pop(one.key, None)) for one in announcements]
    if before is None:
        return tuple(found)
    gone = [replace(one, seen=one.seen or before.read) for one in known.values()]
    gone = [one for one in gone if one.seen and in_utc(read) - in_utc(one.seen) < _FORGOTTEN]
    return (*found, *gone[:_MAX_REMEMBERED])


def _with_past(one: Announcement, before: Announcement | None) -> Announcement:
    if before is None:
        return one
    past = [*one.changes, *before.changes]
    if before.instant and (before.instant, before.since) != (one.instant, one.since):
        past.insert(0, before.since or before.instant)
    return replace(one, changes=tuple(dict.fromkeys(map(in_utc, past)))[:_MAX_CHANGES])


def not_ahead(kept: Kept, now: datetime) -> Kept:
    """The same, with nothing in it seen after `now`: what says so was seen so long ago that it
    confirms nothing, and is just remembered."""
    long_ago = in_utc(now) - _FORGOTTEN + _A_DAY
    found = tuple(
        replace(one, seen=long_ago) if one.seen and lies_ahead(one.seen, now) else one
        for one in kept.announcements
    )
    read = long_ago if lies_ahead(kept.read, now) else kept.read
    return replace(kept, read=read, announcements=found)


def write_kept(path: Path, kept: Kept) -> None:
    """Replace the snapshot in one step. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f".{path.name}.new")
    document = {
        "asked": kept.asked,
        "read": kept.read,
        "tag": kept.tag,
        "modified": kept.modified,
        "notes": kept.notes,
        "faults": [[f.file, f.line, f.column, f.message, f.hint] for f in kept.faults],
        "announcements": [_written(one) for one in kept.announcements],
    }
    with new.open("wb") as opened:
        opened.write(orjson.dumps(document, option=orjson.OPT_INDENT_2))
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(path)


def read_kept(path: Path) -> Kept | None:
    """The snapshot; None where there is none. Raises NotKept."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise NotKept(f"larger than {_MAX_BYTES} bytes")
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotKept(error.strerror or "cannot be read") from None
    try:
        said = orjson.loads(content)
        return Kept(
            str(said["asked"]),
            _instant(said["read"]),
            tuple(map(_announcement, said["announcements"])),
            str(said["tag"]),
            str(said["modified"]),
            tuple(Fault(*fault) for fault in said["faults"]),
            tuple(map(str, said["notes"])),
        )
    except (ValueError, TypeError, KeyError, OverflowError):
        raise NotKept("not a snapshot that the keeper wrote") from None


def _written(one: Announcement) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": one.title,
        "instant": one.instant,
        "state": one.state,
        "changes": one.changes,
        "since": one.since,
        "seen": one.seen,
    }


def _announcement(said: dict[str, Any]) -> Announcement:
    if said["state"] not in _STATES:
        raise ValueError("unknown state")
    return Announcement(
        str(said["key"]),
        str(said["title"]),
        _maybe(said["instant"]),
        cast(ReleaseState, said["state"]),
        tuple(map(_instant, said["changes"])),
        _maybe(said["since"]),
        _maybe(said["seen"]),
    )


def _instant(said: str) -> datetime:
    return in_utc(datetime.fromisoformat(said))


def _maybe(said: str | None) -> datetime | None:
    return None if said is None else _instant(said)
