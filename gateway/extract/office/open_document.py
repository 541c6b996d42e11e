"""OpenDocument packages: sheets, texts, slides, drawings, charts, formulas, databases, old and new.

Every entry is walked, embedded objects like the document itself. What the manifest says is
encrypted is a Gap; versions, macros in other languages and databases are files of their own.
"""

from __future__ import annotations

import posixpath
import re
from typing import Any, Callable, Iterator

from gateway.extract import types
from gateway.extract.element_names import local
from gateway.extract.fault import ContainerFault
from gateway.extract.office.container import Container
from gateway.extract.office.office_xml import attribute, children, parse_xml
from gateway.extract.office.open_cells import OpenRows, OpenTree, Run
from gateway.extract.office.open_changes import deleted_cells
from gateway.extract.office.open_story import OpenWalk
from gateway.extract.office.open_styles import OpenStyles
from gateway.extract.office.package import SIGNIFICANT, Package, is_foreign
from gateway.extract.office.story import Allowance, Form, Story, aside_words, attribute_words
from gateway.extract.signatures import looks_like_text
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content, Properties
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_MANIFEST = "meta-inf/manifest.xml"
# StarView's metafile: how an object looks that is also there itself.
_METAFILE = b"VCLMTF"
_WIDE = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\0){4,}")
_NARROW = re.compile(rb"[\x20-\x7e]{5,}")
_MAX_CACHE = 1 << 16
# Entries whose text is on the page; the others lie beside it.
_MACROS = ("basic/", "scripts/")
_ON_PAGE = re.compile(r"(?:.*/)?(?:content|styles)\.xml")


def read_open_document(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Contents in reading order; damage of one entry costs that entry."""
    try:
        container = Container(part.content, limits)
    except ContainerFault as fault:
        yield Gap(part.location, fault.reason, fault.detail)
        return
    document = _OpenPackage(part, container, limits)
    yield from document.around()
    yield from document.locked()
    for key in ("meta.xml", "styles.xml", "content.xml"):
        if key in document.left:
            yield from document.any_entry(key)
    if not document.done & {"content.xml", "encrypted-package"}:
        yield document.gap("content.xml", "unreadable", "no content")
    yield from document.rest()


class OpenReading:
    """One document, in one XML file or several: its styles and its allowance are shared."""

    def __init__(
        self, part: Part, limits: ReadLimits, allowance: Allowance,
        embed: Callable[[str, bytes], Part],
    ) -> None:  # fmt: skip
        self.part, self._limits, self._allowance = part, limits, allowance
        self._embed = embed
        self._styles = OpenStyles()
        self._sheets = False
        self._form: Form = "text"

    def entry(self, where: str, data: bytes, hidden: bool) -> Iterator[Content]:
        """Properties, lines, tables, files and gaps."""
        story = Story()
        tree = self._parsed(data, story)
        root = tree.root
        kinds = {local(child) for body in root if local(body) == "body" for child in body}
        self._sheets = "spreadsheet" in kinds or local(root) == "spreadsheet"
        self._form = "workbook" if self._sheets or "chart" in kinds else "text"
        for meta in children(root, "meta"):
            items = tuple(_properties(meta, self._limits))
            if items:
                yield Properties(self.part.location.at("properties"), items)
        self._walk(story, tree.runs).walk(root)
        story.unseen += [*tree.displayed, *attribute_words(root)]
        if self._sheets:
            yield from self._sheet_names(story)
            story.tables += deleted_cells(root, self._allowance)
        yield from story.contents(self.part, where, self._limits, hidden)
        formulas = "\n".join(sorted(tree.formulas))
        yield from bounded_text(self.part, formulas, f"{where} formulas", self._limits, True)
        notes = "\n".join(aside_words(data))
        yield from bounded_text(self.part, notes, f"{where} notes", self._limits, True)
        if tree.damaged:
            yield Gap(self.part.location.at(where), "unreadable", "damaged XML, read in part")
        if tree.late:
            yield Gap(self.part.location.at(where), "timeout", "no time left, read in part")
        for name, content in story.parts:
            yield self._embed(name or f"a file in {where}", content)

    def _sheet_names(self, story: Story) -> Iterator[Content]:
        for hidden, where in ((False, "sheet names"), (True, "hidden sheet names")):
            names = [
                table.name.removeprefix("sheet ") for table in story.tables
                if (table.visibility != "visible") is hidden
            ]  # fmt: skip
            yield from bounded_text(self.part, "\n".join(names), where, self._limits, hidden)

    def _parsed(self, data: bytes, story: Story) -> OpenTree:
        def read_cell(cell: Any, runs: list[Run]) -> str:
            walk = self._walk(story, runs)
            walk.in_cell = []
            walk.walk(cell)
            return "\n".join(walk.in_cell)

        return OpenRows(self._allowance, self._limits, self._styles, read_cell).parse(data)

    def _walk(self, story: Story, runs: list[Run]) -> OpenWalk:
        return OpenWalk(story, self._styles, runs, self._form, self._sheets)


class _OpenPackage(Package):
    """A package while it is read."""

    def __init__(self, part: Part, container: Container, limits: ReadLimits) -> None:
        super().__init__(part, container, limits)
        self._reading = OpenReading(part, limits, self.allowance, self.file)

    def locked(self) -> Iterator[Content]:
        """Entries that the manifest says are encrypted (ODF 1.3 part 2, section 3.4)."""
        names: set[str] = set()
        root = self.peek(_MANIFEST)
        for entry in children(root, "file-entry") if root is not None else ():
            if any(local(child) == "encryption-data" for child in entry):
                names.add(attribute(entry, "full-path").lower())
        names = {name for name in self.container.entries if name in names}
        if names:
            self.done |= names
            yield self.gap(_MANIFEST, "encrypted", f"{len(names)} encrypted entries")
            if "content.xml" in names:
                self.done.add("content.xml")

    def xml_entry(self, key: str, content: bytes) -> Iterator[Content]:
        stem = posixpath.splitext(key)[0]
        where = {"content": "body", "styles": "headers, footers and styles"}.get(stem, stem)
        if key.startswith(_MACROS):
            where = f"macro {stem}"
        yield from self._reading.entry(where, content, hidden=not _ON_PAGE.fullmatch(key))
        if where == stem and len(content) > SIGNIFICANT and is_foreign(parse_xml(content)):
            # Records may be kept as XML: its own reader makes a table of them.
            yield self.file(posixpath.basename(key), content, "text/xml")

    def binary_entry(self, key: str, content: bytes) -> Iterator[Content]:
        if key == "mimetype":
            if content.decode("ascii", "replace").strip() not in types.OPEN_DOCUMENTS:
                yield from self.text(content.decode("utf-8", "replace"), key)
        elif key == "layout-cache" and len(content) < _MAX_CACHE and not looks_like_text(content):
            return
        elif key.startswith("objectreplacements/") and content.startswith(_METAFILE):
            words = [m[0].decode("utf-16-le") for m in _WIDE.finditer(content)]
            words += [m[0].decode("ascii") for m in _NARROW.finditer(content)]
            yield from self.text("\n".join(words), key)
        else:
            yield from super().binary_entry(key, content)


def _properties(meta: Any, limits: ReadLimits) -> Iterator[tuple[str, str]]:
    for child in meta:
        name = attribute(child, "name") or local(child)
        value = "".join(child.itertext()).strip()
        if name and value:
            yield name, value[: limits.text_chars]
        elif name:
            words = " ".join(str(v) for v in child.attrib.values())
            if words:
                yield name, words
