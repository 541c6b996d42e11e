"""DOCX, DOCM and their templates: the whole package, whatever its entries are called.

The body comes first, then every other entry: headers, notes, comments, glossary, settings,
charts, diagrams and embedded files.
"""

from __future__ import annotations

import posixpath
from typing import Iterator

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.fault import ContainerFault
from gateway.extract.office.container import Container
from gateway.extract.office.drawing import chart_table
from gateway.extract.office.package import Package
from gateway.extract.office.run_looks import Look, style_looks
from gateway.extract.office.story import Story, attribute_words
from gateway.extract.office.word_story import WordWalk
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

# Roots of parts that are on the page; all others lie beside it.
_ON_PAGE = frozenset(("document", "hdr", "ftr", "footnotes", "endnotes", "drawing", "dataModel"))
_MARKED_UP = _ON_PAGE | frozenset(
    ("comments", "glossaryDocument", "settings", "webSettings", "numbering", "styles", "fonts",
     "people", "commentsEx", "commentsIds", "commentsExtensible", "theme", "userShapes", "xml")
)  # fmt: skip


def read_document(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Contents in reading order; damage of one entry costs that entry."""
    try:
        container = Container(part.content, limits)
    except ContainerFault as fault:
        yield Gap(part.location, fault.reason, fault.detail)
        return
    document = _Document(part, container, limits)
    yield from document.around()
    yield from document.properties()
    yield from document.body()
    yield from document.rest()


class _Document(Package):
    """A document while it is read."""

    def __init__(self, part: Part, container: Container, limits: ReadLimits) -> None:
        super().__init__(part, container, limits)
        roots = [self.peek(key) for key in self.find(r"(?:.*/)?styles[^/]*\.xml")]
        self._looks: dict[str, Look] = style_looks(root for root in roots if root is not None)

    def body(self) -> Iterator[Content]:
        """The part that the package names as its document."""
        named = [entry for kind, entry in self.targets("").values() if kind == "officeDocument"]
        present = [entry for entry in named if entry in self.container.entries]
        if not present:
            present = self.find(r"word/document\d*\.xml")
        if not present:
            yield self.gap("body", "unreadable", "no main part")
        for key in present[:1]:
            yield from self.any_entry(key)

    def tree(self, key: str, root: etree._Element) -> Iterator[Content]:
        kind = local(root)
        where = "body" if kind == "document" else posixpath.splitext(posixpath.basename(key))[0]
        if kind in ("chartSpace", "chart"):
            yield from self.story(chart_story(self, root), where)
        elif kind in _MARKED_UP:
            story = WordWalk(self.allowance, self._looks).walk(root)
            yield from self.story(story, where, hidden=kind not in _ON_PAGE)
        else:
            yield from super().tree(key, root)


def chart_story(package: Package, root: etree._Element) -> Story:
    """A chart's titles and labels as lines, its cached values as a table."""
    table = chart_table(root, package.allowance)
    story = WordWalk(package.allowance).walk(root)
    if table is not None:
        story.tables.append(table)
    story.unseen += attribute_words(root)
    return story
