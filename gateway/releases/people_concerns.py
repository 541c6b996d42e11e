"""What is worth a look about the people of one list: places that never count, or not as they seem."""

from __future__ import annotations

import re
import unicodedata
from typing import Iterable, Iterator, Mapping

from gateway.model.people import Directory, Mailbox
from gateway.model.register import Register
from gateway.model.roster import Appointment, Exclusion, Roster

_FUNCTIONS = frozenset(
    {"admin", "all", "branch", "briefing", "comms", "communications", "contact", "desk",
     "dissemination", "division", "duty", "enquiries", "group", "help", "helpdesk", "inbox", "info",
     "mailbox", "media", "news", "office", "outputs", "press", "private", "production", "ps",
     "publications", "publishing", "qa", "queries", "secretariat", "section", "shared", "staff",
     "statistics", "stats", "support", "team", "unit"}
)  # fmt: skip


def of_people(register: Register, roster: Roster) -> Iterator[str]:
    """Warnings, one sentence each."""
    known = register.directory
    named = {
        *(appointment.address for appointment in roster.appointments),
        *(shift.address for shift in roster.shifts),
        *roster.production_team,
        *roster.quality_assurers,
    }
    boxes = {**known.mailboxes, **{mailbox.address: mailbox for mailbox in roster.mailboxes}}
    working = roster.production_team | roster.quality_assurers
    for address in sorted(named):
        box = boxes.get(address)
        if not (box and address in working and working.issuperset(box.readers)):
            yield from _of_address(address, known, box)
    for address in sorted(working):
        if _sounds_shared(address, known, boxes):
            yield (
                f"{address} is given as working on it, and sounds as if others read it as well: if"
                " so, name them under 'mailboxes', or all of them may have it at any time"
            )
    yield from of_exclusions(roster.exclusions)
    for appointment in roster.appointments:
        if _sounds_shared(appointment.address, known, boxes):
            yield (
                f"{appointment.address} sounds as if several people read it: if so, name them under"
                " 'mailboxes', or nobody can tell who gets it"
            )
        yield from _of_place(appointment, boxes.get(appointment.address), roster)
        person = known.person_of.get(appointment.address)
        if person and person.left and appointment.starts and person.left < appointment.starts:
            yield (
                f"{person.name} left on {person.left.isoformat()}, before the appointment of"
                f" {appointment.starts.isoformat()} begins, so that it never counts"
            )


def of_exclusions(exclusions: Iterable[Exclusion]) -> Iterator[str]:
    """Exclusions that bar nobody."""
    for one in exclusions:
        if "+" in one.address.partition("@")[0]:
            yield (
                f"the exclusion of {one.address} bars that spelling alone, which is on no list"
                " anyway: write the address without its +tag"
            )


def _sounds_shared(address: str, known: Directory, boxes: Mapping[str, Mailbox]) -> bool:
    if address in known.person_of or address in known.groups or address in boxes:
        return False
    return not _FUNCTIONS.isdisjoint(re.split(r"[^a-z]+", address.partition("@")[0]))


def _of_place(
    appointment: Appointment, mailbox: Mailbox | None, roster: Roster
) -> Iterator[str]:  # fmt: skip
    """A mailbox whose own place counts lets in everybody who reads it."""
    role = roster.roles.get(appointment.role)
    if mailbox and role and not mailbox.all_must_be_listed and len(mailbox.readers) > role.count:
        yield (
            f"'{role.title}' is a place for {role.count}, and {appointment.address}, which holds"
            f" it, is read by {len(mailbox.readers)} people"
        )


def _of_two_alphabets(address: str) -> bool:
    """Whether a word of it has Latin letters beside Cyrillic or Greek ones, which look alike."""
    if address.isascii():
        return False
    scripts = {
        unicodedata.name(letter, "").partition(" ")[0] for letter in address.partition("@")[0]
    }
    return "LATIN" in scripts and not scripts.isdisjoint(("CYRILLIC", "GREEK"))


def _of_address(address: str, known: Directory, mailbox: Mailbox | None) -> Iterator[str]:
    if _of_two_alphabets(address):
        yield (
            f"{address} mixes letters of two alphabets that look alike, so that it is another address"
            " than it seems: type it anew"
        )
    if "+" in address.partition("@")[0]:
        yield f"{address} has a +tag, which no list knows: write the address without it"
    elif address in known.groups or (mailbox and mailbox.all_must_be_listed):
        yield (
            f"{address} is read by several people, so that what counts is whether each of them is"
            " on the list"
        )
    elif known.complete and mailbox is None and address not in known.person_of:
        yield f"nobody in the directory has {address}, so that it does not count"
