"""What is worth a look about the people of one list: places that never count, or not as they seem."""

from __future__ import annotations

from typing import Iterator

from gateway.model.people import Directory
from gateway.model.register import Register
from gateway.model.roster import Roster


def of_people(register: Register, roster: Roster) -> Iterator[str]:
    """Warnings, one sentence each."""
    known = register.directory
    named = {
        *(appointment.address for appointment in roster.appointments),
        *(shift.address for shift in roster.shifts),
        *roster.production_team,
        *roster.quality_assurers,
    }
    shared = {mailbox.address for mailbox in roster.mailboxes} | known.mailboxes.keys()
    for address in sorted(named):
        yield from _of_address(address, known, shared)
    for appointment in roster.appointments:
        person = known.person_of.get(appointment.address)
        if person and person.left and appointment.starts and person.left < appointment.starts:
            yield (
                f"{person.name} left on {person.left.isoformat()}, before the appointment of"
                f" {appointment.starts.isoformat()} begins, so that it never counts"
            )


def _of_address(address: str, known: Directory, shared: set[str]) -> Iterator[str]:
    if "+" in address.partition("@")[0]:
        yield f"{address} has a +tag, which no list knows: write the address without it"
    elif address in known.groups or address in shared:
        yield (
            f"{address} is read by several people, so that what counts is whether each of them is"
            " on the list"
        )
    elif known.complete and address not in known.person_of:
        yield f"nobody in the directory has {address}, so that it does not count"
