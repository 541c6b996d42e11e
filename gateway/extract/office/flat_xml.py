"""Office documents written as one XML file: flat OpenDocument, flat Open XML, Word and Excel 2003.

Each is read by what reads its packaged sibling; flat Open XML is put back into its package.
"""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
from typing import Any, Iterator

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.fault import ContainerFault
from gateway.extract.office.office_xml import attribute, children, parse_xml, words
from gateway.extract.office.open_document import OpenReading
from gateway.extract.office.run_looks import style_looks
from gateway.extract.office.story import Allowance, aside_words
from gateway.extract.office.word_story import WordWalk
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content, Properties
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_PROPERTIES = ("DocumentProperties", "CustomDocumentProperties")


def read_flat_open_document(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """.fods, .fodt, .fodp, .fodg."""
    files = _Files(part)
    reading = OpenReading(part, limits, Allowance(limits.cells), files.file)
    try:
        yield from reading.entry("body", part.content, hidden=False)
    except ContainerFault as fault:
        yield Gap(part.location, fault.reason, fault.detail)


def read_word_xml(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Word's own XML of 2003: body, headers, notes and changes in one tree."""
    try:
        root = parse_xml(part.content)
    except ContainerFault as fault:
        yield Gap(part.location, fault.reason, fault.detail)
        return
    yield from document_properties(part, root, limits)
    story = WordWalk(Allowance(limits.cells), style_looks([root])).walk(root)
    yield from story.contents(part, "body", limits)
    notes = "\n".join(aside_words(part.content))
    yield from bounded_text(part, notes, "notes", limits, True)
    files = _Files(part)
    for name, content in story.parts:
        yield files.file(name or "a file in the document", content)


def read_flat_package(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Flat Open XML: the package that it was, for the reader of that package."""
    try:
        root = parse_xml(part.content)
    except ContainerFault as fault:
        yield Gap(part.location, fault.reason, fault.detail)
        return
    notes = "\n".join(aside_words(part.content))
    yield from bounded_text(part, notes, "notes", limits, True)
    out = io.BytesIO()
    between = "\n".join(words(piece) for piece in root if local(piece) not in ("part", ""))
    yield from bounded_text(part, between, "between the parts", limits, True)
    names: set[str] = set()
    with zipfile.ZipFile(out, "w") as package:
        for piece in root:
            if local(piece) != "part":
                continue
            name = attribute(piece, "name").lstrip("/")
            if not name or name in names or len(names) >= limits.entries:
                yield Gap(part.location, "unreadable", "parts without a name of their own")
                continue
            names.add(name)
            try:
                package.writestr(name, b"".join(_content(piece)))
            except (binascii.Error, ValueError):
                yield Gap(part.location.at(name), "unreadable", "damaged base64")
        if "[Content_Types].xml" not in names:
            package.writestr("[Content_Types].xml", _content_types(root))
    yield _Files(part).file(part.name or "flat package", out.getvalue())


def _content(piece: Any) -> Iterator[bytes]:
    for child in piece:
        kind = local(child)
        if kind == "xmlData":
            for root in child:
                if isinstance(root.tag, str):
                    yield etree.tostring(root, encoding="utf-8", with_tail=False)
        elif kind == "binaryData":
            yield base64.b64decode("".join(child.itertext()))


def _content_types(root: Any) -> bytes:
    """What says which part is the document."""
    types = etree.Element("Types")
    for piece in children(root, "part"):
        override = etree.SubElement(types, "Override")
        override.set("PartName", attribute(piece, "name"))
        override.set("ContentType", attribute(piece, "contentType"))
    return bytes(etree.tostring(types))


def document_properties(part: Part, root: Any, limits: ReadLimits) -> Iterator[Content]:
    """The properties that Office 2003 kept at the head of its XML."""
    for name in _PROPERTIES:
        for element in children(root, name):
            items = tuple(
                (local(child), "".join(child.itertext())[: limits.text_chars])
                for child in element if local(child)
            )  # fmt: skip
            if items:
                yield Properties(part.location.at("properties"), items)


class _Files:
    """Numbers for what is embedded in one part."""

    def __init__(self, part: Part) -> None:
        self._part, self._count = part, 0

    def file(self, name: str, content: bytes) -> Part:
        self._count += 1
        number = f"{self._part.number}!{self._count}"
        return Part(
            number,
            "application/octet-stream",
            "attachment",
            content,
            name,
            "",
            self._part.depth + 1,
        )
