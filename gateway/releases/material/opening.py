"""Opens the registered material in a process that reads messages."""

from __future__ import annotations

from gateway.model.material import Material, MaterialSource


class MaterialUnavailable(Exception):
    """The material or its key cannot be read; the text is for operators and quotes nothing."""


def open_material(source: MaterialSource) -> Material:
    """The material as it is on disk. Raises MaterialUnavailable."""
    raise MaterialUnavailable("nothing is registered")
