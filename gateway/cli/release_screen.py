"""One release on screen: what it is, its roles and who counts, and everybody who does not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from gateway.cli.screen import moment, screen


def print_details(shown: dict[str, Any]) -> None:
    """What `release_details.details` gave, for people."""
    zone = shown["zone"]
    to_come = shown["embargoed"] or shown["lifted"]
    published = "To be published" if to_come else "Published"
    _say(f"{shown['release']}: {shown['title']}")
    _say(f"{published} {_at(shown['instant'], zone)}; state {shown['state']}.")
    if shown["lifted"]:
        _say(f"Its embargo was lifted early, at {_at(shown['lifted'], zone)}.")
    _say(f"The list counts from {_at(shown['opens'], zone)}{_by_regime(shown)}.")
    if shown["calendar"]:
        _say(shown["calendar"])
    if shown["waiting"]:
        _say(f"Approval: {shown['waiting']}.")
    _say(f"As of {_at(shown['at'], zone)}:")
    _roles(shown["roles"], zone)
    _aside("Production team and quality assurers", shown["production_team"])
    for box in shown["mailboxes"]:
        answer = "counts" if box["allowed"] else f"does not count. {box['sentence']}"
        _say(f"Mailbox {box['address']}, read by {', '.join(box['readers'])}: {answer}")
    for one in shown["delegates"]:
        answer = "counts" if one["allowed"] else f"does not count. {one['sentence']}"
        _say(f"{one['address']} acts for {one['principal']}: {answer}")
    for one in shown["exclusions"]:
        until = f"until the start of {one['until']}" if one["until"] else "until further notice"
        running = "excluded" if one["in_force"] else "excluded at another time"
        _say(f"{one['address']}: {running}, from {one['from']} {until} ({one['reason']})")


def _by_regime(shown: dict[str, Any]) -> str:
    if not shown["regime"]:
        return ""
    title = shown["regime_title"] or shown["regime"]
    marking = f", its mail is marked “{shown['marking']}”" if shown["marking"] else ""
    return f" (by {title}{marking})"


def _roles(roles: list[dict[str, Any]], zone: str) -> None:
    if not roles:
        _say("There are no roles: nobody is on the pre-release list.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("role", "places", "who counts"):
        table.add_column(heading, overflow="fold")
    left_out: list[str] = []
    for role in roles:
        counting = [_holder(one, zone) for one in role["holders"] if one["allowed"]]
        left_out += [
            f"  {_holder(one, zone)}: {one['sentence']}"
            for one in role["holders"]
            if not one["allowed"]
        ]
        title = ", ".join(filter(None, (role["title"], role["organisation"])))
        table.add_row(
            Text(title), str(role["count"]), Text("\n".join(counting) or _nobody(role, zone))
        )
    screen().print(table)
    if left_out:
        _say("Named there, but not counting:")
        for line in dict.fromkeys(left_out):
            _say(line)


def _nobody(role: dict[str, Any], zone: str) -> str:
    """A role that is filled by a rota is nobody's between two turns."""
    turns = [one for one in role["holders"] if one.get("on_duty_from")]
    if not turns:
        return "nobody"
    coming = [one for one in turns if one["next"]]
    if not coming:
        return "nobody; the last turn of its rota is over"
    first = min(coming, key=lambda one: datetime.fromisoformat(one["on_duty_from"]))
    who = f"{first['name']} ({first['address']})" if first["name"] else first["address"]
    return f"nobody yet; by its rota {who} from {_at(first['on_duty_from'], zone)}"


def _holder(one: dict[str, Any], zone: str) -> str:
    told = [f"{one['name']} ({one['address']})" if one["name"] else one["address"]]
    if one.get("on_duty_from"):
        told.append(f"on duty {_at(one['on_duty_from'], zone)} to {_at(one['on_duty_to'], zone)}")
    if one.get("substitutes"):
        told.append(f"in their absence {', '.join(one['substitutes'])}")
    if one.get("grant") == "exceptional":
        told.append(f"by the letter {one['letter']}")
    return ", ".join(told)


def _aside(heading: str, people: list[dict[str, Any]]) -> None:
    if people:
        _say(f"{heading}: {', '.join(one['address'] for one in people)}")
    for one in people:
        if not one["allowed"]:
            _say(f"  {one['address']}: {one['sentence']}")


def _say(line: str) -> None:
    screen(soft_wrap=True).print(Text(line))


def _at(at: str, zone: str) -> str:
    return moment(datetime.fromisoformat(at), zone)
