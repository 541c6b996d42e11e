"""Everything in a PDF that is on no page: attachments, forms, notes, names, scripts, metadata.

Every string of every object is read, also of objects that nothing points at any more, and every
stream that is of no kind known to belong to a page is a file of its own.
"""

from __future__ import annotations

import io
from itertools import islice
from typing import Any, Callable, Iterator

import pikepdf

from gateway.extract.fault import ContainerFault
from gateway.extract.magic import type_of_bytes
from gateway.extract.office.office_xml import parse_xml, words
from gateway.extract.pdf.revisions import read_around
from gateway.extract.pdf.stream_kinds import draws, is_equipment
from gateway.extract.pdf.undrawn import undrawn
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content, Properties, Text
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

MAX_OBJECTS = 300_000
MAX_DEPTH = 20
# Strings without words, where they have their place: keys and signatures, and no longer ones.
_KEYS = frozenset(("/O", "/U", "/OE", "/UE", "/Perms"))
_SIGNATURE = frozenset(("/Contents", "/Cert"))
MAX_KEY, MAX_SIGNATURE, MAX_OPERATORS = 128, 65_536, 100
# Shorter bytes are identifiers and palettes of colours.
LARGE = 1_024


def read_objects(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Texts, properties and embedded files; damage that qpdf cannot mend is a Gap."""
    try:
        document = pikepdf.open(io.BytesIO(part.content))
    except pikepdf.PasswordError:
        yield Gap(part.location, "encrypted", "needs a password")
        return
    except pikepdf.PdfError:
        yield Gap(part.location, "unreadable", "its objects are damaged")
        yield from read_around(part)
        return
    with document:
        yield from _Objects(part, document, limits).contents()
    yield from read_around(part)


class _Objects:
    """One document while its objects are walked."""

    def __init__(self, part: Part, document: pikepdf.Pdf, limits: ReadLimits) -> None:
        self._part, self._document, self._limits = part, document, limits
        self._strings: dict[str, None] = {}
        self._chars = 0
        self._number = 0
        self._names = _file_names(document)
        self._pages = _page_contents(document)
        self._keys: dict[tuple[int, int], set[str]] = {}
        self._bytes_in_strings: dict[bytes, None] = {}
        self._too_deep = False

    def contents(self) -> Iterator[Content]:
        yield from self._properties()
        self._walk(self._document.trailer, "", 0)
        # What a stream is for is known when everything that refers to it has been seen.
        yield from self._undrawn()
        yield from self._each(self._strings_of)
        yield from self._each(self._stream)
        if self._too_deep:
            yield Gap(self._part.location.at("an object"), "limit", "nested too deeply")
        for content in self._bytes_in_strings:
            self._number += 1
            yield self._part.inside(self._number, content, "bytes in an object")
        text = "\n".join(self._strings)[: self._limits.text_chars]
        if text.strip():
            yield Text(self._part.location.at("forms, notes and names"), text, True)

    def _each(self, read: Callable[[Any], Iterator[Content]]) -> Iterator[Content]:
        for index, item in enumerate(self._document.objects):
            if index >= MAX_OBJECTS or self._chars > self._limits.text_chars:
                yield Gap(self._part.location.at("objects"), "limit", "too many objects or strings")
                return
            try:
                yield from read(item)
            except (pikepdf.PdfError, ValueError, NotImplementedError):
                where = self._part.location.at("an object")
                yield Gap(where, "unreadable", "a damaged object")

    def _properties(self) -> Iterator[Content]:
        items = []
        for key, value in self._document.docinfo.items():
            text = str(value)
            if text.strip():
                items.append((str(key).lstrip("/"), text[: self._limits.text_chars]))
        if items:
            yield Properties(self._part.location.at("document information"), tuple(items))

    def _undrawn(self) -> Iterator[Content]:
        try:
            found = undrawn(self._document, MAX_OBJECTS)
        except (pikepdf.PdfError, ValueError, NotImplementedError):
            where = self._part.location.at("what no page shows")
            yield Gap(where, "unreadable", "damaged objects")
            return
        self._pages |= found.streams
        if found.content:
            self._number += 1
            yield self._part.inside(self._number, found.content, "what no page shows")
        if found.left_out:
            where = self._part.location.at("what no page shows")
            yield Gap(where, "limit", f"{found.left_out} drawings and pictures more")

    def _walk(self, item: Any, key: str, depth: int) -> None:
        """Direct strings below one object; other objects have their own turn."""
        if depth > MAX_DEPTH:
            self._too_deep = True
        elif isinstance(item, pikepdf.String):
            self._string(item)
        elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
            for name in item.keys():  # noqa: SIM118 - a stream is no mapping
                value = item.get(name)
                if not _is_dry(item, name, value):
                    self._refer(value, name, depth)
        elif isinstance(item, pikepdf.Array):
            for value in item:
                self._refer(value, key, depth)

    def _strings_of(self, item: Any) -> Iterator[Content]:
        self._walk(item, "", 0)
        return iter(())

    def _refer(self, value: Any, key: str, depth: int) -> None:
        if _is_direct(value):
            self._walk(value, key, depth + 1)
        elif isinstance(value, pikepdf.Stream):
            self._keys.setdefault(value.objgen, set()).add(key)

    def _string(self, item: pikepdf.String) -> None:
        raw = bytes(item)
        text = _printable(str(item))
        if text and text not in self._strings:
            self._strings[text] = None
            self._chars += len(text)
        elif raw and not text and (len(raw) > LARGE or type_of_bytes(raw)):
            self._bytes_in_strings[raw] = None
            self._chars += len(raw)

    def _stream(self, stream: Any) -> Iterator[Content]:
        if not isinstance(stream, pikepdf.Stream) or stream.objgen in self._pages or draws(stream):
            return
        kind = str(stream.get("/Type", ""))
        if kind == "/EmbeddedFile" or (not kind and "/Params" in stream):
            yield self._embedded(stream, "attached file")
            return
        if kind == "/Metadata":
            yield from self._metadata(stream)
            return
        data = self._bytes(stream, self._limits.expanded_bytes + 1)
        keys = frozenset(self._keys.get(stream.objgen, ()))
        if is_equipment(stream, keys, data):
            return
        head = data[:4096]
        if not kind and (
            head.lstrip()[:5] in (b"<?xml", b"<xdp:", b"<temp") or b"xfa" in head[:400].lower()
        ):
            yield self._embedded(stream, "form.xml")
        elif "/JS" in keys:
            yield from bounded_text(
                self._part, data.decode("utf-8", "replace"), "script", self._limits, True
            )
        else:
            yield self._embedded(stream, "a stream of no known kind")

    def _embedded(self, stream: pikepdf.Stream, name: str) -> Content:
        self._number += 1
        content = self._bytes(stream, self._limits.expanded_bytes + 1)
        if len(content) > self._limits.expanded_bytes:
            return Gap(self._part.location.at(name), "limit", "an attached file is too large")
        name = self._names.get(stream.objgen, name)
        return self._part.inside(self._number, content, name)

    def _metadata(self, stream: pikepdf.Stream) -> Iterator[Content]:
        """XMP (ISO 16684-1), which is where labels of rights management stand."""
        data = self._bytes(stream, self._limits.text_chars)
        try:
            root = parse_xml(data.strip(b"\0 \r\n\t"))
        except ContainerFault:
            yield Text(self._part.location.at("metadata"), data.decode("utf-8", "replace"), True)
            return
        items = [(str(key).rpartition("}")[2], str(value))
                 for element in root.iter() if isinstance(element.tag, str)
                 for key, value in (*element.attrib.items(), (element.tag, element.text or ""))
                 if str(value).strip()]  # fmt: skip
        yield Properties(self._part.location.at("metadata"), tuple(items[:10_000]))
        yield Text(self._part.location.at("metadata"), words(root), True)

    @staticmethod
    def _bytes(stream: pikepdf.Stream, most: int) -> bytes:
        """The decoded stream; raises PdfError where a filter is unknown or the data is damaged."""
        return bytes(memoryview(stream.get_stream_buffer())[:most])


def _is_direct(value: Any) -> bool:
    return isinstance(value, pikepdf.Object) and not value.is_indirect


def _is_dry(holder: Any, key: str, value: Any) -> bool:
    """Identifiers, keys, signatures and operators, each in the dictionary where it belongs."""
    if key == "/ID":
        ends = "/Root" in holder or "/Size" in holder
        return ends and isinstance(value, pikepdf.Array) and all(
            isinstance(one, pikepdf.String) and len(bytes(one)) <= MAX_KEY for one in value
        )  # fmt: skip
    if not isinstance(value, pikepdf.String):
        return False
    raw = bytes(value)
    if key in _KEYS:
        return holder.get("/Filter") == "/Standard" and len(raw) <= MAX_KEY
    if key in _SIGNATURE and "/ByteRange" in holder:
        return len(raw) <= MAX_SIGNATURE and (raw.startswith(b"\x30") or not raw.strip(b"\0"))
    return key == "/DA" and b" Tf" in raw and len(raw) <= MAX_OPERATORS


def _page_contents(document: pikepdf.Pdf) -> frozenset[tuple[int, int]]:
    """The streams that pages are drawn from."""
    found: set[tuple[int, int]] = set()
    try:
        for page in islice(document.pages, MAX_OBJECTS):
            contents = page.obj.get("/Contents")
            for one in contents if isinstance(contents, pikepdf.Array) else (contents,):
                if isinstance(one, pikepdf.Stream):
                    found.add(one.objgen)
    except (pikepdf.PdfError, ValueError):
        return frozenset(found)  # then they are read as files
    return frozenset(found)


def _printable(text: str) -> str:
    """The string, or "" where it is binary."""
    text = text.strip()
    odd = sum(not c.isprintable() and c not in "\r\n\t" for c in text)
    return "" if odd * 10 > len(text) else text


def _file_names(document: pikepdf.Pdf) -> dict[tuple[int, int], str]:
    """Embedded streams' object numbers to the names that file specifications give them."""
    names: dict[tuple[int, int], str] = {}
    for index, item in enumerate(document.objects):
        if index >= MAX_OBJECTS:
            break
        if isinstance(item, pikepdf.Dictionary) and isinstance(
            files := item.get("/EF"), pikepdf.Dictionary
        ):
            for key in ("/F", "/UF"):
                if isinstance(file := files.get(key), pikepdf.Stream):
                    names[file.objgen] = str(item.get("/UF", item.get("/F", "")))
    return names
