"""One release with everybody on its lists: who counts at a moment, who does not and why."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.cli.releases_view import local, summary
from gateway.cli.screen import moment
from gateway.decide.embargo import unconfirmed
from gateway.decide.roster import standing
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.model.roster import Appointment, Exclusion, Role


def _of_calendar(release: Release, now: datetime) -> str | None:
    """Why the embargo runs longer than the release's file says, in a sentence."""
    entry = release.calendar
    if entry is not None and entry.registered is not None:
        said = moment(entry.registered, release.zone)
        return f"Its file says {said}; the calendar {entry.source} moves it."
    why = unconfirmed(release, now)
    return f"No calendar has confirmed that it came out: {why}." if why else None


def details(register: Register, release: Release, now: datetime, at: datetime) -> dict[str, Any]:
    """The JSON object of a release, with the standing of everybody at `at`."""
    roster, regime = release.roster, register.regimes.get(release.regime)
    day = at.astimezone(ZoneInfo(release.zone)).date()
    working = sorted(roster.production_team | roster.quality_assurers)
    named = {*roster.appointed, *roster.on_duty, *working}
    everywhere = [one for one in register.exclusions if one.address in named]

    def judged(address: str, **more: Any) -> dict[str, Any]:
        found = standing(register, release, address, at)
        person = register.directory.person_of.get(address)
        return {
            "address": address,
            "name": person.name if person else None,
            "allowed": found.allowed,
            "status": found.status,
            "sentence": found.sentence,
            **more,
        }

    def holders(role: Role) -> list[dict[str, Any]]:
        held = [one for one in roster.appointments if one.role == role.id]
        turns = [one for one in roster.shifts if one.role == role.id]
        return [
            *(judged(one.address, **_terms(one)) for one in held),
            *(
                judged(
                    one.address,
                    on_duty_from=local(one.starts, release),
                    on_duty_to=local(one.ends, release),
                    next=at < one.ends,
                )
                for one in turns
            ),
        ]

    return {
        **summary(register, release, now),
        "at": local(at, release),
        "waiting": register.waiting.get(release.id),
        "calendar": _of_calendar(release, now),
        "regime": release.regime or None,
        "regime_title": regime.title if regime else None,
        "marking": release.marking or None,
        "lift": release.lift,
        "lifted": local(release.lifted, release) if release.lifted else None,
        "delivery": release.delivery,
        "market_sensitive": release.market_sensitive,
        "contacts": list(release.contacts),
        "head_of_profession": release.head_of_profession or None,
        "banner": release.banner or None,
        "series": release.series or None,
        "reviewed": _iso(release.reviewed),
        "declaration_required": roster.declaration_required,
        "roles": [
            {
                "id": role.id,
                "title": role.title,
                "organisation": role.organisation,
                "count": role.count,
                "justification": role.justification,
                "holders": holders(role),
            }
            for role in roster.roles.values()
        ],
        "production_team": [
            judged(
                address,
                duty="production" if address in roster.production_team else "quality assurance",
            )
            for address in working
        ],
        "mailboxes": [
            judged(box.address, kind=box.kind, readers=list(box.readers))
            for box in roster.mailboxes
        ],
        "delegates": [
            judged(
                one.delegate,
                principal=one.principal,
                **{"from": _iso(one.starts)},
                to=_iso(one.ends),
            )
            for one in (*roster.delegations, *register.directory.delegations)
            if _acts_here(register, release, one.principal, one.releases)
        ],
        "exclusions": [_exclusion(one, day) for one in (*roster.exclusions, *everywhere)],
    }


def _terms(one: Appointment) -> dict[str, Any]:
    return {
        "from": _iso(one.starts),
        "to": _iso(one.ends),
        "substitutes": list(one.substitutes),
        "grant": one.grant,
        "letter": one.letter or None,
    }


def _acts_here(
    register: Register, release: Release, principal: str, releases: frozenset[str]
) -> bool:
    """Whether somebody acts for a person on this list, for this release among others."""
    listed = {*release.roster.appointed, *release.roster.on_duty}
    return (not releases or release.id in releases) and bool(
        listed.intersection(register.directory.aliases(principal))
    )


def _exclusion(one: Exclusion, day: date) -> dict[str, Any]:
    return {
        "address": one.address,
        "from": _iso(one.starts),
        "until": _iso(one.until),
        "reason": one.reason,
        "incident": one.incident or None,
        "in_force": one.starts <= day and (one.until is None or day < one.until),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
