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
    held: dict[str, list[tuple[Entry, Appointment]]] = {}
    for pair in appointments:
        held.setdefault(pair[1].role, []).append(pair)
    on_duty: dict[str, list[tuple[Entry, Shift]]] = {}
    for turn in shifts:
        on_duty.setdefault(turn[1].role, []).append(turn)
    for role in dict.fromkeys((*held, *on_duty)):
        once = _unique(held.get(role, ()))
        holders: list[tuple[Entry, Appointment | Shift]] = [*once, *on_duty.get(role, ())]
        # Most roles never had more people than they may have: their days need no comparing.
        if len(holders) > (count := roles[role].count):
            whose = [(entry, one, who(directory, one.address)) for entry, one in holders]
            if len({person for _, _, person in whose}) > count:
                _check_count([_term(*one, zone) for one in whose], roles[role])


def _unique(pairs: Appointments) -> Appointments:
    if len(pairs) < 2:
        return pairs
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


def _term(entry: Entry, held: Appointment | Shift, who: str, zone: str) -> _Term:
    """As instants; an appointment's are whole days in the release's zone."""
    if isinstance(held, Shift):
        begins = held.starts.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")
        return _Term(held.starts, held.ends, entry, who, f"at {begins}")
    first, last = held.starts, held.ends
    return _Term(
        _midnight(first, zone) if first else datetime.min.replace(tzinfo=UTC),
        _midnight(last + timedelta(days=1), zone) if last else datetime.max.replace(tzinfo=UTC),
        entry,
        who,
        f"on {first.isoformat()}" if first else "from the start",
    )


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _check_count(terms: list[_Term], role: Role) -> None:
    """Walk through the instants at which somebody begins: that is where a role can overflow."""
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
