"""Asks everything that knows registered material about one text or table.

Invariant: what is found are traces, whose parts are places, digests and bits (law 8); what they
amount to is concluded once for the whole message.
"""

from __future__ import annotations

from gateway.detect.material.figures import FigureMatcher
from gateway.detect.material.phrases import PhraseMatcher
from gateway.model.content import Table, Text
from gateway.model.material import Material, Trace


class MaterialMatcher:
    """Built once in a process; read-only."""

    def __init__(self, material: Material) -> None:
        self._phrases = PhraseMatcher(material)
        self._figures = FigureMatcher(material)

    def in_text(self, text: Text) -> list[Trace]:
        """What a text shares with the material of any release."""
        return [*self._phrases.in_text(text), *self._figures.in_text(text)]

    def in_table(self, table: Table, shared: bool = True) -> list[Trace]:
        """What a table shares with it. `shared`: with the strings that the tables of its file have
        in common."""
        return [*self._phrases.in_table(table, shared), *self._figures.in_table(table)]
