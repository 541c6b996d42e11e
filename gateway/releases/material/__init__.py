"""The registered material of releases: kept, merged and opened; digests alone, under a key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gateway.model.trace import MaterialSource
from gateway.releases.material.unavailable import MaterialUnavailable

if TYPE_CHECKING:
    from gateway.model.material import Material

__all__ = ["MaterialUnavailable", "find_material", "open_material"]


def find_material(
    folder: Path, key_file: Path, before: MaterialSource | None = None
) -> MaterialSource | None:
    """Where material is, or why it cannot be used; None where none is registered. Every byte of it
    is read, but where nothing has changed since `before`."""
    if _is_empty(folder):
        return None
    from gateway.releases.material.opening import find_registered

    return find_registered(folder, key_file, before)


def _is_empty(folder: Path) -> bool:
    """Whether there certainly is nothing. What cannot be looked into is not empty."""
    try:
        return not folder.exists() or not any(
            path.name == ".index" or (path.is_dir() and path.name[0] != ".")
            for path in folder.iterdir()
        )
    except OSError:
        return False


def open_material(source: MaterialSource | None) -> Material | None:
    """The material as it is on disk now; None where nothing is registered, and then nothing that
    takes time to load is loaded. Raises MaterialUnavailable."""
    if source is None:
        return None
    from gateway.releases.material.opening import open_registered

    return open_registered(source)
