"""How the list of releases looks on screen and in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from gateway.cli.screen import screen
from gateway.decide.embargo import embargoed
from gateway.model.register import Register
from gateway.model.release import Release


def summary(register: Register, release: Release, now: datetime) -> dict[str, Any]:
    """The JSON object of one release in a list."""
    return {
        "release": release.id,
        "title": release.title,
        "instant": local(release.instant, release),
        "zone": release.zone,
        "state": release.state,
        "opens": local(release.opens, release),
        "people": _people(register, release),
        "embargoed": embargoed(release, now),
    }


def print_list(found: list[dict[str, Any]]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("release", "published", "list counts from", "people", "state"):
        table.add_column(heading, overflow="fold")
    for one in found:
        table.add_row(
            Text(f"{one['release']}\n{one['title']}"),
            _in_two_lines(one["instant"], one["zone"]),
            _in_two_lines(one["opens"], one["zone"]),
            str(one["people"]),
            f"{one['state']},\n{'under embargo' if one['embargoed'] else 'public'}",
        )
    screen().print(table)


def _people(register: Register, release: Release) -> int:
    """How many people have an appointment on the day of publication, or a turn of duty."""
    day = release.instant.astimezone(ZoneInfo(release.zone)).date()
    held = [
        one.address
        for one in release.roster.appointments
        if (one.starts or day) <= day <= (one.ends or day)
    ]
    known = register.directory.person_of
    named = {*held, *release.roster.on_duty}
    return len({person.id if (person := known.get(a)) else a for a in named})


def local(at: datetime, release: Release) -> str:
    """The instant as the clocks of the release's zone show it."""
    return at.astimezone(ZoneInfo(release.zone)).isoformat()


def _in_two_lines(at: str, zone: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(ZoneInfo(zone)):%a %d %b %Y\n%H:%M %Z}"
