"""The Date field as an aware instant (RFC 5322 section 3.3, with its obsolete forms)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import parsedate_tz

FIRST_YEAR, LAST_YEAR = 1900, 9000


def read_date(value: str) -> datetime | None:
    """None where there is no usable date. No zone, or -0000, counts as UTC."""
    try:
        parts = parsedate_tz(value[:200])
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    if parts is None or not FIRST_YEAR <= parts[0] <= LAST_YEAR:
        return None
    year, month, day, hour, minute, second = parts[:6]
    try:
        zone = timezone(timedelta(seconds=parts[9] or 0))
        # A leap second (:60) has no datetime; the last second of the minute stands for it.
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
    except (ValueError, OverflowError):
        return None
