"""The registered material of releases: kept, merged and opened; digests alone, under a key."""

from __future__ import annotations

from gateway.releases.material.opening import MaterialUnavailable, open_material

__all__ = ["MaterialUnavailable", "open_material"]
