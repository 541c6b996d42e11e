"""One calendar, read as the department reads it, and what it says of each entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.model.announcement import Announcement, Kind
from gateway.releases.calendars import read_calendar
from gateway.releases.calendars.listing import Listing

Read = Callable[..., Listing]


@pytest.fixture
def read() -> Read:
    def listing(kind: Kind, content: str | bytes, zone: str = "Europe/London") -> Listing:
        raw = content.encode() if isinstance(content, str) else content
        return read_calendar(kind, raw, "calendar", zone)

    return listing


@pytest.fixture
def shown() -> Callable[[Announcement], str]:
    """`2018-03-28 09:30 +0100 confirmed`; of a day without a time, the day alone."""

    def text(one: Announcement) -> str:
        if one.instant is None:
            return f"no day {one.state}"
        local: datetime = (one.since or one.instant).astimezone(ZoneInfo("Europe/London"))
        when = f"{local:%Y-%m-%d}" if one.since else f"{local:%Y-%m-%d %H:%M %z}"
        return f"{when} {one.state}"

    return text
