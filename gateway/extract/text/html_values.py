"""Values that stand in a page's tags: a record in the attributes of one element, or a cell in each.

Browsers show none of them. What merely draws the page is left out; its words are read with the
markup.
"""

from __future__ import annotations

from typing import Iterator, Mapping, Sized
from urllib.parse import parse_qsl

from gateway.extract.text.pasted import tables_in_text
from gateway.model.content import Table
from gateway.model.message import Gap, Part

MIN_RECORDS = 5
MIN_VALUES = 3
MAX_KINDS = 500
MAX_VALUES = 1_000_000
# What draws a page, loads something or says how it is to be used.
_DRAWING = frozenset(
    """style width height border cellpadding cellspacing align valign bgcolor color face size target
    colspan rowspan type lang dir rel src srcset sizes media background xmlns role hspace vspace
    nowrap scope method action charset http-equiv tabindex x y x1 x2 y1 y2 cx cy r rx ry dx dy d
    points transform viewbox fill stroke stroke-width fill-opacity stroke-opacity opacity offset
    font-size font-family font-weight text-anchor clip-path marker-end version""".split()
)  # fmt: skip
_LINKS, _CLASSES = "links", "classes"


class TagValues:
    """Collects what the tags of a page hold."""

    def __init__(self) -> None:
        self.cut = False
        self._records: dict[tuple[str, ...], list[list[str]]] = {}
        self._values: dict[tuple[str, str], list[str]] = {}
        self._classes: set[str] = set()
        self._left = MAX_VALUES

    def add(self, tag: str, attributes: Mapping[str, str]) -> None:
        names = [name for name in attributes if name not in _DRAWING]
        for name in names:
            value = attributes[name]
            if name == "href":
                self._asked(value)
            elif name == "class":
                self._classed(value)
            elif value:
                self._add((tag, name), value)
        if len(names) >= MIN_VALUES:
            self._keep((tag, *names), [attributes[name] for name in names])

    def _asked(self, link: str) -> None:
        """What a link asks for: names and values."""
        pairs = parse_qsl(link.partition("?")[2]) if link.count("=") >= MIN_VALUES else ()
        if MIN_VALUES <= len(pairs) <= MAX_KINDS:
            self._keep((_LINKS, *(name for name, _ in pairs)), [value for _, value in pairs])

    def _classed(self, names: str) -> None:
        cells = names.split() if names not in self._classes else ()
        # The classes of a page's boxes come again and again.
        self._classes.add(names)
        if len(cells) >= MIN_VALUES:
            self._keep((_CLASSES, *("" for _ in cells)), list(cells))

    def _add(self, kind: tuple[str, str], value: str) -> None:
        values = self._values.get(kind)
        if values is None:
            if self._full(self._values):
                return
            values = self._values[kind] = []
        if not values or values[-1] != value:
            self._left -= 1
            self.cut = self.cut or self._left < 0
            if not self.cut:
                values.append(value)

    def _keep(self, kind: tuple[str, ...], record: list[str]) -> None:
        rows = self._records.get(kind)
        if rows is None:
            if self._full(self._records):
                return
            rows = self._records[kind] = [list(kind[1:])]
        self._left -= len(record)
        self.cut = self.cut or self._left < 0
        if not self.cut:
            rows.append(record)

    def _full(self, kinds: Sized) -> bool:
        self.cut = self.cut or len(kinds) >= MAX_KINDS
        return self.cut

    def tables(self, part: Part) -> Iterator[Table | Gap]:
        for kind, rows in self._records.items():
            if len(rows) <= MIN_RECORDS or (kind[0] in (_LINKS, _CLASSES) and not _vary(rows[1:])):
                continue
            if not any(rows[0]):
                rows = rows[1:]
            location = part.location.at(f"attributes of {kind[0][:20]}")
            yield Table(location, rows, "hidden", total_rows=len(rows))
        for (tag, name), values in self._values.items():
            if len(values) >= MIN_RECORDS:
                where = f"attribute {name[:20]} of {tag[:20]}"
                yield from tables_in_text(part, "\n".join(values), where)
        if self.cut:
            yield Gap(part.location, "limit", "more values in tags than are kept apart")


def _vary(rows: list[list[str]]) -> bool:
    """Links that are followed and boxes that are numbered differ in little."""
    return sum(len(set(cells)) > 1 for cells in zip(*rows, strict=True)) >= MIN_VALUES
