"""Lines of a list -> the roles and appointments of a release, as its file will say them.

What the file says of the same roles and people already, and the list has no column for, is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Iterable, Mapping, Sequence

from gateway.model.address import normalise_address
from gateway.model.fault import Fault, Faults
from gateway.model.people import Directory
from gateway.releases.importing.entry import Line, Listing
from gateway.releases.titles import same_title

Raw = dict[str, Any]
Place = tuple[str, int]
_ID_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Draft:
    """Entries as they will stand in the file. `places` and `names` go with `appointments`, one for
    one, as `role_places` do with `roles`. `open` are the roles that have nobody yet."""

    roles: tuple[Raw, ...]
    role_places: tuple[Place, ...]
    appointments: tuple[Raw, ...] | None
    places: tuple[Place, ...]
    names: tuple[str, ...]
    open: tuple[Raw, ...]


def draft(listing: Listing, before: Mapping[str, Any], directory: Directory) -> Draft:
    """`before` is the file's own mapping. Raises Faults with every contradiction among lines."""
    faults: list[Fault] = []
    gathered = _gathered(listing.lines)
    known = [entry for entry in before.get("roles") or [] if isinstance(entry, dict)]
    taken = {str(entry.get("id")) for entry in known}
    roles: list[Raw] = []
    ids: dict[int, str] = {}
    for number, lines in enumerate(gathered):
        raw = _same_role(known, lines[0])
        id = str(raw["id"]) if raw else _new_id(lines[0], taken)
        taken.add(id)
        ids[number] = id
        roles.append(_role({**(raw or {}), "id": id}, lines, listing, faults))
    if faults:
        raise Faults(faults)
    role_places = tuple(lines[0].place for lines in gathered)
    if not listing.names_people:
        held = {entry.get("role") for entry in before.get("appointments") or []}
        vacant = tuple(role for role in roles if role["id"] not in held)
        return Draft(tuple(roles), role_places, None, (), (), vacant)
    entries = [entry for entry in before.get("appointments") or [] if isinstance(entry, dict)]
    made = [
        (_appointment(ids[number], one, entries, listing.told, directory), one)
        for number, lines in enumerate(gathered)
        for one in lines
        if one.address
    ]
    held = {appointment["role"] for appointment, _ in made}
    return Draft(
        tuple(roles),
        role_places,
        tuple(appointment for appointment, _ in made),
        tuple(one.place for _, one in made),
        tuple(one.name for _, one in made),
        tuple(role for role in roles if role["id"] not in held),
    )


def _gathered(lines: Iterable[Line]) -> list[list[Line]]:
    """The lines of each role together, in the order in which the roles come first."""
    found: list[list[Line]] = []
    for one in lines:
        for others in found:
            first = others[0]
            if same_title(first.title, one.title) and (
                same_title(first.organisation, one.organisation)
            ):
                others.append(one)
                break
        else:
            found.append([one])
    return found


def _same_role(known: Sequence[Raw], line: Line) -> Raw | None:
    for entry in known:
        organisation = str(entry.get("organisation") or "")
        if same_title(str(entry.get("title") or ""), line.title) and (
            not line.organisation or not organisation or same_title(organisation, line.organisation)
        ):
            return entry
    return None


def _new_id(line: Line, taken: set[str]) -> str:
    base = _slug(line.title) or "role"
    for candidate in (base, f"{base}-{_slug(line.organisation)}".strip("-")):
        if candidate not in taken:
            return candidate
    return next(f"{base}-{n}" for n in range(2, len(taken) + 3) if f"{base}-{n}" not in taken)


def _slug(text: str) -> str:
    ascii_ = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:_ID_LENGTH].strip("-")


def _role(raw: Raw, lines: Sequence[Line], listing: Listing, faults: list[Fault]) -> Raw:
    first = lines[0]
    role = {"id": raw["id"], "title": first.title}
    if first.organisation or "organisation" in raw:
        role["organisation"] = first.organisation or raw["organisation"]
    many = _count(lines, listing, faults)
    if many is None and "count" in raw:
        many = max(raw["count"], _together(lines))
    many = many or max(1, _together(lines))
    if many != 1:
        role["count"] = many
    reason = _one("justification", lines, faults) or raw.get("justification")
    if reason:
        role["justification"] = reason
    return role | {key: value for key, value in raw.items() if key not in (*role, "count")}


def _count(lines: Sequence[Line], listing: Listing, faults: list[Fault]) -> int | None:
    """Lists of posts add up; lists of people say the same number in every row of a role."""
    if not listing.names_people:
        return sum(line.count or 1 for line in lines)
    found: int | None = _one("count", lines, faults)
    return found


def _one(what: str, lines: Sequence[Line], faults: list[Fault]) -> Any:
    said = None
    for line in lines:
        value = getattr(line, what)
        if value and said and value != said:
            message = f"the {what} of {line.title} is {value} here and {said} above"
            faults.append(Fault(*line.place, 0, message, "let every row of a role say the same"))
        said = said or value
    return said


def _together(lines: Sequence[Line]) -> int:
    """How many people hold the role on its fullest day."""
    people = [line for line in lines if line.address]
    days = {line.starts or date.min for line in people}
    return max(
        (
            len(
                {
                    line.address
                    for line in people
                    if (line.starts or date.min) <= day <= (line.ends or date.max)
                }
            )
            for day in days
        ),
        default=0,
    )


def _appointment(
    role: str, line: Line, entries: list[Raw], told: frozenset[str], directory: Directory
) -> Raw:
    raw = _same_entry(role, line, entries, directory) or {}
    if raw:
        entries.remove(raw)
    found: Raw = {"role": role}
    if "person" in raw:
        found["person"] = raw["person"]
    else:
        found["address"] = line.address
    for what, key in (("starts", "from"), ("ends", "to")):
        value = getattr(line, what) if what in told else raw.get(key)
        if value:
            found[key] = value
    declaration = _declaration(line, raw.get("declaration"), told)
    if declaration:
        found["declaration"] = declaration
    return found | {
        key: value
        for key, value in raw.items()
        if key not in ("role", "address", "person", "from", "to", "declaration")
    }


def _declaration(line: Line, before: Any, told: frozenset[str]) -> Raw | None:
    if "signed" not in told:
        return before if isinstance(before, dict) else None
    if line.signed is None:
        return None
    found: Raw = {"signed": line.signed}
    if line.version:
        found["version"] = line.version
    if line.expires:
        found["expires"] = line.expires
    return found


def _same_entry(role: str, line: Line, entries: Sequence[Raw], directory: Directory) -> Raw | None:
    for entry in entries:
        person = directory.people.get(str(entry.get("person")))
        addresses = person.addresses if person else (normalise_address(str(entry.get("address"))),)
        if entry.get("role") == role and line.address in addresses:
            return entry
    return None


def merged(listings: Sequence[Listing]) -> Listing:
    """Several files as one list. Where one of them names people, all have to."""
    told = frozenset[str]().union(*(one.told for one in listings))
    lines = tuple(line for one in listings for line in one.lines)
    notes = tuple(note for one in listings for note in one.notes)
    if "address" in told:
        named = Counter(line.place[0] for line in lines if line.address)
        titles = {line.place[0] for line in lines} - named.keys()
        notes += tuple(
            f"{place}: only titles, so nobody is named for them" for place in sorted(titles)
        )
    return replace(listings[0], lines=lines, told=told, notes=notes)
