"""How a run of text looks in Word, as far as it decides whether anybody sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterable

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.office.office_xml import attribute, children

WHITE = "FFFFFF"
# Half-points (ECMA-376 part 1, section 17.3.2.38): one point and less is a hair line.
_INVISIBLE_SIZE = 2
_NEAR = 12
_HIGHLIGHTS = {"white": WHITE, "black": "000000", "yellow": "FFFF00", "lightGray": "C0C0C0"}
OFF = frozenset(("0", "false", "off", "none"))


@dataclass(frozen=True, slots=True)
class Look:
    """Settings of one style or run; None where it says nothing and what it is based on holds."""

    vanish: bool | None = None
    colour: str | None = None
    size: int | None = None
    ground: str | None = None

    def over(self, base: Look) -> Look:
        return Look(
            base.vanish if self.vanish is None else self.vanish,
            base.colour if self.colour is None else self.colour,
            base.size if self.size is None else self.size,
            base.ground if self.ground is None else self.ground,
        )

    def hides(self, ground: str) -> bool:
        """Is text of this look unseen on that background ("" for one that is not known)?"""
        if self.vanish or (self.size is not None and self.size <= _INVISIBLE_SIZE):
            return True
        behind = self.ground or ground
        return bool(self.colour and behind) and _alike(self.colour or "", behind)


PLAIN = Look()


def run_look(properties: Any) -> Look:
    """The look that w:rPr, w:pPr or a:rPr gives."""
    vanish: bool | None = None
    colour = ground = None
    # DrawingML counts in hundredths of a point, in an attribute.
    size = _number(properties.get("sz"), 50)
    for child in properties:
        name = local(child)
        if name in ("vanish", "specVanish"):
            vanish = attribute(child, "val") not in OFF
        elif name == "color":
            colour = shown_colour(attribute(child, "val"), attribute(child, "themeColor"))
        elif name == "sz":
            size = _number(attribute(child, "val"), 1)
        elif name == "shd":
            ground = shown_colour(attribute(child, "fill"), attribute(child, "themeFill"))
        elif name == "highlight":
            ground = _HIGHLIGHTS.get(attribute(child, "val"), "808080")
    return Look(vanish, colour, size, ground)


def shown_colour(value: str, theme: str = "") -> str | None:
    """Six hexadecimal digits; None for "auto" and for colours that a theme decides."""
    if theme in ("background1", "light1"):
        return WHITE
    return value.upper() if len(value) == 6 and not theme else None


def _number(value: str | None, unit: int) -> int | None:
    if not value or not value.isdecimal() or len(value) > 6:
        return None
    return int(value) // unit


def _alike(colour: str, ground: str) -> bool:
    try:
        one, other = bytes.fromhex(colour), bytes.fromhex(ground)
    except ValueError:
        return False
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))


def style_looks(roots: Iterable[etree._Element]) -> dict[str, Look]:
    """The look of each style by its identifier, what it is based on included."""
    own: dict[str, Look] = {}
    bases: dict[str, str] = {}
    for root in roots:
        for style in children(root, "style"):
            name = attribute(style, "styleId")
            look = PLAIN
            for child in style:
                kind = local(child)
                if kind in ("rPr", "pPr"):
                    look = run_look(child).over(look)
                elif kind == "basedOn":
                    bases[name] = attribute(child, "val")
            own[name] = look
    return {name: _resolved(name, own, bases) for name in own}


def _resolved(name: str, own: dict[str, Look], bases: dict[str, str]) -> Look:
    look = PLAIN
    seen: set[str] = set()
    while name in own and name not in seen and len(seen) < 20:
        seen.add(name)
        look = look.over(own[name])
        name = bases.get(name, "")
    return look
