"""Where the tags of a page lead, or what they load: every attribute that holds an address.

Whatever an attribute is called (`data-href`, `originalsrc`, one of tomorrow's), an address in it
counts; so does one in a style, as browsers undo its escapes (CSS Syntax 3, section 4.3.7). What is
relative is also given below the page's `<base>` (HTML, section 4.2.3).
"""

from __future__ import annotations

import re
from urllib.parse import urljoin

_ADDRESSES = frozenset(
    ("href", "src", "srcset", "action", "formaction", "data", "background", "poster", "cite", "ping",
     "longdesc", "codebase", "manifest", "xlink:href", "data-href", "data-src", "imagesrcset")
)  # fmt: skip
_IN_STYLE = re.compile(
    r"url\(\s*[\"']?([^\"')]{1,4000})|@import\s+[\"']([^\"']{1,4000})", re.IGNORECASE
)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|([^\n]))")
_ABSOLUTE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|[/\\]{2}|#)", re.IGNORECASE)
_STARTS = ("//", "\\\\")
_LONGEST = 8000
_PAST_TEXT = 0x110000


class PageLinks:
    """Collects them in the order of the page."""

    def __init__(self) -> None:
        self._found: list[str] = []
        self._base = ""

    def add(self, tag: str, name: str, value: str) -> None:
        """One attribute; files that are held in it are none."""
        if tag == "base" and name == "href" and not self._base:
            self._base = value
        if name == "href" or (
            (name in _ADDRESSES or any(sign in value for sign in _STARTS))
            and len(value) <= _LONGEST
            and name[:5] != "xmlns"
            and value[:5].lower() != "data:"
        ):
            self._found.append(value)

    def style(self, css: str) -> None:
        if "\\" in css or any(sign in css for sign in _STARTS) or self._base:
            self._found += (_unescaped(one or other) for one, other in _IN_STYLE.findall(css))

    def take(self, other: PageLinks) -> None:
        """Those of a part of the page that was read by itself."""
        self._found += other._found

    @property
    def addresses(self) -> tuple[str, ...]:
        if not self._base:
            return tuple(self._found)
        joined = (self._joined(one) for one in self._found if not _ABSOLUTE.match(one))
        return tuple(dict.fromkeys((*self._found, *filter(None, joined))))

    def _joined(self, relative: str) -> str:
        try:
            return urljoin(self._base.strip(), relative.strip())
        except ValueError:
            return ""


def _unescaped(css: str) -> str:
    return _ESCAPE.sub(_character, css) if "\\" in css else css


def _character(escape: re.Match[str]) -> str:
    if escape[2]:
        return escape[2]
    number = int(escape[1], 16)
    return chr(number) if 0 < number < _PAST_TEXT else ""
