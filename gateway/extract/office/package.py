"""Packages of office documents: every entry is read, is a file to be read, or is a Gap.

What is common to Open XML and OpenDocument: the zip around them, relationships, properties, and
the entries that no reader of a format has taken for itself.
"""

from __future__ import annotations

import html
import posixpath
import re
from time import monotonic
from typing import Iterator

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.fault import ContainerFault
from gateway.extract.office.container import Container
from gateway.extract.office.embedded_font import is_font
from gateway.extract.office.embedded_pictures import is_preview
from gateway.extract.office.office_xml import attribute, children, parse_xml, words
from gateway.extract.office.printer_settings import printer_settings
from gateway.extract.office.story import Allowance, Story, aside_words, attribute_words
from gateway.extract.text.charset import decode
from gateway.extract.text.plain import bounded_text
from gateway.extract.xml_roots import type_of_root
from gateway.model.content import Content, Properties
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, GapReason, Part

# Of the seconds that are left; what was read before must still be handed on.
_SHARE = 0.9
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[?!a-zA-Z_]|\xff\xfe<\0|\xfe\xff\0<")
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype html|html)", re.I)
# Files in their own right, though some are written in XML.
_FILES = re.compile(r".*/(?:embeddings|afchunks?|media)/|.*\.(?:html?|mht|mhtml|rtf|svg|txt|csv)$")
_FONTS = re.compile(r".*/fonts?/[^/]+\.(?:odttf|fntdata|ttf|otf|ttc|woff2?)$", re.I)
_PRINTER = re.compile(r".*/printersettings/[^/]+\.bin$")
_THUMBNAIL = re.compile(r"(?:docprops/thumbnail|thumbnails/thumbnail)\.[a-z]+$")
_ODD_NAME = re.compile(r"[^\x21-\x7e]|[^\W\d_]{3,}[_ -][^\W\d_]{3,}[_ -]")
# Names of entries, of their kinds, and the numbers by which they are called.
_PATH = re.compile(r"[\w./-]{1,120}\.\w{2,10}|rId\w{1,10}|\w{2,8}")
_TAGS = re.compile(r"<[^>]*>")
_LABELS = frozenset(("docmetadata/labelinfo.xml",))
SIGNIFICANT = 2000
_OFFICE = re.compile(
    r"\{(?:http://(?:schemas\.(?:openxmlformats\.org|microsoft\.com)|purl\.oclc\.org/ooxml|openoffice\.org)/"
    r"|urn:(?:schemas-microsoft-com|oasis:names:tc:opendocument):)|\{[^}]*/office/"
)


class Package:
    """One document while it is read; `done` are the entries that have been."""

    def __init__(self, part: Part, container: Container, limits: ReadLimits) -> None:
        self.part, self.container, self.limits = part, container, limits
        self.allowance = Allowance(limits.cells)
        self.done: set[str] = set()
        self._roots: dict[str, etree._Element] = {}
        self._index = 0
        self._until, self._late = monotonic() + limits.seconds * _SHARE, False

    @property
    def left(self) -> list[str]:
        return [key for key in self.container.entries if key not in self.done]

    def gap(self, entry: str, reason: GapReason, detail: str) -> Gap:
        return Gap(self.part.location.at(entry), reason, detail)

    def find(self, pattern: str) -> list[str]:
        """Entries whose whole name matches."""
        compiled = re.compile(pattern)
        return [key for key in self.container.entries if compiled.fullmatch(key)]

    def read(self, key: str) -> bytes:
        """An entry's bytes, once; raises ContainerFault."""
        self.done.add(key)
        return self.container.read(key, self.limits.expanded_bytes)

    def peek(self, key: str) -> etree._Element | None:
        """The root of an entry that is also read as a text later; None where it is damaged, which
        that later reading will say."""
        if key not in self.container.entries:
            return None
        if key not in self._roots:
            try:
                self._roots[key] = parse_xml(self.container.read(key, self.limits.expanded_bytes))
            except ContainerFault:
                return None
        return self._roots[key]

    def targets(self, key: str) -> dict[str, tuple[str, str]]:
        """(type, entry) of each internal relationship of an entry, by its identifier."""
        folder, name = posixpath.split(key)
        root = self.peek(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, tuple[str, str]] = {}
        for relation in children(root, "Relationship") if root is not None else ():
            if attribute(relation, "TargetMode") == "External":
                continue
            target = attribute(relation, "Target")
            path = target if target.startswith("/") else f"{folder}/{target}"
            entry = posixpath.normpath(path).lstrip("/").lower()
            kind = attribute(relation, "Type").rpartition("/")[2]
            found[attribute(relation, "Id")] = (kind, entry)
        return found

    def file(self, name: str, content: bytes, kind: str = "application/octet-stream") -> Part:
        """Something embedded that has a reader of its own, or none."""
        self._index += 1
        number = f"{self.part.number}!{self._index}"
        return Part(number, kind, "attachment", content, name, "", self.part.depth + 1)

    def text(self, text: str, where: str, hidden: bool = True) -> Iterator[Content]:
        yield from bounded_text(self.part, text, where, self.limits, hidden)

    def story(self, story: Story, where: str, hidden: bool = False) -> Iterator[Content]:
        yield from story.contents(self.part, where, self.limits, hidden)
        for name, content in story.parts:
            yield self.file(name or f"a file in {where}", content)

    def around(self) -> Iterator[Content]:
        """What the zip itself says; what stands in it beside its entries is read elsewhere."""
        for sentence in self.container.faults:
            yield Gap(self.part.location, "unreadable", sentence)
        names = [e.name for e in self.container.entries.values() if _ODD_NAME.search(e.name)]
        yield from self.text("\n".join(names), "names of entries")

    def properties(self) -> Iterator[Content]:
        """Core, extended and custom properties, and sensitivity labels (MS-OFFCRYPTO)."""
        for key in [*self.find(r"docprops/[^/]+\.xml"), *self.find(r"docmetadata/[^/]+\.xml")]:
            try:
                root = parse_xml(data := self.read(key))
            except ContainerFault as fault:
                yield self.gap(key, fault.reason, fault.detail)
                continue
            items = list(_items(root, key in _LABELS))
            if items:
                bounded = tuple((n, v[: self.limits.text_chars]) for n, v in items)
                yield Properties(self.part.location.at(key), bounded)
            yield from self.text("\n".join(aside_words(data)), f"{key} notes")

    def rest(self) -> Iterator[Content]:
        """Every entry that nobody has taken."""
        for key in self.left:
            yield from self.any_entry(key)

    def any_entry(self, key: str) -> Iterator[Content]:
        if monotonic() > self._until:
            if not self._late:
                yield self.gap(key, "timeout", "no time left, from this entry on")
            self._late = True
            return
        try:
            content = self.read(key)
            if not content:
                return
            if _XML.match(content) and not _FILES.match(key) and not _HTML.match(content):
                yield from self.xml_entry(key, content)
            else:
                yield from self.binary_entry(key, content)
        except ContainerFault as fault:
            yield self.gap(key, fault.reason, fault.detail)

    def xml_entry(self, key: str, content: bytes) -> Iterator[Content]:
        if type_of_root(content):
            # A whole document of its own, inserted as one XML file.
            yield self.file(posixpath.basename(key), content, "text/xml")
            return
        root = self._roots.pop(key, None)
        try:
            root = parse_xml(content) if root is None else root
        except ContainerFault as fault:
            # Legacy drawings are often no XML at all: their words are what stands between tags.
            text = html.unescape(_TAGS.sub("\n", decode(content, "").text))
            yield from self.text(text, key)
            if not key.endswith(".vml"):
                yield self.gap(key, fault.reason, fault.detail)
            return
        yield from self.tree(key, root)
        yield from self.text("\n".join(aside_words(content)), f"{key} notes")
        if len(content) > SIGNIFICANT and (key.startswith("customxml/") or is_foreign(root)):
            # Records may be kept as XML: its own reader makes a table of them.
            yield self.file(posixpath.basename(key), content, "text/xml")

    def tree(self, key: str, root: etree._Element) -> Iterator[Content]:
        """An XML entry; formats know some of them better."""
        if local(root) in ("Relationships", "Types"):
            links = [
                attribute(r, "Target") for r in children(root, "Relationship")
                if attribute(r, "TargetMode") == "External"
            ]  # fmt: skip
            links += [value for value in attribute_words(root) if not _PATH.fullmatch(value)]
            yield from self.text("\n".join(dict.fromkeys(links)), key)
            return
        yield from self.text("\n".join([words(root), *attribute_words(root)]), key)

    def binary_entry(self, key: str, content: bytes) -> Iterator[Content]:
        """Nothing where it holds no words: a small picture of the first page, or a font."""
        if _THUMBNAIL.match(key) and is_preview(content):
            return
        if _FONTS.match(key) and is_font(key, content):
            return
        settings = printer_settings(content) if _PRINTER.match(key) else None
        if settings:
            text, content = settings
            yield from self.text(text, key)
        if content:
            yield self.file(posixpath.basename(self.container.entries[key].name), content)


def is_foreign(root: etree._Element) -> bool:
    """Is it none of the vocabularies of office programs?"""
    return not _OFFICE.match(str(root.tag))


def _items(root: etree._Element, labels: bool) -> Iterator[tuple[str, str]]:
    for child in root:
        name = attribute(child, "name") or local(child)
        value = "\n".join(t for t in child.itertext() if t.strip())
        if labels:
            yield from ((k.rpartition("}")[2], str(v)) for k, v in child.attrib.items() if v)
        if name and value:
            yield name, value
