"""What a regime asks of a list of people: how many, named how, for how long, on what grant.

A list that breaks the law it is kept under does not load.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Iterator, Mapping
from zoneinfo import ZoneInfo

from gateway.model.people import Directory
from gateway.model.regime import Regime
from gateway.model.roster import Appointment, Role, Roster
from gateway.releases.entries import Entry
from gateway.releases.holders import who


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


@dataclass(frozen=True, slots=True)
class _Named:
    """Somebody whom the list of the day names: by an address, then as `holders.who` calls them."""

    role: str
    who: str


def check_limits(
    root: Entry, id: str, roster: Roster, regime: Regime, directory: Directory, zone: str, day: date
) -> None:
    """Note a fault where the list of `day` names more people, or others, than the regime lets it."""
    if regime.people is not None or regime.per_organisation is not None:
        named = _getting(id, roster, regime, directory, zone, day)
        _check_people(root, named, regime, day)
        _check_organisations(root, named, roster.roles, regime, day)
    if regime.recipients == "individuals":
        held = {one.role for one in roster.appointments} | {turn.role for turn in roster.shifts}
        for role in roster.roles.values():
            if role.id not in held:
                root.fault(
                    "roles",
                    f"roles: nobody is named for '{role.title}', and {regime.id} gives access to"
                    " identifiable individuals only",
                    "add an appointment, or take the role out",
                )


def _getting(
    id: str, roster: Roster, regime: Regime, directory: Directory, zone: str, day: date
) -> list[_Named]:
    """Everybody who gets to know on that day."""
    listed = [*_appointed(roster, regime, directory, day), *_on_duty(roster, zone, day)]
    listed += _acting(id, roster, directory, listed, day)
    return [
        _Named(one.role, who(directory, address))
        for one in listed
        for address in _readers(one.who, roster, directory)
    ]


def _appointed(roster: Roster, regime: Regime, directory: Directory, day: date) -> Iterator[_Named]:
    """Holders, and the substitutes of those who are away: the place of the holder goes on."""
    for one in roster.appointments:
        starts, ends = one.starts or day, one.ends or day
        last = regime.last_day(one.starts) if one.starts else None
        if starts <= day <= min(ends, last or ends):
            yield _Named(one.role, one.address)
            if _is_away(directory, one.address, day):
                yield from (_Named(one.role, address) for address in one.substitutes)


def _is_away(directory: Directory, address: str, day: date) -> bool:
    return any(
        absence.starts <= day <= absence.ends
        for alias in directory.aliases(address)
        for absence in directory.absent.get(alias, ())
    )


def _acting(
    id: str, roster: Roster, directory: Directory, listed: list[_Named], day: date
) -> list[_Named]:
    """Delegates of whoever the list names: each of them is one more, in the principal's role."""
    roles = {who(directory, one.who): one.role for one in listed}
    return [
        _Named(roles[principal], one.delegate)
        for one in (*roster.delegations, *directory.delegations)
        if (principal := who(directory, one.principal)) in roles
        and (not one.releases or id in one.releases)
        and (one.starts or day) <= day <= (one.ends or day)
    ]


def _readers(address: str, roster: Roster, directory: Directory) -> tuple[str, ...]:
    """Who gets it there: everybody who reads a mailbox whose own place counts. The readers of any
    other mailbox must be on the list themselves."""
    boxes = [*roster.shared.get(address, ())]
    if address in directory.mailboxes:
        boxes.append(directory.mailboxes[address])
    if boxes and not any(box.all_must_be_listed for box in boxes):
        return tuple(reader for box in boxes for reader in box.readers)
    return (address,)


def _on_duty(roster: Roster, zone: str, day: date) -> Iterator[_Named]:
    """Whoever has a turn on that day: each of them gets to know."""
    here = ZoneInfo(zone)
    for turn in roster.shifts:
        if turn.starts.astimezone(here).date() <= day <= turn.ends.astimezone(here).date():
            yield _Named(turn.role, turn.address)


def _check_people(root: Entry, named: list[_Named], regime: Regime, day: date) -> None:
    people = {one.who for one in named}
    if regime.people is not None and len(people) > regime.people:
        root.fault(
            "appointments",
            f"appointments: {len(people)} people on {day.isoformat()}, and {regime.id} allows"
            f" {regime.people}",
            "end appointments that are not needed",
        )


def _check_organisations(
    root: Entry, named: list[_Named], roles: Mapping[str, Role], regime: Regime, day: date
) -> None:
    """Those of no stated organisation are one: nobody can show that they are of several."""
    if regime.per_organisation is None:
        return
    people: dict[str, set[str]] = {}
    for one in named:
        people.setdefault(roles[one.role].organisation, set()).add(one.who)
    for organisation, found in people.items():
        if len(found) > regime.per_organisation:
            whose = f"of {organisation}" if organisation else "of no stated organisation"
            root.fault(
                "appointments",
                f"appointments: {len(found)} people {whose} on {day.isoformat()}, and"
                f" {regime.id} allows {regime.per_organisation} an organisation",
                "end appointments that are not needed",
            )
