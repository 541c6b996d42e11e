"""Instants compare in UTC: inside one zone Python compares wall clocks, which repeat in autumn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_CLOCKS_DIFFER = timedelta(minutes=5)
"""How far apart the clocks of two machines are let be, as in Kerberos (RFC 4120, section 5.2.4.1)."""


def in_utc(instant: datetime) -> datetime:
    """The same instant in UTC. A time without a zone is an error of the caller (law 9)."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(UTC)


def lies_ahead(instant: datetime, now: datetime) -> bool:
    """Whether nothing can have happened at this instant yet, on whichever machine."""
    return in_utc(instant) > in_utc(now) + _CLOCKS_DIFFER
