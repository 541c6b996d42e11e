"""Finds the registered material, looks whether it is whole, and opens it where messages are read."""

from __future__ import annotations

from pathlib import Path

from gateway.model.material import Material
from gateway.model.trace import MaterialSource
from gateway.releases.material.folder import MaterialFolder
from gateway.releases.material.index import open_index
from gateway.releases.material.sealing import MaterialKey
from gateway.releases.material.unavailable import MaterialUnavailable


def find_registered(
    folder: Path, key_file: Path, before: MaterialSource | None = None
) -> MaterialSource | None:
    """Where material is, or why it cannot be used; None where none is registered. Every byte of it
    is read, but where nothing has changed since `before`."""
    kept = MaterialFolder(folder)
    try:
        standing = kept.standing(key_file)
    except MaterialUnavailable as error:
        return MaterialSource(folder, key_file, "", frozenset(), str(error))
    if standing is None:
        return None
    if before is not None and before.edition == standing.edition:
        return before
    try:
        key = MaterialKey.load(key_file)
        kept.settle(key)
        kept.check(key)
        standing = kept.standing(key_file) or standing
    except (MaterialUnavailable, OSError) as error:
        why = str(error) if isinstance(error, MaterialUnavailable) else str(error.strerror)
        return MaterialSource(folder, key_file, standing.edition, standing.releases, why)
    if not standing.documents:
        return None
    return MaterialSource(folder, key_file, standing.edition, standing.releases)


def open_registered(source: MaterialSource) -> Material | None:
    """The material as it is on disk now; None where all of it was removed meanwhile. What is not
    the edition that was looked through is looked through here. Raises MaterialUnavailable."""
    if source.fault:
        raise MaterialUnavailable(source.fault)
    kept = MaterialFolder(source.folder)
    standing = kept.standing(source.key_file)
    if standing is None:
        return None
    index = open_index(kept.index, MaterialKey.load(source.key_file))
    if standing.edition != source.edition:
        index.check()
    return index.material
