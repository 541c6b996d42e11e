"""Packages of office documents: every entry is read, is a file to be read, or is a Gap.

What is common to Open XML and OpenDocument: the zip around them, relationships, properties, and
the entries that no reader of a format has taken for itself.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from time import monotonic
from typing import Iterator

from lxml import etree

from gateway.extract.office.container import Container, ContainerFault
from gateway.extract.office.embedded_pictures import is_preview
from gateway.extract.office.office_xml import attribute, children, local, parse_xml, words
from gateway.extract.office.story import Allowance, Story, aside_words, attribute_words
from gateway.extract.signatures import looks_like_text
from gateway.extract.text.charset import decode
from gateway.extract.text.plain import bounded_text
from gateway.extract.xml_roots import type_of_root
from gateway.model.content import Content, Properties
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, GapReason, Part

MAX_XML = 512 << 20
# Of the seconds that are left; what was read before must still be handed on.
_SHARE = 0.9
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[?!a-zA-Z_]|\xff\xfe<\0|\xfe\xff\0<")
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype html|html)", re.I)
# Files in their own right, though some are written in XML.
_FILES = re.compile(r".*/(?:embeddings|afchunks?|media)/|.*\.(?:html?|mht|mhtml|rtf|svg|txt|csv)$")
_FONTS = re.compile(r".*/fonts?/[^/]+\.(?:odttf|fntdata|ttf|otf|ttc|woff2?)$", re.I)
_FONT_HEADS = (b"\0\1\0\0", b"OTTO", b"true", b"ttcf", b"wOFF", b"wOF2")
_FONT_TABLE = re.compile(rb"[A-Za-z][A-Za-z0-9/]{2}[A-Za-z0-9 ]")
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
        return self.container.read(key, MAX_XML)

    def peek(self, key: str) -> etree._Element | None:
        """The root of an entry that is also read as a text later; None where it is damaged, which
        that later reading will say."""
        if key not in self.container.entries:
            return None
        if key not in self._roots:
            try:
                self._roots[key] = parse_xml(self.container.read(key, MAX_XML))
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
        """What the zip itself carries beside its entries."""
        for sentence in self.container.faults:
            yield Gap(self.part.location, "unreadable", sentence)
        if self.part.content[:4] not in (b"PK\3\4", b"PK\5\6"):
            yield self.gap("before the first entry", "unreadable", "bytes outside every entry")
        end = self.part.content.rfind(b"PK\5\6")
        size = int.from_bytes(self.part.content[end + 20 : end + 22], "little")
        if 0 <= end < len(self.part.content) - 22 - size:
            yield self.gap("behind the last entry", "unreadable", "bytes outside every entry")
        try:
            with zipfile.ZipFile(io.BytesIO(self.part.content)) as archive:
                notes = [archive.comment, *(info.comment for info in archive.infolist())]
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            return
        text = "\n".join(note.decode("utf-8", "replace") for note in notes if note)
        yield from self.text(text, "comments of the zip")
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
            text = _TAGS.sub("\n", decode(content, "").text)
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
        """Nothing where it holds no words: a small picture of the first page, fonts, printer settings."""
        if _THUMBNAIL.match(key) and is_preview(content):
            return
        if _FONTS.match(key) and _is_font(key, content):
            return
        if _PRINTER.match(key) and is_device_mode(content):
            return
        if _PRINTER.match(key) and content[12:17] == b"<?xml" and b"<plist" in content[:300]:
            yield from self.text(_TAGS.sub("\n", decode(content[12:], "").text), key)
            return
        yield self.file(posixpath.basename(self.container.entries[key].name), content)


def is_foreign(root: etree._Element) -> bool:
    """Is it none of the vocabularies of office programs?"""
    return not _OFFICE.match(str(root.tag))


def _is_font(key: str, content: bytes) -> bool:
    """By its head, or by what is left of it in a document, where 32 bytes are scrambled
    (ECMA-376 part 4, section 15.2.13), or by the head of an embedded OpenType file."""
    if key.endswith(".odttf"):
        start, size = (int.from_bytes(content[at : at + 4], "big") for at in (52, 56))
        return bool(_FONT_TABLE.match(content, 44)) and 0 < start + size <= len(content)
    if key.endswith(".fntdata"):
        size = int.from_bytes(content[:4], "little")
        return size == len(content) and content[34:36] == b"LP"
    return content.startswith(_FONT_HEADS) and not looks_like_text(content)


def is_device_mode(content: bytes) -> bool:
    """DEVMODEW ([MS-RPRN] 2.2.2.1): the device's name in UTF-16, versions, its own size."""
    size = int.from_bytes(content[68:70], "little")
    return 120 <= size <= len(content) <= 65_536 and content[64:66] in (b"\x20\3", b"\0\4", b"\1\4")


def _items(root: etree._Element, labels: bool) -> Iterator[tuple[str, str]]:
    for child in root:
        name = attribute(child, "name") or local(child)
        value = "\n".join(t for t in child.itertext() if t.strip())
        if labels:
            yield from ((k.rpartition("}")[2], str(v)) for k, v in child.attrib.items() if v)
        if name and value:
            yield name, value
