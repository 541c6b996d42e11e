"""What the published list of a release says, whatever it is written as."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from gateway.model.release import Release

HEADS = ("Job title", "Organisation", "Number of people", "Reason for access")


@dataclass(frozen=True, slots=True)
class Published:
    """`rows` have a cell for each of `HEADS`; the number of people is a whole number in letters."""

    title: str
    sentence: str
    rows: tuple[tuple[str, str, str, str], ...]


def published(release: Release) -> Published:
    """The titles of one release's roles, in the order of its file."""
    local = release.instant.astimezone(ZoneInfo(release.zone))
    when = f"{local:%H:%M} on {local:%A} {local.day} {local:%B %Y}"
    many = sum(role.count for role in release.roster.roles.values())
    people = "one person" if many == 1 else f"{many} people"
    rows = tuple(
        (role.title, role.organisation, str(role.count), role.justification)
        for role in release.roster.roles.values()
    )
    sentence = (
        f"Up to {people} had access to “{release.title}” before its publication at {when}."
        if release.state == "published"
        else f"Up to {people} may have access to “{release.title}” before its publication at {when}."
    )
    return Published(f"Pre-release access: {release.title}", sentence, rows)
