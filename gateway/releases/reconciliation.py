"""The register and the calendars of announcements -> the register that counts.

- Where the two disagree the later instant counts, and what either calls off stays under embargo,
  until people have made them agree. No calendar ever shortens an embargo.
- A release that names its calendar waits for it: where it was not read late enough, does not know
  the release or gives no day, the instant does not end the embargo.
- A title is a guess: it matches one announcement within 45 days or it is a conflict.
- Once a release has come out it may leave its calendar, and is not missed there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Iterable, Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from gateway.model.announcement import Announcement, Conflict, Snapshot
from gateway.model.instant import in_utc
from gateway.model.register import Register
from gateway.model.release import CalendarEntry, Release
from gateway.releases.approval import effective
from gateway.releases.titles import letters
from gateway.releases.wording import moment

_NEAR = timedelta(days=45)


def reconciled(register: Register, snapshots: Sequence[Snapshot]) -> Register:
    """The register by which decisions are made, with every conflict that was found."""
    calendars = {snapshot.name: _Calendar(snapshot) for snapshot in snapshots}
    conflicts: list[Conflict] = []
    releases: dict[str, Release] = {}
    titles: dict[str, list[Release]] = {}
    for release in register.releases.values():
        titles.setdefault(letters(release.title), []).append(release)
    for id, release in register.releases.items():
        others = [one for one in titles[letters(release.title)] if one is not release]
        findings = list(_findings(release, others, calendars))
        releases[id] = _settled(release, findings) if findings else release
        conflicts += [
            Conflict(id, finding.calendar, finding.conflict)
            for finding in findings
            if finding.conflict
        ]
    approved = register.approved and reconciled(register.approved, snapshots)
    if approved is register.approved and all(
        releases[id] is release for id, release in register.releases.items()
    ):
        return register
    if approved is not None:
        approved = replace(approved, conflicts=())
        releases |= {
            id: _agreed(before, releases[id])
            for id, before in approved.releases.items()
            if id in releases
        }
    return replace(
        register,
        releases=releases,
        conflicts=tuple(conflicts),
        approved=approved,
        digest=_digest(register, releases.values()),
    )


def _agreed(approved: Release, changed: Release) -> Release:
    """The stricter of two versions that calendars were asked about one by one: a change that
    nobody has approved takes no release away from the calendar that announces it."""
    both = effective(approved, changed)
    entries = [one.calendar for one in (changed, approved) if one.calendar is not None]
    calendar = max(entries, key=lambda entry: _weight(entry, both.instant), default=None)
    return replace(both, calendar=calendar)


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one calendar says of a release: the entry, and the conflict with the register if any.
    `named` is whether the release's file names the calendar."""

    calendar: str
    entry: CalendarEntry
    conflict: str = ""
    named: bool = False


class _Calendar:
    """A snapshot with its entries by their keys and titles."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._keys: dict[str, Announcement] = {}
        self._titles: dict[str, list[Announcement]] = {}
        ends: dict[str, list[Announcement]] = {}
        for one in snapshot.announcements:
            self._keys[_key(one.key)] = one
            ends.setdefault(_key(one.key).rpartition("/")[2], []).append(one)
            self._titles.setdefault(letters(one.title), []).append(one)
        # The last part of an address is what people copy; it counts where it is nobody else's.
        self._ends = {end: found[0] for end, found in ends.items() if len(found) == 1}

    def by_key(self, key: str) -> Announcement | None:
        return self._keys.get(_key(key)) or self._ends.get(_key(key))

    def by_title(self, release: Release, others: Sequence[Release]) -> list[Announcement]:
        """The announcement that this must be, or several that it may be. `others` are the
        releases of the same title; what is announced for their days is theirs."""
        at = in_utc(release.instant)
        near = [
            one
            for one in self._titles.get(letters(release.title), ())
            if one.instant is None or abs(in_utc(one.instant) - at) <= _NEAR
        ]
        if _is_out(release, self.snapshot):
            # What has come out does not come out again: a later one is the next of its series.
            near = [one for one in near if one.instant and in_utc(one.since or one.instant) <= at]
        return (
            [one for one in near if _same_day(one, release)]
            or [one for one in near if any(_on(day, release) for day in one.changes)]
            or [one for one in near if not any(_same_day(one, other) for other in others)]
        )


def _findings(
    release: Release, others: Sequence[Release], calendars: Mapping[str, _Calendar]
) -> Iterator[_Finding]:
    if release.announced is not None:
        yield _by_key(release, release.announced.name, release.announced.key, calendars)
        return
    for name, calendar in calendars.items():
        found = calendar.by_title(release, others)
        if len(found) == 1:
            yield _compared(release, calendar.snapshot, found[0])
        elif found:
            keys = ", ".join(one.key for one in found[:5])
            yield _unclear(
                release, calendar.snapshot,
                f"the calendar {name} announces {len(found)} releases of its title",
                f"the calendar {name} announces {len(found)} releases of this title near its date;"
                f" name the right one in its file, as calendar: {{name: {name}, key: …}} ({keys})",
            )  # fmt: skip


def _by_key(release: Release, name: str, key: str, calendars: Mapping[str, _Calendar]) -> _Finding:
    calendar = calendars.get(name)
    if calendar is None:
        doubt = f"its file names the calendar {name}, which the configuration does not have"
        nothing = Snapshot(name, timedelta(0))
        return _unclear(
            release, nothing, doubt, f"{doubt}; known: {', '.join(calendars) or 'none'}"
        )
    snapshot = calendar.snapshot
    if snapshot.read is None:
        how = "cannot be read" if snapshot.faults else "was never read"
        return _unclear(release, snapshot, f"the calendar {name} {how}", "")
    found = calendar.by_key(key)
    if found is not None:
        return replace(_compared(release, snapshot, found), named=True)
    if _is_out(release, snapshot):
        said = release.instant
        entry = CalendarEntry(name, said, "published", snapshot.read, snapshot.valid)
        return _Finding(name, entry)
    doubt = f"the calendar {name} has no entry {key}"
    return _unclear(release, snapshot, doubt, f"{doubt}; correct the key in its file")


def _unclear(release: Release, snapshot: Snapshot, doubt: str, conflict: str) -> _Finding:
    state = release.state if release.suspended else "provisional"
    entry = CalendarEntry(
        snapshot.name, None, state, snapshot.read, snapshot.valid, doubt=doubt
    )  # fmt: skip
    if conflict:
        conflict += ". Until then the release stays under embargo."
    return _Finding(snapshot.name, entry, conflict)


def _compared(release: Release, snapshot: Snapshot, found: Announcement) -> _Finding:
    """What an announcement says, beside what the register says."""
    name, at = snapshot.name, in_utc(release.instant)
    said = release.instant if found.fits(release.instant) else found.instant
    read = found.seen or snapshot.read
    if found.seen and said and in_utc(said) <= at and _is_out(release, snapshot):
        read = snapshot.read
    doubt = "" if said else f"the calendar {name} gives no day for it"
    later = said is not None and in_utc(said) > at
    entry = CalendarEntry(
        name, said, found.state, read, snapshot.valid, release.instant if later else None, doubt
    )  # fmt: skip
    return _Finding(name, entry, _conflict(release, snapshot, entry))


def _conflict(release: Release, snapshot: Snapshot, entry: CalendarEntry) -> str:
    """What people have to resolve; "" where the two agree, or it is all over."""
    called_off = entry.state in ("postponed", "cancelled")
    if called_off != release.suspended:
        return _differing(release, entry, "it stays under embargo")
    if called_off or entry.instant is None:
        return ""
    if _is_over(release, snapshot, entry.instant):
        return ""
    if in_utc(entry.instant) != in_utc(release.instant):
        return _differing(release, entry, "the later instant counts")
    if entry.state == "published" and entry.read and in_utc(entry.read) < in_utc(release.instant):
        return (
            f"the calendar {entry.source} said on {moment(entry.read, release.zone)} that it was"
            f" published, before its instant, {moment(release.instant, release.zone)}. The register"
            " counts."
        )
    return ""


def _is_over(release: Release, snapshot: Snapshot, said: datetime) -> bool:
    """Whether both dates have passed and nobody is to be bothered with them any more."""
    if snapshot.read is None:
        return False
    ago = in_utc(snapshot.read) - max(in_utc(said), in_utc(release.instant))
    return ago >= (timedelta(0) if release.state == "published" else _NEAR)


def _differing(release: Release, entry: CalendarEntry, meanwhile: str) -> str:
    ours = f"the register says {release.state}, {moment(release.instant, release.zone)}"
    theirs = f"the calendar {entry.source} {entry.state}"
    if entry.instant:
        theirs += f", {moment(entry.instant, release.zone)}"
    return f"{ours}; {theirs}. Until they agree {meanwhile}."


def _settled(release: Release, findings: Iterable[_Finding]) -> Release:
    """The release with the latest instant, and called off where anything calls it off."""
    found = list(findings)
    zone = ZoneInfo(release.zone)
    instants = [release.instant, *(f.entry.instant for f in found if f.entry.instant)]
    instant = max(instants, key=in_utc)
    if instant is not release.instant:
        instant = in_utc(instant).astimezone(zone)
    state = release.state
    for finding in found:
        if finding.entry.state in ("postponed", "cancelled") and not release.suspended:
            state = finding.entry.state
    last = max(found, key=lambda finding: _weight(finding.entry, instant))
    if state in ("provisional", "confirmed") and last.named and _says_published(last, instant):
        state = "published"
    return replace(release, instant=instant, state=state, calendar=last.entry)


def _says_published(finding: _Finding, instant: datetime) -> bool:
    """Whether its own calendar was read after the instant and says that it has come out."""
    entry = finding.entry
    return (
        entry.state == "published"
        and entry.read is not None
        and in_utc(instant) <= in_utc(entry.read)
        and not entry.doubt
    )


def _weight(entry: CalendarEntry, instant: datetime) -> tuple[bool, bool, datetime]:
    """Of several calendars that may mean a release, the one that keeps it under embargo longest."""
    called_off = entry.state in ("postponed", "cancelled")
    at = in_utc(entry.instant) if entry.instant else in_utc(instant)
    return not entry.confirms(instant), called_off, at


def _is_out(release: Release, snapshot: Snapshot) -> bool:
    """Whether people recorded it as published, and the calendar was read after that could be."""
    return (
        release.state == "published"
        and snapshot.read is not None
        and in_utc(release.instant) <= in_utc(snapshot.read)
    )


def _same_day(one: Announcement, release: Release) -> bool:
    if one.instant is None:
        return False
    return one.fits(release.instant) or (one.since is None and _on(one.instant, release))


def _on(day: datetime, release: Release) -> bool:
    zone = ZoneInfo(release.zone)
    return day.astimezone(zone).date() == release.instant.astimezone(zone).date()


def _key(written: str) -> str:
    """A key as it is compared: without the server of an address, capitals and a last slash."""
    text = written.strip().casefold()
    if "://" in text:
        text = "/" + text.partition("://")[2].partition("/")[2]
    return text.rstrip("/")


def _digest(register: Register, releases: Iterable[Release]) -> str:
    """Names this reading; how old a snapshot is changes it only where it matters."""
    said = [
        f"{r.id} {in_utc(r.instant).isoformat()} {r.state} {r.unconfirmed}"
        for r in releases
        if r.calendar
    ]
    return hashlib.sha256("\n".join((register.digest, *said)).encode()).hexdigest()
