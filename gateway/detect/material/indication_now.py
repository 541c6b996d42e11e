"""Which hints tell of a release that is about to come out: a finding `indication` for each.

What a hint is about must be under embargo and near its instant; else it is talk about what
everybody may know, or about figures that nobody has yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.detect.material.unpublished_now import Embargoed, coming_editions
from gateway.model.finding import Finding
from gateway.model.indication import WEEKDAYS, Hint
from gateway.model.instant import in_utc
from gateway.model.register import Register
from gateway.model.release import Release

_A_WEEK = 7


Knows = Callable[[Release], bool]
"""Whether the sender may have a release now, and so may know its figures."""


def conclude(
    hints: Iterable[Hint], register: Register, now: datetime, embargoed: Embargoed, knows: Knows
) -> tuple[Finding, ...]:
    """One for each release. Facts: `release`, `direction` (up, down, good, bad, or unclear where
    hints disagree or tell none), `words` (how many phrases say so). Medium where a sentence says it
    of the release's figures, else low."""
    gathered: dict[str, list[Hint]] = {}
    horizon = in_utc(now) + timedelta(days=register.indication.days)
    for hint in hints:
        if hint.series:
            releases = coming_editions(hint.series, register, now, embargoed)
        elif hint.day:
            releases = tuple(_due_on(hint.day, register, now, knows))
        else:
            releases = (hint.release,)
        for id in releases:
            release = register.releases.get(id)
            if release and embargoed(release, now) and in_utc(release.instant) <= horizon:
                gathered.setdefault(id, []).append(hint)
    return tuple(_finding(id, found) for id, found in sorted(gathered.items()))


def _due_on(day: str, register: Register, now: datetime, knows: Knows) -> Iterator[str]:
    """ "Tomorrow's numbers" are those of a release that is due then, where the sender may have it:
    anybody else means something else."""
    for release in register.due_between(now, now + timedelta(days=_A_WEEK)):
        zone = ZoneInfo(release.zone)
        due, today = release.instant.astimezone(zone).date(), now.astimezone(zone).date()
        tomorrow = day == "tomorrow" and (due - today).days == 1
        if (tomorrow or day == WEEKDAYS[due.weekday()]) and knows(release):
            yield release.id


def _finding(release: str, hints: list[Hint]) -> Finding:
    sure = [hint for hint in hints if hint.sure]
    telling = {hint.direction for hint in sure or hints} - {"unclear"}
    direction = next(iter(telling)) if len(telling) == 1 else "unclear"
    return Finding(
        "indication",
        (sure or hints)[0].location,
        "medium" if sure else "low",
        {
            "release": release,
            "direction": direction,
            "words": sum({(hint.location, hint.words): hint.words for hint in hints}.values()),
        },
    )
