"""Checks the appointments of one release against each other.

The published list says how many people hold a role: on no day may the private list have more.
"""

from __future__ import annotations

from datetime import date
from typing import Mapping, Sequence

from gateway.model.roster import Appointment, Role
from gateway.releases.entries import Entry


def check_appointments(
    pairs: Sequence[tuple[Entry, Appointment]], roles: Mapping[str, Role]
) -> None:
    """Note a fault at every duplicate, and where a role first has more people than it may."""
    for role in roles.values():
        mine = [pair for pair in pairs if pair[1].role == role.id]
        unique: list[tuple[Entry, Appointment]] = []
        for entry, appointment in mine:
            if any(_same_person(appointment, other) for _, other in unique):
                entry.fault(
                    "address",
                    "address: duplicate appointment of the same person to the same role",
                    "join the two, or let one end before the other begins",
                )
            else:
                unique.append((entry, appointment))
        _check_count(unique, role)


def _same_person(one: Appointment, other: Appointment) -> bool:
    apart = _last(one) < _first(other) or _last(other) < _first(one)
    return one.address == other.address and not apart


def _check_count(pairs: Sequence[tuple[Entry, Appointment]], role: Role) -> None:
    """Walk through the days on which somebody begins; that is where a role can overflow."""
    in_order = sorted(pairs, key=lambda pair: _first(pair[1]))
    holding: list[Appointment] = []
    for entry, appointment in in_order:
        day = _first(appointment)
        holding = [held for held in holding if _last(held) >= day]
        holding.append(appointment)
        if len(holding) > role.count:
            since = "from the start" if day == date.min else f"on {day.isoformat()}"
            entry.fault(
                "role",
                f"role: '{role.title}' is held by {len(holding)} people {since},"
                f" and the list has {role.count}",
                "end an appointment, or correct the role's 'count'",
            )


def _first(appointment: Appointment) -> date:
    return appointment.starts or date.min


def _last(appointment: Appointment) -> date:
    return appointment.ends or date.max
