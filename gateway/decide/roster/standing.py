"""May this address have this release at this instant, and why, in one plain sentence.

Default deny: who is not positively on the list is not on it. Exclusion beats expiry beats a
missing declaration beats listing. Nobody's standing depends on who else is on the message.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gateway.decide.roster.beginning import first_moment
from gateway.decide.roster.question import question
from gateway.decide.roster.reach import of_address
from gateway.model.address import is_usable, normalise_address
from gateway.model.instant import in_utc
from gateway.model.register import Register
from gateway.model.release import Release, Standing

_WAITS = "Their place on the list waits for a second person's approval."
_CHANGE_WAITS = "A change of the list that says otherwise waits for a second person's approval."


def standing(
    register: Register, release: Release, address: str, at: datetime, *, onward: bool = True
) -> Standing:
    """What the lists say about one address at one instant. Where mail to it goes on to others they
    count, too, unless it is asked about a sender (`onward` false)."""
    found = _agreed(register, release, address, at, onward)
    if found.status != "not-yet":
        return found

    def allowed(moment: datetime) -> bool:
        return _agreed(register, release, address, moment, onward).allowed

    return replace(found, begins=first_moment(release, in_utc(at), allowed))


def _agreed(
    register: Register, release: Release, address: str, at: datetime, onward: bool
) -> Standing:
    """What both versions of the lists say, where a change waits for a second person's approval."""
    found = _by_one(register, release, address, at, onward)
    if register.approved is None or not found.allowed:
        return found
    before = register.approved.releases.get(release.id)
    if before is None:
        return replace(found, status="not-listed", sentence=_WAITS)
    agreed = _by_one(register.approved, before, address, at, onward)
    if agreed.allowed:
        return found
    if agreed.status == "not-listed":
        return replace(agreed, sentence=_WAITS)
    return replace(agreed, sentence=f"{agreed.sentence} {_CHANGE_WAITS}")


def _by_one(
    register: Register, release: Release, address: str, at: datetime, onward: bool
) -> Standing:
    asked = question(register, release, at, onward)
    key = normalise_address(address)
    if not is_usable(key):
        sentence = "This is no address that a list can hold, so it counts as not listed."
        return Standing(address, release.id, "not-listed", sentence)
    answer = of_address(asked, key)
    return Standing(address, release.id, answer.status, answer.sentence, answer.role)
