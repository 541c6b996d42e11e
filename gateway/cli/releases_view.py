"""How releases and their lists look on screen and in JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.table import Table
from rich.text import Text

from gateway.cli.screen import moment, screen
from gateway.decide.embargo import embargoed
from gateway.decide.roster import standing
from gateway.model.register import Register
from gateway.model.release import Release, Standing
from gateway.model.roster import Exclusion, Role


def summary(register: Register, release: Release, now: datetime) -> dict[str, Any]:
    """The JSON object of one release in a list."""
    return {
        "release": release.id,
        "title": release.title,
        "instant": _local(release.instant, release),
        "zone": release.zone,
        "state": release.state,
        "opens": _local(release.opens, release),
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


def details(register: Register, release: Release, now: datetime, at: datetime) -> dict[str, Any]:
    """The JSON object of one release with everybody on its lists, judged at `at`."""
    roster = release.roster
    day = at.astimezone(ZoneInfo(release.zone)).date()
    holders = {
        id: [
            _person(register, standing(register, release, one.address, at))
            | {"from": _iso(one.starts), "to": _iso(one.ends)}
            for one in roster.appointments
            if one.role == id
        ]
        for id in roster.roles
    }
    working = sorted(roster.production_team | roster.quality_assurers)
    everywhere = [
        exclusion
        for exclusion in register.exclusions
        if exclusion.address in roster.appointed or exclusion.address in working
    ]
    return {
        **summary(register, release, now),
        "at": _local(at, release),
        "window": None if release.regime else str(release.window),
        "regime": release.regime or None,
        "lift": release.lift,
        "delivery": release.delivery,
        "market_sensitive": release.market_sensitive,
        "contacts": list(release.contacts),
        "head_of_profession": release.head_of_profession or None,
        "banner": release.banner or None,
        "declaration_required": roster.declaration_required,
        "roles": [_role(role, holders[role.id]) for role in roster.roles.values()],
        "production_team": [_worker(register, release, a, at) for a in working],
        "exclusions": [_exclusion(e, day) for e in (*roster.exclusions, *everywhere)],
    }


def print_details(shown: dict[str, Any]) -> None:
    out = screen()
    zone = shown["zone"]
    out.print(Text(f"{shown['release']}: {shown['title']}"))
    published = "Published" if not shown["embargoed"] else "To be published"
    out.print(Text(f"{published} {_shown(shown['instant'], zone)}; state {shown['state']}."))
    out.print(Text(f"The list counts from {_shown(shown['opens'], zone)}."))
    if shown["regime"]:
        out.print(Text(f"Regime: {shown['regime']}."))
    out.print(Text(f"As of {_shown(shown['at'], zone)}:"))
    _print_roles(shown)
    _print_aside("Production team and quality assurers", shown["production_team"])
    for one in shown["exclusions"]:
        until = f"until the start of {one['until']}" if one["until"] else "until further notice"
        running = "excluded" if one["in_force"] else "excluded at another time"
        line = f"{one['address']}: {running}, from {one['from']} {until} ({one['reason']})"
        out.print(Text(line))


def _print_roles(shown: dict[str, Any]) -> None:
    out = screen()
    left_out: list[tuple[str, str]] = []
    table = Table(box=None, pad_edge=False)
    for heading in ("role", "places", "who counts"):
        table.add_column(heading, overflow="fold")
    for role in shown["roles"]:
        counting = [one["address"] for one in role["holders"] if one["allowed"]]
        left_out += [
            (one["address"], one["sentence"]) for one in role["holders"] if not one["allowed"]
        ]
        title = ", ".join(filter(None, (role["title"], role["organisation"])))
        table.add_row(Text(title), str(role["count"]), Text("\n".join(counting) or "nobody"))
    if shown["roles"]:
        out.print(table)
    else:
        click.echo("There are no roles: nobody is on the pre-release list.")
    if left_out:
        click.echo("Named there, but not counting:")
        for address, sentence in dict.fromkeys(left_out):
            out.print(Text(f"  {address}: {sentence}"))


def _print_aside(heading: str, people: list[dict[str, Any]]) -> None:
    if not people:
        return
    screen().print(Text(f"{heading}: {', '.join(one['address'] for one in people)}"))
    for one in people:
        if not one["allowed"]:
            screen().print(Text(f"  {one['address']}: {one['sentence']}"))


def _role(role: Role, holders: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": role.id,
        "title": role.title,
        "organisation": role.organisation,
        "count": role.count,
        "justification": role.justification,
        "holders": holders,
    }


def _person(register: Register, one: Standing) -> dict[str, Any]:
    person = register.directory.person_of.get(one.address)
    return {
        "address": one.address,
        "name": person.name if person else None,
        "allowed": one.allowed,
        "status": one.status,
        "sentence": one.sentence,
    }


def _worker(register: Register, release: Release, address: str, at: datetime) -> dict[str, Any]:
    return _person(register, standing(register, release, address, at)) | {
        "duty": "production" if address in release.roster.production_team else "quality assurance"
    }


def _exclusion(one: Exclusion, day: date) -> dict[str, Any]:
    return {
        "address": one.address,
        "from": _iso(one.starts),
        "until": _iso(one.until),
        "reason": one.reason,
        "incident": one.incident or None,
        "in_force": one.starts <= day and (one.until is None or day < one.until),
    }


def _people(register: Register, release: Release) -> int:
    """How many people have an appointment on the day of publication."""
    day = release.instant.astimezone(ZoneInfo(release.zone)).date()
    directory = register.directory
    return len(
        {
            person.id if (person := directory.person_of.get(one.address)) else one.address
            for one in release.roster.appointments
            if (one.starts or day) <= day <= (one.ends or day)
        }
    )


def _local(at: datetime, release: Release) -> str:
    return at.astimezone(ZoneInfo(release.zone)).isoformat()


def _shown(at: str, zone: str) -> str:
    return moment(datetime.fromisoformat(at), zone)


def _in_two_lines(at: str, zone: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(ZoneInfo(zone)):%a %d %b %Y\n%H:%M %Z}"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
