"""Remarks about a list as a whole: empty roles, copies, reviews, growth, the published titles."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Iterator, Sequence
from zoneinfo import ZoneInfo

from gateway.model.edition import earlier
from gateway.model.instant import in_utc
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.model.roster import Appointment
from gateway.releases.hygiene.remark import Circumstances, Remark
from gateway.releases.titles import nearest, same_title
from gateway.releases.wording import day, listed, quoted

REVIEW = timedelta(days=14)
"""A list is looked through so shortly before its window opens."""

_SAME = 0.95
_TOO_FEW = 3
"""Lists that are shorter are alike by chance."""


def of_list(
    register: Register, release: Release, now: datetime, known: Circumstances
) -> Iterator[Remark]:
    yield from _vacant(release)
    yield from _reviewed(release, now)
    yield from _cloned(register, release)
    yield from _grown(register, release)
    if release.id in known.published:
        yield from _published(release, known.published[release.id])
    elif release.published:
        sentence = f"Its published list {release.published} could not be read, and is not compared."
        yield Remark(release.id, "published", sentence, warning=False)


def _vacant(release: Release) -> Iterator[Remark]:
    on = _day(release)
    held = {one.role for one in release.roster.appointments if _holds(one, on)}
    held |= {shift.role for shift in release.roster.shifts}
    for role in release.roster.roles.values():
        if role.id not in held:
            sentence = f"Nobody holds the role {quoted(role.title)} on {day(on)}."
            yield Remark(release.id, "vacant", sentence, role=role.id)


def _reviewed(release: Release, now: datetime) -> Iterator[Remark]:
    today = now.astimezone(ZoneInfo(release.zone)).date()
    if release.reviewed and release.reviewed > today:
        sentence = f"It is marked as reviewed on {day(release.reviewed)}, which is still to come."
        yield Remark(release.id, "review", sentence)
    due = release.opens - REVIEW <= in_utc(now) < in_utc(release.instant)
    if _is_reviewed(release) or not due:
        return
    last = (
        f"was last reviewed on {day(release.reviewed)}" if release.reviewed else "was not reviewed"
    )
    sentence = (
        f"The list {last}, and it counts from {day(_opens(release))}: look through it, then write"
        " 'reviewed: DAY' under 'release:'."
    )
    yield Remark(release.id, "review", sentence)


def _is_reviewed(release: Release) -> bool:
    return release.reviewed is not None and release.reviewed >= _opens(release) - REVIEW


def _opens(release: Release) -> date:
    return release.opens.astimezone(ZoneInfo(release.zone)).date()


def _cloned(register: Register, release: Release) -> Iterator[Remark]:
    """A list that was copied from another carries its previous post-holders along."""
    mine = _places(release)
    if _is_reviewed(release) or len(mine) < _TOO_FEW:
        return
    # Of so many of its places a copy has at least one: nearly every other list is ruled out by them.
    some = [address for _, address in islice(mine, int((1 - _SAME) * len(mine)) + 1)]
    for other in reversed(register.in_order):
        if other.id == release.id or in_utc(other.instant) >= in_utc(release.instant):
            continue
        if not any(address in other.roster.appointed for address in some):
            continue
        yours = _places(other)
        shared = len(mine & yours)
        if shared >= _SAME * max(len(mine), len(yours)):
            sentence = (
                f"The list is that of {other.id} ({shared} of {len(mine)} places are the same) and"
                f" nobody has reviewed it since: does everybody still hold their post?"
            )
            yield Remark(release.id, "cloned", sentence)
            return


def _places(release: Release) -> set[tuple[str, str]]:
    roles = release.roster.roles
    return {
        (roles[one.role].title.casefold() if one.role in roles else one.role, one.address)
        for one in release.roster.appointments
    }


def _grown(register: Register, release: Release) -> Iterator[Remark]:
    before = next(iter(earlier(register, release)), None)
    if before is None:
        return
    mine, yours = _people(register, release), _people(register, before)
    many, were = len(set().union(*mine.values())), len(set().union(*yours.values()))
    grown = [
        f"{name or 'no organisation'} from {len(yours.get(name, ()))} to {len(people)}"
        for name, people in mine.items()
        if len(people) > len(yours.get(name, ()))
    ]
    if many > were or grown:
        change = f"has grown from {were} to {many} people" if many > were else "has grown in parts"
        by = f" ({listed(grown)})" if grown else ""
        sentence = f"Since {before.id} the list {change}{by}: is each of them needed?"
        yield Remark(release.id, "grown", sentence)


def _people(register: Register, release: Release) -> dict[str, set[str]]:
    """Who is on the list on the day of publication, by the organisation of their role."""
    found: dict[str, set[str]] = {}
    for one in release.roster.appointments:
        if _holds(one, _day(release)):
            role = release.roster.roles.get(one.role)
            person = register.directory.person_of.get(one.address)
            who = person.id if person else one.address
            found.setdefault(role.organisation if role else "", set()).add(who)
    return found


def _published(release: Release, titles: Sequence[str]) -> Iterator[Remark]:
    """The titles that the public was told of against those of the private list."""
    roles = [role.title for role in release.roster.roles.values()]
    missing = [title for title in titles if not any(same_title(title, one) for one in roles)]
    unpublished = [
        role
        for role in release.roster.roles.values()
        if not any(same_title(role.title, title) for title in titles)
    ]
    for role in unpublished:
        like = nearest(role.title, missing)
        says = f"which has {quoted(like)}" if like else "which has nothing like it"
        sentence = f"The title {quoted(role.title)} is not on the published list, {says}."
        yield Remark(release.id, "published", sentence, role=role.id)
        if like:
            missing.remove(like)
    for title, many in Counter(missing).items():
        times = f" ({many} times)" if many > 1 else ""
        sentence = f"The published list has {quoted(title)}{times}, and no role of this list does."
        yield Remark(release.id, "published", sentence)


def _day(release: Release) -> date:
    return release.instant.astimezone(ZoneInfo(release.zone)).date()


def _holds(appointment: Appointment, on: date) -> bool:
    return (appointment.starts or on) <= on <= (appointment.ends or on)
