"""Which releases are editions of one series."""

from __future__ import annotations

from gateway.model.instant import in_utc
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.releases.titles import series_of


def earlier(register: Register, release: Release) -> tuple[Release, ...]:
    """Earlier releases of the same series, the latest first: those that name the same `series`, or
    where this one names none, those whose titles differ by no more than dates."""
    words = series_of(release.title)
    found = [
        other
        for other in register.releases.values()
        if other.id != release.id
        and in_utc(other.instant) < in_utc(release.instant)
        and (
            other.series == release.series
            if release.series
            else bool(words) and not other.series and series_of(other.title) == words
        )
    ]
    return tuple(sorted(found, key=lambda other: in_utc(other.instant), reverse=True))
