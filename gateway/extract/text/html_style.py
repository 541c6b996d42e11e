"""Which CSS hides an element from the person who reads the message.

Judges inline styles and simple class, id and tag selectors; it errs towards "visible", and
hidden text is read all the same.
"""

from __future__ import annotations

import re
from typing import Mapping

_QUOTED_CONTENT = re.compile(r"""(?:content|--[\w-]{1,60})\s*:\s*["']([^"']{1,2000})["']""", re.I)
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*)?[.#][a-z0-9_-]+|[a-z0-9_-]+", re.I)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*"
    r"(?:0*(?:\.0+)?(?:px|pt|r?em|ex|%)?|[01]?(?:\.\d+)?(?:px|pt)|0?\.[01]\d*r?em|[0-9]%)\s*(?:[;!]|$)"
    r"|mso-hide\s*:\s*all|opacity\s*:\s*0(?:\.0\d*)?\s*(?:[;!]|$)|text-indent\s*:\s*-\d{3,}"
    r"|(?:left|top|right)\s*:\s*-\d{3,}|max-height\s*:\s*0|clip\s*:\s*rect\(0",
    re.I,
)
_COLOUR = re.compile(r"(?<![-\w])color\s*:\s*([^;!]{1,60})", re.I)
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!]{1,60})", re.I)
_NAMED = {"white": "#ffffff", "black": "#000000", "transparent": ""}
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*([\d.]+)\s*)?\)")
MAX_CSS = 500_000


def hides(
    tag: str, attributes: Mapping[str, str], background: str, selectors: frozenset[str]
) -> tuple[bool, str]:
    """Is the element hidden, and which background colour do its children stand on?"""
    style = attributes.get("style", "")
    colour = ""
    if "bgcolor" in attributes:
        background = _colour(attributes["bgcolor"]) or background
    if "color" in attributes:
        colour = _colour(attributes["color"])
    if style:
        if match := _BACKGROUND.search(style):
            background = _colour(match[1]) or background
        if match := _COLOUR.search(style):
            colour = _colour(match[1])
    if colour and colour == background:
        return True, background
    if style and _HIDING.search(style):
        return True, background
    if "hidden" in attributes or attributes.get("type") == "hidden":
        return True, background
    return bool(selectors) and _selected(tag, attributes, selectors), background


def _selected(tag: str, attributes: Mapping[str, str], selectors: frozenset[str]) -> bool:
    if tag in selectors or f"#{attributes.get('id', '')}" in selectors:
        return True
    return any(
        f".{name}" in selectors or f"{tag}.{name}" in selectors
        for name in attributes.get("class", "").lower().split()
    )


def hidden_selectors(css: str) -> frozenset[str]:
    """Selectors whose declarations hide, at the top level of a style sheet."""
    found: set[str] = set()
    css = _cut_comments(css[:MAX_CSS])[0]
    at_media = css.find("@media")
    # Rules inside @media hold on some screens only: what they hide others see.
    for rule in (css if at_media < 0 else css[:at_media]).split("}"):
        head, brace, declarations = rule.rpartition("{")
        if brace and _HIDING.search(declarations):
            names = (name.strip() for name in head.rpartition("{")[2].split(","))
            found |= {name.lower() for name in names if _SIMPLE.fullmatch(name)}
    return frozenset(found)


def _cut_comments(css: str) -> tuple[str, list[str]]:
    """A style sheet without its comments, and the comments; one pass."""
    if "/*" not in css:
        return css, []
    first, *rest = css.split("/*")
    kept, comments = [first], []
    for piece in rest:
        text, _, after = piece.partition("*/")
        comments.append(text)
        kept.append(after)
    return " ".join(kept), comments


def style_texts(css: str) -> list[str]:
    """Words that a style sheet carries: comments and generated content."""
    css = css[:MAX_CSS]
    texts = [m[1] for m in _QUOTED_CONTENT.finditer(css)] + _cut_comments(css)[1]
    return [f"\ue000{text}\ue000" for text in texts if text.strip()]


def _colour(value: str) -> str:
    value = (
        value.strip().lower().split(" ")[0]
        if not value.strip().startswith("rgb")
        else value.strip()
    )
    if match := _RGB.match(value):
        if match[4] and match[4].strip("0.") == "":
            return ""
        return "#" + "".join(f"{min(int(match[i]), 255):02x}" for i in (1, 2, 3))
    if value in _NAMED:
        return _NAMED[value]
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        return "#" + "".join(c * 2 for c in value[1:])
    if re.fullmatch(r"#?[0-9a-f]{6}", value):
        return "#" + value.lstrip("#")
    return value
