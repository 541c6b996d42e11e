"""Who holds a role of one release: for days (`appointments:`), or by turns of duty (`rota:`)."""

from __future__ import annotations

from typing import Any, Callable, Literal, Mapping

from gateway.model.instant import in_utc
from gateway.model.people import Directory
from gateway.model.regime import Regime
from gateway.model.roster import Appointment, Role, Shift
from gateway.releases import values
from gateway.releases.entries import Entry, meant
from gateway.releases.holders import HOLDER_KEYS, read_declaration, read_holder
from gateway.releases.limits import check_grant

_KEYS = (
    "role", *HOLDER_KEYS, "from", "to", "declaration", "substitutes", "grant", "letter",
)  # fmt: skip
_GRANT: Callable[[Any], Literal["list", "exceptional"]] = values.one_of("list", "exceptional")


def read_appointments(
    root: Entry, roles: Mapping[str, Role], directory: Directory, regime: Regime | None
) -> list[tuple[Entry, Appointment]]:
    """The `appointments` of a file, each with its entry."""
    return [
        (entry, appointment)
        for entry in root.entries("appointments", _KEYS)
        if (appointment := _appointment(entry, roles, directory, regime))
    ]


def _appointment(
    entry: Entry, roles: Mapping[str, Role], directory: Directory, regime: Regime | None
) -> Appointment | None:
    role = _role(entry, roles)
    address = read_holder(entry, directory)
    starts = entry.maybe("from", values.day)
    ends = entry.maybe("to", values.day)
    declaration = read_declaration(entry)
    substitutes = tuple(entry.each("substitutes", values.address))
    grant: Literal["list", "exceptional"] = entry.take("grant", _GRANT, "list")
    letter = entry.take("letter", values.web_link, "")
    _check_letter(entry, grant, letter, substitutes)
    for substitute in substitutes:
        if address and substitute in directory.aliases(address):
            message = f"substitutes: {substitute} is the holder's own address"
            entry.fault("substitutes", message, "name somebody else")
    if starts and ends and ends < starts:
        entry.fault("to", "to: before 'from'", "both days are included")
        return None
    if role is None or not address:
        return None
    appointment = Appointment(
        role, address, starts, ends, declaration, substitutes, grant, letter
    )  # fmt: skip
    if regime is not None:
        check_grant(entry, appointment, regime)
    return appointment


def _check_letter(entry: Entry, grant: str, letter: str, substitutes: tuple[str, ...]) -> None:
    if grant == "exceptional" and not entry.has("letter"):
        hint = "add 'letter:' with the address at which it is published"
        entry.fault("grant", "grant: an exceptional grant needs a published letter", hint)
    if letter and grant != "exceptional":
        entry.fault("letter", "letter: only an exceptional grant has one", "add grant: exceptional")
    if substitutes and grant == "exceptional":
        hint = "give each their own grant and letter"
        entry.fault("substitutes", "substitutes: a letter lets in one person alone", hint)


def read_rota(
    root: Entry, roles: Mapping[str, Role], directory: Directory, zone: str
) -> list[tuple[Entry, Shift]]:
    """The turns of duty of a file; a time that the clocks show twice or never is a fault."""
    found = []
    for entry in root.entries("rota", ("role", *HOLDER_KEYS, "from", "to")):
        role = _role(entry, roles)
        address = read_holder(entry, directory)
        starts = entry.require("from", values.instant_in(zone))
        ends = entry.require("to", values.instant_in(zone))
        if starts and ends and in_utc(ends) <= in_utc(starts):
            entry.fault("to", "to: not after 'from'", "a turn ends at this instant")
        elif role and address and starts and ends:
            found.append((entry, Shift(role, address, in_utc(starts), in_utc(ends))))
    return found


def _role(entry: Entry, roles: Mapping[str, Role]) -> str | None:
    role = entry.require("role", values.line)
    if role and role not in roles:
        hint = meant(role, [*roles], "roles of this release")
        entry.fault("role", f"role: there is no role '{role}'", hint)
        return None
    return role
