"""Everything in a PDF that is on no page: attachments, forms, notes, names, scripts, metadata.

Every string of every object is read, also of objects that nothing points at any more, and every
earlier revision that an incremental save left in the file (ISO 32000-2 section 7.5.6) is a file
of its own.
"""

from __future__ import annotations

import io
import re
from typing import Any, Iterator

import pikepdf

from gateway.extract.office.container import ContainerFault
from gateway.extract.office.office_xml import parse_xml, words
from gateway.model.content import Content, Properties, Text
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

MAX_OBJECTS = 300_000
MAX_REVISIONS = 4
MAX_DEPTH = 20
_END = re.compile(rb"%%EOF[\r\n]*")
# Strings without words: file identifiers, signatures, keys, appearance operators.
_DRY = frozenset("/ID /O /U /OE /UE /Perms /DA /Registry /Ordering /Cert /CheckSum".split())


def read_objects(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Texts, properties and embedded files; damage that qpdf cannot mend is a Gap."""
    try:
        document = pikepdf.open(io.BytesIO(part.content))
    except pikepdf.PasswordError:
        yield Gap(part.location, "encrypted", "needs a password")
        return
    except pikepdf.PdfError:
        yield Gap(part.location, "unreadable", "its objects are damaged")
        return
    with document:
        yield from _Objects(part, document, limits).contents()
    yield from _outside(part)


class _Objects:
    """One document while its objects are walked."""

    def __init__(self, part: Part, document: pikepdf.Pdf, limits: ReadLimits) -> None:
        self._part, self._document, self._limits = part, document, limits
        self._strings: dict[str, None] = {}
        self._chars = 0
        self._number = 0
        self._names = _file_names(document)

    def contents(self) -> Iterator[Content]:
        yield from self._properties()
        for index, item in enumerate(self._document.objects):
            if index >= MAX_OBJECTS or self._chars > self._limits.text_chars:
                yield Gap(self._part.location.at("objects"), "limit", "too many objects or strings")
                break
            try:
                self._walk(item, "", 0)
                if isinstance(item, pikepdf.Stream):
                    yield from self._stream(item)
            except (pikepdf.PdfError, ValueError, NotImplementedError):
                where = self._part.location.at("an object")
                yield Gap(where, "unreadable", "a damaged object")
        text = "\n".join(self._strings)[: self._limits.text_chars]
        if text.strip():
            yield Text(self._part.location.at("forms, notes and names"), text, True)

    def _properties(self) -> Iterator[Content]:
        items = []
        for key, value in self._document.docinfo.items():
            text = str(value)
            if text.strip():
                items.append((str(key).lstrip("/"), text[: self._limits.text_chars]))
        if items:
            yield Properties(self._part.location.at("document information"), tuple(items))

    def _walk(self, item: Any, key: str, depth: int) -> None:
        """Direct strings below one object; other objects have their own turn."""
        if depth > MAX_DEPTH or key in _DRY:
            return
        if isinstance(item, pikepdf.String):
            text = _printable(str(item))
            if text and text not in self._strings:
                self._strings[text] = None
                self._chars += len(text)
        elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
            for name in item.keys():  # noqa: SIM118 - a stream is no mapping
                if _is_direct(value := item.get(name)):
                    self._walk(value, name, depth + 1)
        elif isinstance(item, pikepdf.Array):
            for value in item:
                if _is_direct(value):
                    self._walk(value, key, depth + 1)

    def _stream(self, stream: pikepdf.Stream) -> Iterator[Content]:
        kind = str(stream.get("/Type", ""))
        if kind == "/EmbeddedFile" or (not kind and "/Params" in stream):
            yield self._embedded(stream, "attached file")
        elif kind == "/Metadata":
            yield from self._metadata(stream)
        elif not kind and "/Subtype" not in stream and "/Length1" not in stream:
            data = self._bytes(stream, 4096)
            if data.lstrip()[:5] in (b"<?xml", b"<xdp:", b"<temp") or b"xfa" in data[:400].lower():
                yield self._embedded(stream, "form.xml")
            elif b"app." in data or b"function" in data or b"this." in data:
                text = self._bytes(stream, self._limits.text_chars).decode("utf-8", "replace")
                yield Text(self._part.location.at("script"), text, True)

    def _embedded(self, stream: pikepdf.Stream, name: str) -> Content:
        self._number += 1
        number = f"{self._part.number}!{self._number}"
        content = self._bytes(stream, self._limits.expanded_bytes + 1)
        if len(content) > self._limits.expanded_bytes:
            return Gap(self._part.location.at(name), "limit", "an attached file is too large")
        name = self._names.get(stream.objgen, name)
        return Part(
            number,
            "application/octet-stream",
            "attachment",
            content,
            name,
            "",
            self._part.depth + 1,
        )

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


def _outside(part: Part) -> Iterator[Content]:
    """Earlier revisions, and what stands before the first and behind the last byte of the PDF."""
    content = part.content
    ends = [found.end() for found in _END.finditer(content)]
    if not ends:
        return
    behind = content[ends[-1] :].strip(b"\0 \r\n\t\x1a")
    if behind:
        yield _piece(part, 1, "behind the end of the PDF", behind)
    before = content[: max(content.find(b"%PDF-"), 0)].strip(b"\0 \r\n\t")
    if before:
        yield _piece(part, 2, "before the beginning of the PDF", before)
    linearized = b"/Linearized" in content[:2048]
    earlier = ends[1:-1] if linearized else ends[:-1]
    if len(earlier) > MAX_REVISIONS:
        detail = f"more than {MAX_REVISIONS} earlier revisions"
        yield Gap(part.location.at("earlier revisions"), "limit", detail)
    if part.name and part.name.startswith("earlier revision"):
        return  # whose own earlier revisions are in the list of the whole
    for index, end in enumerate(earlier[-MAX_REVISIONS:], 1):
        name = f"earlier revision {index}.pdf"
        yield _piece(part, 2 + index, name, content[:end])


def _piece(part: Part, index: int, name: str, content: bytes) -> Part:
    number = f"{part.number}!x{index}"
    return Part(number, "application/octet-stream", "attachment", content, name, "", part.depth + 1)
