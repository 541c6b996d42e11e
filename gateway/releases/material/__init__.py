"""The registered material of releases: kept, merged and opened; digests alone, under a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.model.trace import MaterialSource
from gateway.releases.material.unavailable import MaterialUnavailable

if TYPE_CHECKING:
    from gateway.model.material import Material

__all__ = ["MaterialUnavailable", "open_material"]


def open_material(source: MaterialSource | None) -> Material | None:
    """The material as it is on disk now; None where nothing is registered, and then nothing that
    takes time to load is loaded. Raises MaterialUnavailable."""
    if source is None:
        return None
    from gateway.releases.material.opening import open_registered

    return open_registered(source)
