"""A published list, as a page of the web -> its titles: rows of tables and items of lists.

Published lists hold titles and no addresses. Titles are kept as they are spelt, mistakes and all,
because that is what the public was told; only the number of people is taken out of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lxml import etree

from gateway.model.fault import Fault, Faults
from gateway.releases.entries import Unfit
from gateway.releases.importing.cells import published
from gateway.releases.importing.entry import Line, Listing
from gateway.releases.importing.heads import find_heads
from gateway.releases.importing.table import Sheet, read_sheets

_ASIDE = frozenset(
    ("nav", "header", "footer", "script", "style", "form", "aside", "template", "noscript")
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_UNSHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ITEMS = 2_000
_CELLS = 100_000
_SHOWN = 20
_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}  # fmt: skip
_NUMBER = rf"(\d{{1,3}}|{'|'.join(_WORDS)})"
_COUNTS = (
    re.compile(rf"\s*[x×*]\s*{_NUMBER}\s*$", re.IGNORECASE),
    re.compile(rf"\s*\(\s*[x×]?\s*{_NUMBER}\s*(?:people|persons?|posts?|staff|places?)?\s*\)\s*$", re.IGNORECASE),
    re.compile(rf"\s*[-–—,:]\s*{_NUMBER}\s*(?:people|persons?|posts?|places?)\s*$", re.IGNORECASE),
)  # fmt: skip
_WITHIN = re.compile(rf"\(\s*{_NUMBER}\s*(?:people|persons?)\s*\)", re.IGNORECASE)
_BEFORE = re.compile(rf"^{_NUMBER}\s*[x×]\s+", re.IGNORECASE)

_OF_PAGE = re.compile(
    r"pre-?release|access|\blists?\b|recipients|statistics|contents", re.IGNORECASE
)


def counted(title: str) -> tuple[str, int]:
    """A title without the number of people, and the number (1 where it gives none)."""
    for pattern in (*_COUNTS, _BEFORE):
        found = pattern.search(title)
        rest = title[: found.start()] + title[found.end() :] if found else ""
        if found and any(character.isalpha() for character in rest):
            number = found[1].casefold()
            return rest.strip(" ,;"), _WORDS.get(number) or int(number)
    within = _WITHIN.search(title)
    return title, _WORDS.get(within[1].casefold()) or int(within[1]) if within else 1


def read_page(name: str, source: str) -> Listing:
    """The titles on a page. Raises Faults where there are none, or one cannot be used."""
    page = _Page()
    parser = etree.HTMLParser(target=page, no_network=True, huge_tree=True)
    parser.feed(source)
    parser.close()
    listed = [Sheet(f"{name}, table {n}", rows) for n, rows in enumerate(page.tables, 1)]
    tables = [sheet for sheet in listed if find_heads(sheet.rows)]
    lines: list[Line] = []
    notes = [f"{name}: left out, because the page hides it: {text}" for text in page.unshown]
    faults: list[Fault] = []
    if page.cut:
        faults.append(Fault(name, 0, 0, "the page is far too long for a list of titles"))
    if tables:
        try:
            found = read_sheets(tables)
            lines += [_with_count(one) for one in found.lines]
            notes += found.notes
        except Faults as wrong:
            faults += wrong.faults
    for number, (organisation, text) in enumerate(page.items, 1):
        title, many = counted(text)
        try:
            lines.append(
                Line(published(title), organisation, many, place=(f"{name}, item", number))
            )
        except Unfit as unfit:
            faults.append(Fault(f"{name}, item", number, 0, str(unfit), unfit.hint))
    if not lines and not faults:
        hint = "titles are looked for in lists, and in tables with a head such as 'Job title'"
        faults.append(Fault(name, 0, 0, "no titles on this page", hint))
    if faults:
        raise Faults(faults)
    told = {"title", "count", "organisation"} | {
        "justification" for one in lines if one.justification
    }
    return Listing(tuple(_only_titles(one) for one in lines), frozenset(told), tuple(notes))


def _with_count(one: Line) -> Line:
    if one.count is not None:
        return one
    title, many = counted(one.title)
    return replace(one, title=title, count=many)


def _only_titles(one: Line) -> Line:
    return Line(one.title, one.organisation, one.count, one.justification, place=one.place)


@dataclass(slots=True)
class _Page:
    """What the parser sees: tables row by row, and items of lists under their heading."""

    tables: list[list[list[str]]] = field(default_factory=list)
    items: list[tuple[str, str]] = field(default_factory=list)
    unshown: list[str] = field(default_factory=list)
    cut: bool = False
    _aside: int = 0
    _hidden: int = 0
    _heading: str = ""
    _words: list[list[str]] = field(default_factory=list)
    _open: list[list[list[str]]] = field(default_factory=list)
    _cells: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._hidden or "hidden" in attributes or _UNSHOWN.search(attributes.get("style", "")):
            self._hidden += 1
        if tag in _ASIDE:
            self._aside += 1
        elif tag in _HEADINGS or tag in ("td", "th", "caption"):
            self._words.append([])
        elif tag == "li":
            self._item()
            self._words.append([])
        elif tag in ("ul", "ol"):
            self._item()
        elif tag == "table":
            self._open.append([])
        elif tag == "tr" and self._open:
            self._open[-1].append([])
        elif tag in ("br", "p", "div") and self._words:
            self._words[-1].append(" ")

    def end(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - 1)
        if tag in _ASIDE:
            self._aside = max(0, self._aside - 1)
        elif tag in _HEADINGS and self._words:
            self._headed(tag, _tidy(self._words.pop()))
        elif tag == "caption" and self._words:
            self._words.pop()
        elif tag in ("td", "th") and self._words:
            self._cell(_tidy(self._words.pop()))
        elif tag == "li" and self._words:
            self._item()
            self._words.pop()
        elif tag == "table" and self._open:
            self.tables.append([row for row in self._open.pop() if row])

    def data(self, text: str) -> None:
        if not self._words or self._aside:
            return
        if not self._hidden:
            self._words[-1].append(text)
        elif text.strip() and len(self.unshown) < _SHOWN:
            self.unshown.append(_tidy([text])[:100])

    def comment(self, text: str) -> None:
        return None

    def close(self) -> None:
        return None

    def _headed(self, tag: str, text: str) -> None:
        """A heading above items names their organisation, unless it names the page."""
        if text:
            self._heading = "" if tag == "h1" or _OF_PAGE.search(text) else text

    def _cell(self, text: str) -> None:
        if self._open and self._open[-1]:
            self._open[-1][-1].append(text)
            self._cells += 1
            self.cut = self.cut or self._cells > _CELLS

    def _item(self) -> None:
        """An item ends where it closes, and where a list or an item opens within it."""
        if self._words and not self._open:
            text = _tidy(self._words[-1])
            self._words[-1].clear()
            if text and len(self.items) < _ITEMS:
                self.items.append((self._heading, text))
            elif text:
                self.cut = True


def _tidy(words: list[str]) -> str:
    return " ".join("".join(words).split())
