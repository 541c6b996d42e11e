"""Which hints tell of a release that is about to come out: a finding `indication` for each.

What a hint is about must be under embargo and near its instant; else it is talk about what
everybody may know, or about figures that nobody has yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from gateway.detect.material.unpublished_now import Embargoed, coming_editions
from gateway.model.finding import Finding
from gateway.model.indication import Hint
from gateway.model.instant import in_utc
from gateway.model.register import Register


def conclude(
    hints: Iterable[Hint], register: Register, now: datetime, embargoed: Embargoed
) -> tuple[Finding, ...]:
    """One for each release. Facts: `release`, `direction` (up, down, good, bad, or unclear where
    hints disagree or tell none), `words` (how many phrases say so). Medium where a sentence says it
    of the release's figures, else low."""
    gathered: dict[str, list[Hint]] = {}
    horizon = in_utc(now) + timedelta(days=register.indication.days)
    for hint in hints:
        if hint.series:
            releases = coming_editions(hint.series, register, now, embargoed)
        else:
            releases = (hint.release,)
        for id in releases:
            release = register.releases.get(id)
            if release and embargoed(release, now) and in_utc(release.instant) <= horizon:
                gathered.setdefault(id, []).append(hint)
    return tuple(_finding(id, found) for id, found in sorted(gathered.items()))


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
