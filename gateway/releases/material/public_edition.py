"""Which releases have material but nothing public beside it, so that all that they repeat counts.

A bulletin repeats most of its last edition: methods, notes, contacts, the figures of earlier
periods. Without that edition nobody can tell these from what is not out yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from gateway.model.release import Release

if TYPE_CHECKING:
    from gateway.releases.material.document import Registered

ADVICE = (
    "nothing public is registered beside it, so that what it repeats of its last edition (earlier"
    " periods, notes, contacts) is taken for unpublished: register that with --public"
)


def without_public_edition(
    documents: Iterable[Registered], releases: Mapping[str, Release]
) -> tuple[str, ...]:
    """The ids of such releases, in order. A public document counts for its release and for every
    release of the same series."""
    coming: set[str] = set()
    covered: set[str] = set()
    for one in documents:
        release = releases.get(one.release)
        if not one.public:
            coming.add(one.release)
            continue
        covered.add(one.release)
        if release is not None and release.series:
            covered |= {r.id for r in releases.values() if r.series == release.series}
    return tuple(sorted(coming - covered))
