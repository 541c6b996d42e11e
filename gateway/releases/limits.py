"""What a regime asks of a list of people: how many, named how, for how long, on what grant.

A list that breaks the law it is kept under does not load. A place on a list never lasts longer
than the regime's grants do: one without an end is given the regime's.
"""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date, timedelta
from typing import Mapping, Sequence

from gateway.model.regime import Regime
from gateway.model.roster import Appointment, Role
from gateway.releases.entries import Entry

Pairs = Sequence[tuple[Entry, Appointment]]


def granted(entry: Entry, appointment: Appointment, regime: Regime) -> Appointment:
    """The appointment as far as the regime's grants go; what breaks its terms is a fault."""
    if regime.exceptional_only and appointment.grant != "exceptional":
        entry.fault(
            "grant",
            f"grant: under {regime.id} nobody has access but by an exceptional grant",
            "write 'grant: exceptional' and the 'letter:' that was published",
        )
    if regime.grant_months is None:
        return appointment
    terms = f"under {regime.id} a place on the list lasts {regime.grant_months} months"
    if appointment.starts is None:
        entry.fault("from", f"from: {terms}, so it must say when it begins", "add the day")
        return appointment
    last = _months_later(appointment.starts, regime.grant_months) - timedelta(days=1)
    if appointment.ends is None:
        return replace(appointment, ends=last, ended_by=terms)
    if appointment.ends > last:
        hint = f"{last.isoformat()} is the last day; a new grant is a new appointment"
        entry.fault("to", f"to: {terms}", hint)
    return appointment


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
    people = {one.address for _, one in pairs if _holds(one, day)}
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
        if _holds(one, day) and one.role in roles:
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


def _holds(appointment: Appointment, day: date) -> bool:
    return (appointment.starts or day) <= day <= (appointment.ends or day)


def _months_later(day: date, months: int) -> date:
    """The same day so many months on; where there is none, the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
