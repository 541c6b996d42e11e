"""Building blocks for tests of detectors: one text in, what was found out."""

from __future__ import annotations

from datetime import datetime
from typing import Callable
from zoneinfo import ZoneInfo

import pytest

from gateway.detect import Context, Detected, Detectors, DetectorSpec
from gateway.model.content import Text
from gateway.model.message import Location
from gateway.model.release import ReleaseWords

Inspect = Callable[..., Detected]


@pytest.fixture(scope="session")
def detectors() -> Detectors:
    return Detectors(
        DetectorSpec(
            (
                ReleaseWords(
                    "looked-after-2018",
                    "Children looked after in Scotland, 2018",
                    ("looked-after children", "fostering statistics"),
                    "RESTRICTED UNTIL PUBLISHED AT 9:30AM ON WEDNESDAY 28 MARCH 2018",
                ),
                ReleaseWords("prices", "House price index", ("house prices", "hpi"), ""),
            )
        )
    )


@pytest.fixture(scope="session")
def inspect(detectors: Detectors) -> Inspect:
    """inspect(text, date="2018-03-27T10:00", where="body", now=date, zone="Europe/London")."""

    def run(
        text: str,
        date: str | None = "2018-03-27T10:00",
        where: str = "body",
        now: str | None = None,
        zone: str = "Europe/London",
    ) -> Detected:
        def local(moment: str) -> datetime:
            return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone))

        sent = local(date) if date else None
        clock = local(now) if now else sent or local("2026-11-20T10:00")
        location = Location("1", None, where)
        return detectors.inspect([Text(location, text)], Context(clock, sent, zone))

    return run
