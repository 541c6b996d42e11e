"""PPTX, PPTM, shows and templates: slides in their order with what belongs to them, then the rest.

Hidden slides, slides that no show has, shapes that are hidden or lie beside the slide, notes and
comments are all read, as hidden.
"""

from __future__ import annotations

import posixpath
from typing import Any, Iterator

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.fault import ContainerFault
from gateway.extract.office.container import Container
from gateway.extract.office.document import chart_story
from gateway.extract.office.office_xml import attribute, children
from gateway.extract.office.package import Package
from gateway.extract.office.story import Allowance
from gateway.extract.office.word_story import WordWalk
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

Size = tuple[int, int]
# What many slides share, or what belongs to another slide.
_SHARED = frozenset(("slideLayout", "slideMaster", "slide", "notesMaster", "theme", "tableStyles"))
_ON_SLIDE = frozenset(("sld", "sldLayout", "sldMaster", "dataModel", "drawing"))
_MARKED_UP = _ON_SLIDE | frozenset(
    ("notes", "notesMaster", "handoutMaster", "cmLst", "cmAuthorLst", "presentation", "authorLst",
     "tagLst", "presentationPr", "viewPr", "tblStyleLst", "theme", "userShapes")
)  # fmt: skip
_SHAPES = frozenset(("sp", "grpSp", "graphicFrame", "pic", "cxnSp"))


def read_slides(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Contents in the order of the show; damage of one entry costs that entry."""
    try:
        container = Container(part.content, limits)
    except ContainerFault as fault:
        yield Gap(part.location, fault.reason, fault.detail)
        return
    show = _Show(part, container, limits)
    yield from show.around()
    yield from show.properties()
    yield from show.slides()
    yield from show.rest()


class _Show(Package):
    """A presentation while it is read."""

    def __init__(self, part: Part, container: Container, limits: ReadLimits) -> None:
        super().__init__(part, container, limits)
        named = [entry for kind, entry in self.targets("").values() if kind == "officeDocument"]
        self._main = next((e for e in named if e in container.entries), "ppt/presentation.xml")
        self._size: Size = (0, 0)
        self._where = ""
        self._hidden = False

    def slides(self) -> Iterator[Content]:
        root = self.peek(self._main)
        if root is None:
            yield self.gap("presentation", "unreadable", "no readable main part")
        targets = self.targets(self._main)
        order: list[str] = []
        for element in root.iter() if root is not None else ():
            if local(element) == "sldSz":
                size = [attribute(element, name) for name in ("cx", "cy")]
                self._size = (_emu(size[0]), _emu(size[1]))
            elif local(element) == "sldId":
                order.append(targets.get(_relation(element), ("", ""))[1])
        listed = [entry for entry in order if entry in self.container.entries]
        if len(listed) < len(order):
            yield self.gap("presentation", "unreadable", "a slide without its part")
        orphans = [e for e in self.find(r"ppt/slides/[^/]+\.xml") if e not in listed]
        for number, entry in enumerate([*listed, *orphans], 1):
            if entry not in self.done:
                yield from self._slide(entry, number, entry in listed)

    def _slide(self, entry: str, number: int, listed: bool) -> Iterator[Content]:
        self._where = f"slide {number}" if listed else f"slide {number}, in no show"
        root = self.peek(entry)
        self._hidden = not listed or (
            root is not None and attribute(root, "show") in ("0", "false")
        )
        related = [other for kind, other in self.targets(entry).values() if kind not in _SHARED]
        yield from self.any_entry(entry)
        for other in related:
            if other in self.container.entries and other not in self.done:
                yield from self.any_entry(other)
        self._where, self._hidden = "", False

    def tree(self, key: str, root: etree._Element) -> Iterator[Content]:
        kind = local(root)
        stem = posixpath.splitext(posixpath.basename(key))[0]
        where = self._where if kind == "sld" else f"{self._where} {stem}".strip()
        if kind in ("chartSpace", "chart"):
            yield from self.story(chart_story(self, root), where, self._hidden)
        elif kind in _MARKED_UP:
            story = _SlideWalk(self.allowance, self._size).walk(root)
            hidden = self._hidden or kind not in _ON_SLIDE
            yield from self.story(story, where, hidden)
        else:
            yield from super().tree(key, root)


class _SlideWalk(WordWalk):
    """A slide's shapes: hidden ones, and those that lie beside it."""

    def __init__(self, allowance: Allowance, size: Size) -> None:
        super().__init__(allowance)
        self._size = size
        self._away: list[Any] = []

    def _start(self, name: str, element: Any) -> None:
        if name in _SHAPES and self._unseen_shape(element):
            self._away.append(element)
            self._unseen += 1
        super()._start(name, element)

    def _end(self, name: str, element: Any) -> None:
        super()._end(name, element)
        if self._away and self._away[-1] is element:
            self._away.pop()
            self._unseen -= 1

    def _unseen_shape(self, element: Any) -> bool:
        for child in element:
            kind = local(child)
            if kind.startswith("nv"):
                if any(attribute(e, "hidden") in ("1", "true") for e in children(child, "cNvPr")):
                    return True
            elif kind == "xfrm" or kind in ("spPr", "grpSpPr"):
                frame = child if kind == "xfrm" else next(children(child, "xfrm"), None)
                # Shapes in a group are placed in the group's own measures.
                if local(element.getparent()) == "spTree" and frame is not None:
                    return _outside(frame, self._size)
        return False


def _outside(frame: Any, size: Size) -> bool:
    place = {local(child): child for child in frame}
    if "off" not in place or not size[0]:
        return False
    x, y = (_emu(attribute(place["off"], name)) for name in ("x", "y"))
    extent = place.get("ext")
    wide, high = (_emu(attribute(extent, n)) if extent is not None else 0 for n in ("cx", "cy"))
    return x >= size[0] or y >= size[1] or x + wide <= 0 < wide or y + high <= 0 < high


def _emu(value: str) -> int:
    digits = value.removeprefix("-")
    if not digits.isdecimal() or len(digits) > 15:
        return 0
    return int(value)


def _relation(element: Any) -> str:
    """r:id, not the slide's own id."""
    for key, value in element.attrib.items():
        if key.endswith("}id"):
            return str(value)
    return ""
