"""Checks who holds a role at the same time.

The published list says how many people hold a role: at no time may the private list have more. All
addresses of one person count once.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Mapping, NamedTuple, Sequence
from zoneinfo import ZoneInfo

from gateway.model.people import Directory
from gateway.model.roster import Appointment, Role, Shift
from gateway.releases.entries import Entry
from gateway.releases.holders import who

Appointments = Sequence[tuple[Entry, Appointment]]
Shifts = Sequence[tuple[Entry, Shift]]


class _Term(NamedTuple):
    """Somebody in a role, from an instant up to another, the last one excluded."""

    starts: datetime
    ends: datetime
    entry: Entry
    who: str
    since: str


def check_occupancy(
    appointments: Appointments, shifts: Shifts, roles: Mapping[str, Role], directory: Directory,
    zone: str,
) -> None:  # fmt: skip
    """Note a fault at every duplicate, and where a role first has more people than it may."""
    terms: dict[str, list[_Term]] = {}
    for entry, appointment in _unique(appointments):
        terms.setdefault(appointment.role, []).append(_days(entry, appointment, directory, zone))
    for entry, shift in shifts:
        since = f"at {shift.starts.astimezone(ZoneInfo(zone)).isoformat(timespec='minutes')}"
        term = _Term(shift.starts, shift.ends, entry, who(directory, shift.address), since)
        terms.setdefault(shift.role, []).append(term)
    for role, held in terms.items():
        _check_count(held, roles[role])


def _unique(pairs: Appointments) -> Appointments:
    kept: dict[tuple[str, str], list[tuple[Entry, Appointment]]] = {}
    for entry, appointment in pairs:
        before = kept.setdefault((appointment.role, appointment.address), [])
        if any(_overlap(appointment, other) for _, other in before):
            entry.fault(
                "address",
                "address: duplicate appointment of the same person to the same role",
                "join the two, or let one end before the other begins",
            )
        else:
            before.append((entry, appointment))
    return [pair for same in kept.values() for pair in same]


def _overlap(one: Appointment, other: Appointment) -> bool:
    apart = (one.ends or date.max) < (other.starts or date.min) or (
        (other.ends or date.max) < (one.starts or date.min)
    )
    return not apart


def _days(entry: Entry, appointment: Appointment, directory: Directory, zone: str) -> _Term:
    """Whole days in the release's zone, as instants."""
    first, last = appointment.starts, appointment.ends
    return _Term(
        _midnight(first, zone) if first else datetime.min.replace(tzinfo=UTC),
        _midnight(last + timedelta(days=1), zone) if last else datetime.max.replace(tzinfo=UTC),
        entry,
        who(directory, appointment.address),
        f"on {first.isoformat()}" if first else "from the start",
    )


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _check_count(terms: list[_Term], role: Role) -> None:
    """Walk through the instants at which somebody begins: that is where a role can overflow."""
    if len({term.who for term in terms}) <= role.count:
        return
    holding: list[_Term] = []
    for term in sorted(terms, key=lambda term: term.starts):
        holding = [held for held in holding if held.ends > term.starts]
        holding.append(term)
        people = len({held.who for held in holding})
        if people > role.count:
            term.entry.fault(
                "role",
                f"role: '{role.title}' is held by {people} people {term.since},"
                f" and the list has {role.count}",
                "end an appointment or a turn, or correct the role's 'count'",
            )
