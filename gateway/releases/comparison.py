"""What is different between two versions of a release, in plain words for those who approve it.

Nothing that differs is passed over: a field that has no words of its own is named as it is.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any, Iterable, Iterator

from gateway.model.people import Directory
from gateway.model.release import Release
from gateway.releases.roster_comparison import of_people, of_roles
from gateway.releases.wording import day, length, listed, moment, quoted

_IN_WORDS = {
    "id", "roster", "instant", "window", "zone", "title", "state", "contacts", "subject_words",
    "locations", "market_sensitive", "lift", "delivery", "head_of_profession",
    "threshold",
    # Notes about the list, which say nothing of who may have what and when.
    "reviewed", "changed_by",
}  # fmt: skip
_OF_ROSTER = {
    "roles", "appointments", "production_team", "quality_assurers", "exclusions", "shifts",
    "declaration_required",
}  # fmt: skip


def differences(old: Release, new: Release, directory: Directory) -> tuple[str, ...]:
    """Sentences, those about people first; none where the two are equal."""

    def named(address: str) -> str:
        person = directory.person_of.get(address)
        return f"{person.name} ({address})" if person and person.name else address

    return (
        *of_people(old.roster, new.roster, named),
        *of_roles(old.roster, new.roster),
        *_times(old, new),
        *_terms(old, new),
        *unworded(old.roster, new.roster, _OF_ROSTER),
        *unworded(old, new, _IN_WORDS),
    )


def unworded(old: Any, new: Any, worded: Iterable[str]) -> Iterator[str]:
    """What differs in the fields of two values that are not `worded` elsewhere."""
    for field in fields(old):
        one, other = getattr(old, field.name), getattr(new, field.name)
        if not field.compare or field.name in worded or one == other:
            continue
        name = field.name.replace("_", " ")
        if isinstance(one, (tuple, frozenset)) and isinstance(other, (tuple, frozenset)):
            gone, fresh = [x for x in one if x not in other], [x for x in other if x not in one]
            if fresh:
                yield f"{name}: new: {'; '.join(sorted(map(_plainly, fresh)))}."
            if gone:
                yield f"{name}: gone: {'; '.join(sorted(map(_plainly, gone)))}."
            if not gone and not fresh:
                yield f"{name}: in another order."
        else:
            yield f"{name}: now {_plainly(other)}, before {_plainly(one)}."


def _plainly(value: Any) -> str:
    """A value of any kind: the fields of a record that say something, or the value itself."""
    if hasattr(value, "__dataclass_fields__"):
        shown = {f.name: getattr(value, f.name) for f in fields(value) if f.compare}
        return ", ".join(f"{k.replace('_', ' ')} {_plainly(v)}" for k, v in shown.items() if v)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return day(value)
    if isinstance(value, (tuple, frozenset, set)):
        return listed([_plainly(item) for item in value]) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None else str(value) or "nothing"


def _times(old: Release, new: Release) -> Iterator[str]:
    moved = new.instant.timestamp() - old.instant.timestamp()
    if moved:
        when = f"{moment(new.instant, new.zone)} instead of {moment(old.instant, old.zone)}"
        way = "later" if moved > 0 else "EARLIER"
        yield f"Publication is {length(abs(moved))} {way}: {when}."
    if old.window != new.window:
        before = old.instant.timestamp() - old.opens.timestamp()
        grown = new.instant.timestamp() - new.opens.timestamp() - before
        if grown:
            way = "longer" if grown > 0 else "shorter"
            counts = f"the list counts from {moment(new.opens, new.zone)}"
            yield f"The window is {length(abs(grown))} {way}: {counts}."
        else:
            yield "The window is counted in another way, and is as long as it was."
    if old.zone != new.zone:
        yield f"Its days and times are now those of {new.zone}, not of {old.zone}."


def _terms(old: Release, new: Release) -> Iterator[str]:
    if old.title != new.title:
        yield f"The title is now {quoted(new.title)}; it was {quoted(old.title)}."
    if old.state != new.state:
        yield f"The state is now {new.state}; it was {old.state}."
    if old.lift != new.lift:
        ends = {
            "instant": "at the instant alone",
            "instant-and-published": "only when it is published",
        }
        yield f"The embargo now ends {ends[new.lift]}."
    if old.delivery != new.delivery:
        yield f"Delivery is now {new.delivery}; it was {old.delivery}."
    if old.market_sensitive != new.market_sensitive:
        yield f"It is {'now' if new.market_sensitive else 'no longer'} market-sensitive."
    if old.threshold != new.threshold:
        yield (
            f"Its registered material now counts from {new.threshold.bits:g} bits on; before, from"
            f" {old.threshold.bits:g}."
        )
    if old.head_of_profession != new.head_of_profession:
        yield (
            f"The Head of Profession is now {new.head_of_profession or 'nobody'}; before,"
            f" {old.head_of_profession or 'nobody'}."
        )
    if old.roster.declaration_required != new.roster.declaration_required:
        needed = "now" if new.roster.declaration_required else "NO LONGER"
        yield f"A signed declaration is {needed} needed."
    for words, one, other in (
        ("hear of breaches", old.contacts, new.contacts),
        ("count as naming it", old.subject_words, new.subject_words),
        ("are where its documents lie", old.locations, new.locations),
    ):
        if fresh := [x for x in other if x not in one]:
            yield f"These now {words}: {'; '.join(fresh)}."
        if gone := [x for x in one if x not in other]:
            yield f"These no longer {words}: {'; '.join(gone)}."
