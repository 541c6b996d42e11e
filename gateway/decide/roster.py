"""May this address have this release at this instant, and why, in one plain sentence.

Default deny: who is not positively on the list is not on it. Exclusion beats expiry beats a
missing declaration beats listing. Nobody's standing depends on who else is on the message.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Iterable
from zoneinfo import ZoneInfo

from gateway.model.address import domain_of, is_usable, normalise_address
from gateway.model.instant import in_utc
from gateway.model.register import Register
from gateway.model.release import Release, Standing, Status
from gateway.model.roster import Appointment, Exclusion, Roster


def standing(register: Register, release: Release, address: str, at: datetime) -> Standing:
    """What the lists say about one address at one instant."""
    key = normalise_address(address)
    day = in_utc(at).astimezone(ZoneInfo(release.zone)).date()
    roster = release.roster

    def answer(status: Status, sentence: str, role: str | None = None) -> Standing:
        return Standing(address, release.id, status, sentence, role)

    if not is_usable(key):
        return answer(
            "not-listed", "This is no address that a list can hold, so it counts as not listed."
        )
    bar = _exclusion(register.excluded.get(key, ()) + roster.excluded.get(key, ()), day)
    if bar:
        until = f"until the start of {_day(bar.until)}" if bar.until else "until further notice"
        return answer("excluded", f"They are excluded from pre-release lists {until}.")
    if key in roster.production_team:
        return answer("production", "They are in the production team.")
    if key in roster.quality_assurers:
        return answer("production", "They are a quality assurer of this release.")
    mine = roster.appointed.get(key, ())
    if not mine:
        return answer("not-listed", "They are not on the list for this release.")
    return answer(*_appointed(release, mine, day, at))


def domain_class(register: Register, address: str, own: Iterable[str] = ()) -> str:
    """internal, government, webmail, media, partner or unknown: the nearest listed parent's.

    `own` are domains that are internal whatever the register says.
    """
    domain = domain_of(address)
    own = frozenset(own)
    while domain:
        if domain in own:
            return "internal"
        found = register.domains.get(domain)
        if found:
            return found
        domain = domain.partition(".")[2]
    return "unknown"


def _exclusion(entries: tuple[Exclusion, ...], day: date) -> Exclusion | None:
    """The exclusion in force that lasts longest; it ends at the start of `until`."""
    running = [e for e in entries if e.starts <= day and (e.until is None or day < e.until)]
    return max(running, key=lambda e: e.until or date.max, default=None)


def _appointed(
    release: Release, mine: tuple[Appointment, ...], day: date, at: datetime
) -> tuple[Status, str, str]:
    """The best appointment that is in force counts; without one, the most recent that ended."""
    roster = release.roster
    current = [a for a in mine if _started(a, day) and not _ended(a, day)]
    for appointment in current:
        if _declared(roster, appointment, day):
            return _listed(release, appointment, at)
    if current:
        return _undeclared(roster, current[0], day)
    ended = [a for a in mine if _ended(a, day)]
    if ended:
        last = max(ended, key=lambda a: a.ends or date.max)
        sentence = f"Their appointment as {_title(roster, last)} ended on {_day(last.ends)}."
        return "expired", sentence, last.role
    first = min(mine, key=lambda a: a.starts or date.min)
    sentence = f"Their appointment as {_title(roster, first)} only starts on {_day(first.starts)}."
    return "not-yet", sentence, first.role


def _listed(release: Release, appointment: Appointment, at: datetime) -> tuple[Status, str, str]:
    title = _title(release.roster, appointment)
    opens = release.opens
    if in_utc(at) >= opens:
        return "listed", f"They are on the list as {title}.", appointment.role
    when = opens.astimezone(ZoneInfo(release.zone))
    sentence = (
        f"They are on the list as {title}, but pre-release access only opens on"
        f" {_day(when.date())} at {when:%H:%M} ({release.zone})."
    )
    return "not-yet", sentence, appointment.role


def _undeclared(roster: Roster, appointment: Appointment, day: date) -> tuple[Status, str, str]:
    declaration = appointment.declaration
    if declaration is None:
        what = "they have not signed the declaration"
    elif declaration.expires is not None and declaration.expires < day:
        what = f"their declaration lapsed after {_day(declaration.expires)}"
    else:
        what = f"their declaration only counts from {_day(declaration.signed)}"
    sentence = f"They are on the list as {_title(roster, appointment)}, but {what}."
    return "missing-declaration", sentence, appointment.role


def _declared(roster: Roster, appointment: Appointment, day: date) -> bool:
    """A declaration that is there must be current, even where none is required."""
    declaration = appointment.declaration
    if declaration is None:
        return not roster.declaration_required
    return declaration.signed <= day and (declaration.expires is None or day <= declaration.expires)


def _started(appointment: Appointment, day: date) -> bool:
    return appointment.starts is None or appointment.starts <= day


def _ended(appointment: Appointment, day: date) -> bool:
    return appointment.ends is not None and appointment.ends < day


def _title(roster: Roster, appointment: Appointment) -> str:
    role = roster.roles.get(appointment.role)
    return role.title if role else appointment.role


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "a later day"
