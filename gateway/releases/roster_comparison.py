"""Who is on one version of a list and not on the other, and on what terms, in plain words."""

from __future__ import annotations

from typing import Callable, Iterator

from gateway.model.people import Declaration
from gateway.model.roster import Appointment, Exclusion, Role, Roster, Shift
from gateway.releases.wording import day, listed, people, quoted

Named = Callable[[str], str]


def of_people(old: Roster, new: Roster, named: Named) -> Iterator[str]:
    before, after = _held(old), _held(new)
    fresh = [a for a in after if a not in before]
    gone = [a for a in before if a not in after]
    if fresh:
        each = [f"{named(a)} as {listed(_titles(new, after[a]))}" for a in fresh]
        yield f"{people(len(fresh))} new: {'; '.join(each)}."
    if gone:
        each = [f"{named(a)} ({listed(_titles(old, before[a]))})" for a in gone]
        yield f"{people(len(gone))} gone: {'; '.join(each)}."
    for address in after:
        if address in before:
            yield from _same_person(named(address), before[address], after[address], old, new)
    yield from _names("in the production team", old.production_team, new.production_team, named)
    yield from _names(
        "among the quality assurers", old.quality_assurers, new.quality_assurers, named
    )
    for exclusion in new.exclusions:
        if exclusion not in old.exclusions:
            yield f"{named(exclusion.address)} is barred {excluded(exclusion)}."
    for exclusion in old.exclusions:
        if exclusion not in new.exclusions:
            yield f"{named(exclusion.address)} is no longer barred {excluded(exclusion)}."
    yield from _turns(old, new, named)


def _same_person(
    name: str, before: list[Appointment], after: list[Appointment], old: Roster, new: Roster
) -> Iterator[str]:
    had, has = {one.role for one in before}, {one.role for one in after}
    titles = listed([quoted(_title(new, role)) for role in sorted(has - had)])
    lost = listed([quoted(_title(old, role)) for role in sorted(had - has)])
    if titles and lost:
        yield f"{name} is now {titles} instead of {lost}."
    elif titles:
        yield f"{name} is now also {titles}."
    elif lost:
        yield f"{name} is no longer {lost}."
    for role in sorted(had & has):
        mine = [one for one in before if one.role == role]
        yours = [one for one in after if one.role == role]
        if mine != yours:
            yield f"{name} as {quoted(_title(new, role))}: {_place(yours)}; before: {_place(mine)}."


def _place(appointments: list[Appointment]) -> str:
    return " and ".join(_terms_of(one) for one in appointments)


def _terms_of(one: Appointment) -> str:
    starts = f"from {day(one.starts)}" if one.starts else "from the start"
    ends = f"to {day(one.ends)}" if one.ends else "without an end"
    told = [f"{starts} {ends}", declared(one.declaration)]
    if one.substitutes:
        told.append(f"with {listed(list(one.substitutes))} as substitutes")
    if one.grant != "list":
        told.append(f"by the letter {one.letter or 'that is not given'}")
    return ", ".join(told)


def declared(declaration: Declaration | None) -> str:
    """A declaration in words."""
    if declaration is None:
        return "no declaration"
    until = f", valid to {day(declaration.expires)}" if declaration.expires else ""
    return f"declaration {declaration.version} signed {day(declaration.signed)}{until}"


def excluded(exclusion: Exclusion) -> str:
    """The time of an exclusion and its reason, in words."""
    until = f"until the start of {day(exclusion.until)}" if exclusion.until else "for good"
    incident = f", {exclusion.incident}" if exclusion.incident else ""
    return f"from {day(exclusion.starts)} {until} ({exclusion.reason}{incident})"


def _names(
    where: str, old: frozenset[str], new: frozenset[str], named: Named
) -> Iterator[str]:  # fmt: skip
    for address in sorted(new - old):
        yield f"{named(address)} is now {where}."
    for address in sorted(old - new):
        yield f"{named(address)} is no longer {where}."


def _turns(old: Roster, new: Roster, named: Named) -> Iterator[str]:
    for words, shifts, others in (("has a new", new, old), ("no longer has the", old, new)):
        for one in shifts.shifts:
            if one not in others.shifts:
                yield f"{named(one.address)} {words} turn as {_turn(shifts, one)}."


def _turn(roster: Roster, one: Shift) -> str:
    title = quoted(_title(roster, one.role))
    return f"{title} from {one.starts:%d %b %Y, %H:%M} to {one.ends:%d %b %Y, %H:%M}"


def of_roles(old: Roster, new: Roster) -> Iterator[str]:
    for role in new.roles.values():
        before = old.roles.get(role.id)
        if before is None:
            yield f"The role {quoted(role.title)} is new, for {_many(role)}."
        elif before != role:
            yield from _same_role(before, role)
    for role in old.roles.values():
        if role.id not in new.roles:
            yield f"The role {quoted(role.title)} is gone."


def _same_role(before: Role, role: Role) -> Iterator[str]:
    title = quoted(role.title)
    if before.title != role.title:
        yield f"The role {quoted(before.title)} is now called {title}."
    if before.count != role.count:
        yield f"The role {title} is now for {_many(role)}; before, for {_many(before)}."
    if before.organisation != role.organisation:
        yield f"The role {title} is now of {role.organisation or 'no organisation that is named'}."
    if before.justification != role.justification:
        yield f"The role {title} is justified anew: {role.justification or 'no reason is given'}"


def _held(roster: Roster) -> dict[str, list[Appointment]]:
    held: dict[str, list[Appointment]] = {}
    for one in roster.appointments:
        held.setdefault(one.address, []).append(one)
    return held


def _titles(roster: Roster, held: list[Appointment]) -> list[str]:
    return list(dict.fromkeys(quoted(_title(roster, one.role)) for one in held))


def _title(roster: Roster, role: str) -> str:
    return roster.roles[role].title if role in roster.roles else role


def _many(role: Role) -> str:
    return "one person" if role.count == 1 else f"{role.count} people"
