"""The addresses on a pre-release list."""

from __future__ import annotations

from gateway.model.roster import Roster


def on_list(roster: Roster) -> tuple[str, ...]:
    """Every address on the pre-release list once, in the order of the file."""
    held = [one.address for one in roster.appointments]
    return tuple(dict.fromkeys((*held, *(shift.address for shift in roster.shifts))))
