"""A release of June 2020 and its lists, as short as a test can write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Iterable
from zoneinfo import ZoneInfo

from gateway.decide.roster import standing
from gateway.model.people import Declaration, Directory, Mailbox, Person
from gateway.model.register import Register
from gateway.model.release import Release, Standing
from gateway.model.roster import Appointment, Role, Roster, Shift

LONDON = ZoneInfo("Europe/London")
INSTANT = datetime(2020, 6, 4, 9, 30, tzinfo=LONDON)
IN_WINDOW = INSTANT - timedelta(hours=3)
ROLES = {
    "press": Role("press", "Media Officer", count=5),
    "chief": Role("chief", "Chief Economist"),
}
SIGNED = Declaration(date(2020, 1, 10), 3, date(2021, 1, 10))


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)  # type: ignore[arg-type]


def appointed(address: str, role: str = "press", **more: Any) -> Appointment:
    return Appointment(role, address, **more)


def turn(address: str, starts: datetime, ends: datetime, role: str = "press") -> Shift:
    return Shift(role, address, starts, ends)


def person(id: str, *addresses: str, **more: Any) -> Person:
    return Person(id, id.title(), addresses or (f"{id}@dept.example",), **more)


def mailbox(address: str, *readers: str, **more: Any) -> Mailbox:
    return Mailbox(address, readers, **more)


def directory(*people: Person, mailboxes: Iterable[Mailbox] = (), **more: Any) -> Directory:
    boxes = {box.address: box for box in mailboxes}
    return Directory({one.id: one for one in people}, boxes, **more)


def release(*appointments: Appointment, **changes: Any) -> Release:
    """A release with this list; what a roster has goes to the roster."""
    fields = set(Roster.__dataclass_fields__)
    lists = {key: changes.pop(key) for key in list(changes) if key in fields}
    roster = replace(Roster(ROLES, appointments, frozenset()), **lists)
    values: dict[str, Any] = {
        "id": "x", "title": "X", "instant": INSTANT, "zone": "Europe/London",
        "window": timedelta(hours=24), "state": "confirmed", "roster": roster,
    }  # fmt: skip
    return Release(**values | changes)


def register(subject: Release, **more: Any) -> Register:
    return Register({subject.id: subject}, **more)


def ask(
    subject: Release, address: str, at: datetime = IN_WINDOW, *, among: Directory | None = None,
    **more: Any,
) -> Standing:  # fmt: skip
    """The standing of an address, where the department knows these people."""
    return standing(register(subject, directory=among or Directory(), **more), subject, address, at)
