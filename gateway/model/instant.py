"""Instants compare in UTC: inside one zone Python compares wall clocks, which repeat in autumn."""

from __future__ import annotations

from datetime import UTC, datetime


def in_utc(instant: datetime) -> datetime:
    """The same instant in UTC. A time without a zone is an error of the caller (law 9)."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(UTC)
