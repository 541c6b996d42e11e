"""SDMX-ML 2.0 to 3.0: the header as properties, the observations as one table a data set.

Generic, compact and structure-specific messages differ in where a value stands (in a `Value`
element or in an attribute); an observation has its own values and those of all it stands in.
"""

from __future__ import annotations

import re
from typing import Any, Iterator

from lxml import etree

from gateway.extract.element_names import local
from gateway.model.content import Content, Properties, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_NAMESPACE = "sdmx.org/resources/sdmxml"
# Elements whose `Value`s belong to the element around them.
_KEYS = frozenset(("SeriesKey", "ObsKey", "GroupKey", "Attributes"))
_MAX_HEADER = 200
_MOST_NESTING = 8
_TECHNICAL = "{"
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_TYPE = re.compile(r"(?:[A-Za-z]\w{0,40}:)?[A-Za-z][A-Za-z_]{0,60}")


def is_sdmx(root: Any) -> bool:
    return isinstance(root.tag, str) and any(
        _NAMESPACE in uri.lower() for uri in root.nsmap.values() if uri
    )


def read_sdmx(part: Part, root: Any, limits: ReadLimits) -> Iterator[Content]:
    """Properties of the header and a Table of each data set; what was read as a table is taken
    out of `root`, so that the rest can be read as any XML."""
    header = next((e for e in root.iter(etree.Element) if local(e) == "Header"), None)
    if header is not None:
        yield Properties(part.location.at("header"), tuple(_header(header)))
    sets = [e for e in root.iter(etree.Element) if local(e) == "DataSet"]
    left = limits.cells
    for index, data_set in enumerate(sets, 1):
        found = _Observations(left)
        found.read(data_set)
        left -= found.cells
        where = "data set" if len(sets) == 1 else f"data set {index}"
        if len(found.rows) > 0:
            yield Table(
                part.location.at(where), found.as_rows(), total_rows=len(found.rows) + 1,
                form="records",
            )  # fmt: skip
        if found.cut:
            yield Gap(part.location.at(where), "limit", f"more than {limits.cells} cells")


def _header(header: Any) -> Iterator[tuple[str, str]]:
    count = 0
    for element in header.iter(etree.Element):
        text = (element.text or "").strip()
        if text:
            yield local(element), text[:2000]
            count += 1
        for key, value in element.attrib.items():
            if local(element) in ("Sender", "Receiver") and key == "id":
                yield local(element), value[:2000]
        if count >= _MAX_HEADER:
            return


class _Observations:
    """The leaves of a data set with everything that is said around them."""

    def __init__(self, most: int) -> None:
        self.rows: list[dict[str, str]] = []
        self.cells, self.cut = 0, False
        self._header: dict[str, None] = {}
        self._most = most
        self._said: set[str] = set()

    def as_rows(self) -> list[list[str]]:
        names = list(self._header)
        return [names, *([row.get(name, "") for name in names] for row in self.rows)]

    def read(self, data_set: Any) -> None:
        inherited: dict[str, str] = {}
        for child in list(data_set.iterchildren(etree.Element)):
            if local(child) in ("Series", "Obs", "Section", "Group") or child.attrib:
                self._said = set()
                self._below(child, inherited, 0)
                if not self.cut and not _has_words(child) and self._is_whole(child):
                    data_set.remove(child)

    def _is_whole(self, element: Any) -> bool:
        """Is everything that its attributes say in a row? Who says more is read as any XML, too."""
        said = self._said
        for inner in element.iter(etree.Element):
            for key, value in inner.attrib.items():
                if value not in said and not (key.startswith(_INSTANCE) and _TYPE.fullmatch(value)):
                    return False
        return True

    def _below(self, element: Any, inherited: dict[str, str], depth: int) -> None:
        own = dict(inherited)
        for key, value in element.attrib.items():
            if not key.startswith(_TECHNICAL):
                own[key] = value
        inner = []
        for child in element.iterchildren(etree.Element):
            tag = local(child)
            if tag in _KEYS:
                _values_in(child, own)
            elif tag in ("ObsDimension", "ObsValue", "Value"):
                own[_concept(child, tag)] = child.get("value", "")
            elif tag == "Time":
                own["TIME_PERIOD"] = (child.text or "").strip()
            elif tag != "Annotations":
                inner.append(child)
        if local(element) == "Group":
            return  # stays in the tree: what groups say is read as words
        if inner and depth < _MOST_NESTING:
            for child in inner:
                self._below(child, own, depth + 1)
        elif own:
            self.cells += len(own)
            if self.cells > self._most:
                self.cut = True
                return
            for name in own:
                if name not in self._header:
                    self._header[name] = None
            self.rows.append(own)
            self._said.update(own, own.values())


def _values_in(keys: Any, own: dict[str, str]) -> None:
    for value in keys.iterchildren(etree.Element):
        own[_concept(value, local(value))] = value.get("value", "")


def _concept(element: Any, tag: str) -> str:
    if tag == "ObsValue":
        return str(element.get("id") or "OBS_VALUE")
    return str(element.get("id") or element.get("concept") or "TIME_PERIOD")


def _has_words(element: Any) -> bool:
    """Annotations, texts and groups, which are no observations."""
    if local(element) == "Group":
        return True
    return any(
        (node.text and node.text.strip() and local(node) != "Time")
        or (node.tail and node.tail.strip())
        for node in element.iter(etree.Element)
    )
