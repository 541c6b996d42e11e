"""Compound files of any kind: what the file is at its top, what it embeds, and every stream left.

One file may be several things at once (a workbook with a document's stream beside it): whatever
its names show is read, and a stream that nobody knows is searched for words and is a Gap.
"""

from __future__ import annotations

import re
from typing import Callable, Iterator

from gateway.extract.fault import ContainerFault
from gateway.extract.magic import type_of_bytes
from gateway.extract.office.compound_file import Compound, Path
from gateway.extract.office.default_password import decrypted_package
from gateway.extract.office.embedded_object import (
    document_storages,
    embedded,
    storage_content,
    unwrapped,
)
from gateway.extract.office.embedded_pictures import (
    PREVIEW_SIDE,
    is_preview,
    largest_side,
    metafile_end,
    presentation_picture,
)
from gateway.extract.office.macros import read_macros
from gateway.extract.office.property_sets import read_property_sets
from gateway.extract.office.text_runs import text_runs, wide_runs
from gateway.extract.picture.metafile import metafile_text
from gateway.extract.signatures import looks_like_text
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content, Properties
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

Read = Callable[[Part, Compound, ReadLimits], Iterator[Content]]
# Class and format of an object, flags, its picture on the page, spelling, layout of controls:
# what they hold besides words is for programs. Their words are given all the same.
_KNOWN = frozenset(
    ("\1compobj", "\1ole", "\3objinfo", "\3linkinfo", "\3print", "\3eprint", "\3meta", "\3pic",
     "\3ocxname", "\3ocxdata", "ctls", "user names", "current user", "projectwm", "projectlk",
     "\6datastream", "versions", "1table", "0table", "\1compobj1", "f", "o", "i08", "\3vbframe")
)  # fmt: skip
# Fragments of XML Schema, which servers of documents keep in every file: only their words, for they
# repeat themselves as records do.
_SCHEMA = re.compile(r"</?xsd?:[^<>]{0,2000}>")
_QUOTED = re.compile(r'"([^"]*)"')
_PACKAGES = frozenset(("package", "contents", "embeddedodf", "content"))


def read_compound(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Contents of every stream; damage of one costs that one."""
    try:
        compound = Compound(part.content, limits)
    except ContainerFault as fault:
        yield Gap(part.location, fault.reason, fault.detail)
        return
    readers = _main_readers(compound)
    if not readers and compound.find("__properties_version1.0"):
        from gateway.extract.mail.outlook import read_outlook

        yield from read_outlook(part, limits)  # it deals with every stream itself
        return
    for read in readers:
        try:
            yield from read(part, compound, limits)
        except ContainerFault as fault:
            yield Gap(part.location, fault.reason, fault.detail)
    yield from _Rest(part, compound, limits).contents()
    for sentence in compound.faults:
        yield Gap(part.location, "unreadable", sentence)


def _main_readers(compound: Compound) -> list[Read]:
    found: list[Read] = []
    if compound.find("EncryptedPackage"):
        found.append(_read_package)
    if compound.find("Workbook") or compound.find("Book"):
        found.append(_read_workbooks)
    if compound.find("WordDocument"):
        from gateway.extract.office.legacy_document import read_word

        found.append(read_word)
    if compound.find("PowerPoint Document"):
        from gateway.extract.office.legacy_slides import read_presentation

        found.append(read_presentation)
    return found


def _read_package(part: Part, compound: Compound, limits: ReadLimits) -> Iterator[Content]:
    """An encrypted Open XML file: opened where Office opens it without asking."""
    for path in compound.streams:
        if path[0].lower() in ("encryptedpackage", "encryptioninfo", "\6dataspaces"):
            compound.taken.add(path)
    plain = decrypted_package(part.content)
    if plain is None:
        yield Gap(part.location, "encrypted", "encrypted (a password is needed to open it)")
    else:
        yield embedded(part, "decrypted", plain, part.name)


def _read_workbooks(part: Part, compound: Compound, limits: ReadLimits) -> Iterator[Content]:
    from gateway.extract.office.biff_pivot import read_pivot_stream
    from gateway.extract.office.legacy_workbook import read_workbook_stream

    for name in ("Workbook", "Book"):
        path = compound.find(name)
        if path:
            yield from read_workbook_stream(part, compound.take(path), limits)
    for path in list(compound.streams):
        if path[0].lower() == "_sx_db_cur" and len(path) == 2:
            location = part.location.at(f"pivot cache {path[1]}")
            yield from read_pivot_stream(part, location, compound.take(path), limits)


class _Rest:
    """The streams that no reader of a format has taken."""

    def __init__(self, part: Part, compound: Compound, limits: ReadLimits) -> None:
        self.part, self.compound, self.limits = part, compound, limits
        self.numbers = {path: number for number, path in enumerate(compound.streams, 1)}

    def contents(self) -> Iterator[Content]:
        for storage in document_storages(self.compound):
            yield from self._contained(storage, lambda s=storage: self._document(s))  # type: ignore[misc]
        for path in list(self.compound.streams):
            if path[-1].lower() == "dir" and len(path) > 1 and path not in self.compound.taken:
                yield from read_macros(self.part, self.compound, path[:-1], self.limits)
        for path in list(self.compound.streams):
            if path not in self.compound.taken:
                yield from self._contained(path, lambda p=path: self._stream(p))  # type: ignore[misc]
        yield from self._unused()

    def _unused(self) -> Iterator[Content]:
        """Sectors of earlier versions, which saving leaves behind, and what was added at the end."""
        inside, behind = self.compound.unused()
        left = _SCHEMA.sub(_without_tag, text_runs(inside))
        yield from bounded_text(self.part, left, "unused sectors", self.limits, True)
        if not behind:
            return
        if type_of_bytes(behind) or looks_like_text(behind):
            yield embedded(self.part, "behind", behind, None)
        else:
            location = self.part.location.at("behind the end")
            yield from bounded_text(self.part, text_runs(behind), location.where, self.limits, True)
            yield Gap(location, "unreadable", "bytes behind the end")

    def _contained(self, path: Path, read: Callable[[], Iterator[Content]]) -> Iterator[Content]:
        try:
            yield from read()
        except ContainerFault as fault:
            yield Gap(self.part.location.at(_place(path)), fault.reason, fault.detail)

    def _document(self, storage: Path) -> Iterator[Content]:
        number = self.numbers[self.compound.below(storage)[0]]
        yield embedded(self.part, number, storage_content(self.compound, storage), None)

    def _stream(self, path: Path) -> Iterator[Content]:
        name = path[-1].lower()
        content = self.compound.take(path)
        location = self.part.location.at(_place(path))
        if not content.strip(b"\0"):
            return
        if name.startswith("\5") and content[:2] == b"\xfe\xff":
            found = read_property_sets(content)
            if found.items:
                yield Properties(location, tuple(found.items))
            for number, blob in enumerate(found.blobs, 1):
                yield from self._blob(path, number, blob)
            if found.damaged:
                yield Gap(location, "unreadable", "damaged document properties")
        elif name == "\1ole10native":
            label, inner = unwrapped(content)
            yield embedded(self.part, self.numbers[path], inner, label)
        elif name.startswith("\2olepres"):
            # The object's picture on the page: a metafile, whose words are in UTF-16.
            words = "\n".join(wide_runs(content))
            yield from bounded_text(self.part, words, location.where, self.limits, True)
            if image := presentation_picture(content):
                yield embedded(self.part, self.numbers[path], image, None)
        elif name in _PACKAGES or type_of_bytes(content) or looks_like_text(content):
            yield embedded(self.part, self.numbers[path], content, None)
        else:
            words = text_runs(content)
            yield from bounded_text(self.part, words, location.where, self.limits, True)
            if name not in _KNOWN:
                yield Gap(location, "unreadable", "a stream that no reader here knows")

    def _blob(self, path: Path, number: int, content: bytes) -> Iterator[Content]:
        """Bytes among the properties: a preview of the first page, links, or whatever it is."""
        if is_preview(content):
            return
        words, end = text_runs(content), metafile_end(content)
        if end:
            words = metafile_text(content[:end])
            if largest_side(content) <= PREVIEW_SIDE:
                content = content[end:].strip(b"\0")
        if content and (end or type_of_bytes(content) or looks_like_text(content)):
            yield embedded(self.part, f"{self.numbers[path]}.{number}", content, None)
        yield from bounded_text(self.part, words, _place(path), self.limits, True)


def _without_tag(tag: re.Match[str]) -> str:
    return " ".join(_QUOTED.findall(tag[0]))


def _place(path: Path) -> str:
    """The path as people may see it: it is part of a location, not of the content."""
    shown = "/".join("".join(c for c in name if c.isprintable()) for name in path)
    return f"stream {shown[:120]}"
