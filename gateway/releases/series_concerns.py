"""What is worth a person's look in the files of series: they age silently, and then hold too much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.model.instant import in_utc
from gateway.model.register import Register


def of_series(register: Register, now: datetime) -> Iterator[str]:
    """Series whose next edition should be out, or which name a release that there is not."""
    known = frozenset(register.releases) | {r.series for r in register.releases.values()}
    today = in_utc(now).astimezone(ZoneInfo(register.zone)).date()
    for series in register.series.values():
        named = dict.fromkeys((series.release, *series.editions))
        for id in named:
            if id and id not in known:
                yield (
                    f"{series.id}: there is no release '{id}': what it would publish counts as"
                    " unpublished"
                )
        editions = [
            register.releases[id].instant for id in series.editions if id in register.releases
        ]
        coming = any(in_utc(instant) > in_utc(now) for instant in editions)
        if series.next_due and series.next_due < today and not coming:
            yield (
                f"{series.id}: its next edition was due on {series.next_due.isoformat()}, and no later"
                " one is in the file: add the edition and its period, or latest_published"
            )
