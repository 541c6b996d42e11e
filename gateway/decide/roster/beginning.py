"""When somebody who may not have a release yet may have it: the first moment that the lists name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.model.instant import in_utc
from gateway.model.release import Release


def first_moment(
    release: Release, after: datetime, allowed: Callable[[datetime], bool]
) -> datetime | None:
    """The first moment before publication at which it is allowed; None where there is none."""
    if release.suspended:
        return None
    instant = in_utc(release.instant)
    moments = {moment for moment in _moments(release, after) if after < moment < instant}
    return next((moment for moment in sorted(moments) if allowed(moment)), None)


def _moments(release: Release, after: datetime) -> Iterator[datetime]:
    """Whenever a place on the list may begin to count: the opening of the window, the start of a
    day in it, the start of a turn of duty."""
    yield release.opens
    for role in release.roster.roles.values():
        if role.window is not None:
            yield release.opens_for(role.id)
    for shift in release.roster.shifts:
        yield in_utc(shift.starts)
    zone = ZoneInfo(release.zone)
    day = max(release.opens, after).astimezone(zone).date()
    while (midnight := datetime.combine(day, time(), zone).astimezone(UTC)) < in_utc(
        release.instant
    ):
        yield midnight
        day += timedelta(days=1)
