"""Which releases are editions of one series."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from gateway.model.instant import in_utc
from gateway.model.register import Register
from gateway.model.release import Release

_WORD = re.compile(r"[^\W\d_]+")
_DATES = frozenset(
    "january february march april may june july august september october november december"
    " quarter year week ending to and of the in for".split()
)


def earlier(register: Register, release: Release) -> tuple[Release, ...]:
    """Earlier releases of the same series, the latest first: those that name the same `series`, or
    where this one names none, those whose titles differ by no more than dates."""
    words = _without_dates(release.title)
    found = [
        other
        for other in register.releases.values()
        if other.id != release.id
        and in_utc(other.instant) < in_utc(release.instant)
        and (
            other.series == release.series
            if release.series
            else bool(words) and not other.series and _without_dates(other.title) == words
        )
    ]
    return tuple(sorted(found, key=lambda other: in_utc(other.instant), reverse=True))


@lru_cache(5_000)
def _without_dates(title: str) -> tuple[str, ...]:
    return tuple(
        word
        for word in _WORD.findall(unicodedata.normalize("NFKC", title).casefold())
        if word not in _DATES
    )
