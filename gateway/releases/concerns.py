"""What is worth a person's look in a register that loads: warnings, never faults."""

from __future__ import annotations

from datetime import date, datetime
from typing import Iterator
from zoneinfo import ZoneInfo

from gateway.model.instant import in_utc
from gateway.model.regime import Regime
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.releases.calendar_concerns import of_releases
from gateway.releases.directory_concerns import of_directories
from gateway.releases.people_concerns import of_exclusions, of_people
from gateway.releases.series_concerns import of_series


def concerns(register: Register, now: datetime) -> tuple[str, ...]:
    """Warnings about releases that are still to come or not lifted, one sentence each."""
    found = [f"{r.id}: {text}" for r in register.releases.values() for text in _of(r, now)]
    found += [
        f"{r.id}: {text}"
        for r in register.releases.values()
        if r.regime in register.regimes
        for text in _by_law(r, register.regimes[r.regime], now)
    ]
    worded: dict[str, list[str]] = {}
    for release in register.releases.values():
        if release.banner:
            worded.setdefault(release.banner.casefold(), []).append(release.id)
    found += [
        f"{', '.join(ids)}: the same banner wording names none of them; add the instant to it"
        for ids in worded.values()
        if len(ids) > 1
    ]
    coming = [r for r in register.releases.values() if in_utc(now) < in_utc(r.instant)]
    found += [f"{r.id}: {text}" for r in coming for text in of_people(register, r.roster)]
    found += of_exclusions(register.exclusions)
    found += [
        f"{id}: {sentence}"
        for id, sentence in register.waiting.items()
        if id not in register.releases or not _is_over(register.releases[id], now)
    ]
    found += of_releases(register, now)
    found += of_directories(register, now)
    found += of_series(register, now)
    if not register.releases:
        found.append("there are no releases: no message belongs to any, and no list is asked")
    return tuple(found)


def _is_over(release: Release, now: datetime) -> bool:
    """Whether it is out, so that its list no longer matters."""
    past = in_utc(release.instant) <= in_utc(now)
    return past and not release.suspended and not release.unpublished


def _of(release: Release, now: datetime) -> Iterator[str]:
    past = in_utc(release.instant) <= in_utc(now)
    if past and release.state == "postponed":
        yield "postponed, and its instant has passed: it stays under embargo until it has a new one"
    if (
        past
        and release.lift == "instant-and-published"
        and release.state in ("provisional", "confirmed")
    ):
        yield "its instant has passed, but it stays under embargo until its state is 'published'"
    if not past and release.state == "published":
        yield "recorded as published, but its instant is still to come: the embargo runs until then"
    if past:
        return
    if release.delivery == "links-only" and not release.share_link:
        yield "its material goes out as a link, and no share_link says which: refusals cannot name it"
    if not release.contacts:
        yield "it has no contacts, so breach alerts reach the security officer only"
    day = release.instant.astimezone(ZoneInfo(release.zone)).date()
    for role in release.roster.roles.values():
        if not _is_held(release, role.id, day):
            yield f"nobody holds the role '{role.title}' on {day.isoformat()}"


def _by_law(release: Release, regime: Regime, now: datetime) -> Iterator[str]:
    """What its law leaves to agreement, and somebody should have agreed to."""
    if in_utc(release.instant) <= in_utc(now) or release.suspended:
        return
    if release.state == "provisional" and release.opens <= in_utc(now):
        yield "its list counts already, and its date is still provisional: confirm or move it"
    local = release.instant.astimezone(ZoneInfo(release.zone))
    if regime.usual_time is not None and local.time() != regime.usual_time:
        yield (
            f"it is due at {local:%H:%M}, and releases under {regime.id} come out at"
            f" {regime.usual_time:%H:%M}: is that agreed?"
        )
    day = local.date()
    if regime.calendar is not None and not regime.calendar.works(day):
        yield f"it is due on {local:%A} {day.isoformat()}, which is no working day"


def _is_held(release: Release, role: str, day: date) -> bool:
    """By an appointment, or by a turn of duty of which some is on that day."""
    zone = ZoneInfo(release.zone)
    return any(
        (held.starts or day) <= day <= (held.ends or day)
        for held in release.roster.appointments
        if held.role == role
    ) or any(
        turn.starts.astimezone(zone).date() <= day <= turn.ends.astimezone(zone).date()
        for turn in release.roster.shifts
        if turn.role == role
    )
