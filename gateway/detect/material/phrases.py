"""Finds text of registered documents again, however it is quoted, wrapped or cut."""

from __future__ import annotations

from gateway.model.content import Table, Text
from gateway.model.material import Material, Trace


class PhraseMatcher:
    """Built once in a process; read-only."""

    def __init__(self, material: Material) -> None:
        self._material = material

    def in_text(self, text: Text) -> list[Trace]:
        """The phrases that a text shares with registered documents."""
        return []

    def in_table(self, table: Table) -> list[Trace]:
        """The phrases that the cells of a table share with them."""
        return []
