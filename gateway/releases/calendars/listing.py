"""What is read of one calendar: its announcements, the faults of its entries, and what was doubtful.

Bounded in entries and in the length of each text; what lies beyond a bound was not read, and is
a fault.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Callable, Iterable

import orjson

from gateway.model.announcement import Announcement
from gateway.model.fault import Fault
from gateway.model.instant import in_utc
from gateway.model.release import ReleaseState
from gateway.releases.calendars.local_time import Moment
from gateway.releases.entries import Unfit

MAX_BYTES = 16_000_000
MAX_ENTRIES = 20_000
_LONGEST = 500
_MAX_FAULTS = 200
_MAX_CHANGES = 50


class NotACalendar(Exception):
    """The whole of it cannot be read as what it should be."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Listing:
    """One calendar while it is read. `file` is how it is called in faults."""

    def __init__(self, file: str, zone: str) -> None:
        self.file = file
        self.zone = zone
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self._found: dict[str, Announcement] = {}

    @property
    def announcements(self) -> tuple[Announcement, ...]:
        return tuple(self._found.values())

    def clear(self) -> None:
        self._found.clear()

    def fault(self, line: int, message: str, hint: str = "") -> None:
        if len(self.faults) < _MAX_FAULTS:
            self.faults.append(Fault(self.file, line, 0, message, hint))

    def note(self, message: str) -> None:
        if len(self.notes) < _MAX_FAULTS:
            self.notes.append(f"{self.file}: {message}")

    def entries(self, found: Iterable[Any]) -> Iterable[tuple[int, Any]]:
        """The entries with their numbers, from 1, as many as are read."""
        for number, entry in enumerate(found, 1):
            if number > MAX_ENTRIES:
                hint = "ask for those of the coming months only"
                raise NotACalendar(f"more than {MAX_ENTRIES} entries", hint)
            yield number, entry

    def add(
        self, place: str, key: Any, title: Any, moment: Moment | None, state: ReleaseState,
        changes: Iterable[datetime] = (), line: int = 0,
    ) -> None:  # fmt: skip
        """One entry. What makes it impossible to find (no key, no title) is a fault."""
        key, title = text(key), text(title)
        if not key or not title:
            lacking = "key" if not key else "title"
            self.fault(line, f"{place}: it has no {lacking}", "nothing can be matched to it")
            return
        one = Announcement(
            key, title, moment.instant if moment else None, state,
            tuple(changes)[:_MAX_CHANGES], moment.since if moment else None,
        )  # fmt: skip
        if moment and moment.note:
            self.note(f"{place} “{title}”: {moment.note}")
        known = self._found.get(key)
        if known is not None and known != one:
            self.note(f"{place} “{title}”: it stands there twice; the later instant counts")
            one = _strictest(known, one)
        self._found[key] = one

    def dated(
        self, place: str, read: Callable[..., Moment | None], *given: Any, line: int = 0
    ) -> Moment | None:
        """A moment, or None with a fault where it cannot be read."""
        try:
            return read(*given)
        except Unfit as unfit:
            self.fault(line, f"{place}: {unfit}; nothing is confirmed by it", unfit.hint)
            return None


def _strictest(one: Announcement, other: Announcement) -> Announcement:
    """Of two entries with one key: the later, the one without a date, the one that is called off."""
    state = next((each.state for each in (one, other) if each.suspended), other.state)
    changes = tuple(dict.fromkeys((*one.changes, *other.changes)))[:_MAX_CHANGES]
    if one.instant is None or other.instant is None:
        return replace(other, instant=None, since=None, state=state, changes=changes)
    later = max(one, other, key=lambda each: in_utc(each.instant or datetime.max))
    return replace(later, state=state, changes=changes)


def text(value: Any) -> str:
    """One printable line, bounded; "" for whatever is no text."""
    if not isinstance(value, str):
        return ""
    return "".join(c if c.isprintable() else " " for c in " ".join(value[:_LONGEST].split()))


def json_of(content: bytes) -> Any:
    """Raises NotACalendar."""
    try:
        # Depth is bounded by the parser itself.
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        message = f"not JSON: line {error.lineno}, column {error.colno}"
        raise NotACalendar(message, "a page of the web in its place?") from None
