"""Which styles of an OpenDocument file keep what they are applied to out of sight."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from gateway.extract.element_names import local
from gateway.extract.office.office_xml import attribute

_POINTS = re.compile(r"(\d*\.?\d+)(pt|cm|mm|in|px|pc)")
_PER_POINT = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0, "px": 0.75, "pc": 12.0}
_WHITE = "#ffffff"


@dataclass(slots=True)
class OpenStyles:
    """Names of styles that hide: text, whole tables, whole pages."""

    text: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)

    def add(self, style: Any) -> None:
        """One style:style element; those that it is based on came before."""
        name, parent = attribute(style, "name"), attribute(style, "parent-style-name")
        family = attribute(style, "family")
        if family in ("text", "paragraph"):
            hides = parent in self.text
            for properties in style:
                if local(properties) in ("text-properties", "properties"):
                    hides = _hides(properties, hides)
            if hides:
                self.text.add(name)
            return
        for properties in style:
            if attribute(properties, "display") == "false" and family == "table":
                self.tables.add(name)
            if attribute(properties, "visibility") == "hidden" and family == "drawing-page":
                self.pages.add(name)


def _hides(properties: Any, inherited: bool) -> bool:
    display = attribute(properties, "display")
    if display == "none":
        return True
    size = _POINTS.fullmatch(attribute(properties, "font-size"))
    if size and float(size[1]) * _PER_POINT[size[2]] <= 1:
        return True
    colour = attribute(properties, "color").lower()
    ground = attribute(properties, "background-color").lower()
    if colour:
        return colour == (ground if ground not in ("", "transparent") else _WHITE)
    return inherited and display == ""
