"""What a regime asks of a list of people: how many, named how, for how long, on what grant.

A list that breaks the law it is kept under does not load.
"""

from __future__ import annotations

from datetime import date
from typing import Mapping, Sequence

from gateway.model.regime import Regime
from gateway.model.roster import Appointment, Role
from gateway.releases.entries import Entry

Pairs = Sequence[tuple[Entry, Appointment]]


def check_grant(entry: Entry, appointment: Appointment, regime: Regime) -> None:
    """Note a fault where an appointment breaks the terms of the regime's grants. One that is left
    open ends with them (`decide.roster`)."""
    if regime.exceptional_only and appointment.grant != "exceptional":
        entry.fault(
            "grant",
            f"grant: under {regime.id} nobody has access but by an exceptional grant",
            "write 'grant: exceptional' and the 'letter:' that was published",
        )
    if regime.grant_months is None:
        return
    terms = f"under {regime.id} a place on the list lasts {regime.grant_months} months"
    if appointment.starts is None:
        entry.fault("from", f"from: {terms}, so it must say when it begins", "add the day")
        return
    last = regime.last_day(appointment.starts)
    if last is not None and appointment.ends is not None and appointment.ends > last:
        hint = f"{last.isoformat()} is the last day; a new grant is a new appointment"
        entry.fault("to", f"to: {terms}", hint)


def check_limits(
    root: Entry, pairs: Pairs, roles: Mapping[str, Role], regime: Regime, day: date
) -> None:
    """Note a fault where the list of `day` names more people, or others, than the regime lets it."""
    _check_people(root, pairs, regime, day)
    _check_organisations(root, pairs, roles, regime, day)
    if regime.recipients == "individuals":
        named = {appointment.role for _, appointment in pairs}
        for role in roles.values():
            if role.id not in named:
                root.fault(
                    "roles",
                    f"roles: nobody is named for '{role.title}', and {regime.id} gives access to"
                    " identifiable individuals only",
                    "add an appointment, or take the role out",
                )


def _check_people(root: Entry, pairs: Pairs, regime: Regime, day: date) -> None:
    people = {one.address for _, one in pairs if _holds(one, regime, day)}
    if regime.people is not None and len(people) > regime.people:
        root.fault(
            "appointments",
            f"appointments: {len(people)} people on {day.isoformat()}, and {regime.id} allows"
            f" {regime.people}",
            "end appointments that are not needed",
        )


def _check_organisations(
    root: Entry, pairs: Pairs, roles: Mapping[str, Role], regime: Regime, day: date
) -> None:
    """Those of no stated organisation are one: nobody can show that they are of several."""
    if regime.per_organisation is None:
        return
    people: dict[str, set[str]] = {}
    for _, one in pairs:
        if _holds(one, regime, day) and one.role in roles:
            people.setdefault(roles[one.role].organisation, set()).add(one.address)
    for organisation, addresses in people.items():
        if len(addresses) > regime.per_organisation:
            whose = f"of {organisation}" if organisation else "of no stated organisation"
            root.fault(
                "appointments",
                f"appointments: {len(addresses)} people {whose} on {day.isoformat()}, and"
                f" {regime.id} allows {regime.per_organisation} an organisation",
                "end appointments that are not needed",
            )


def _holds(appointment: Appointment, regime: Regime, day: date) -> bool:
    starts, ends = appointment.starts or day, appointment.ends or day
    last = regime.last_day(appointment.starts) if appointment.starts else None
    return starts <= day <= min(ends, last or ends)
