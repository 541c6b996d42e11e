"""PPT presentations: texts of slides, notes, masters and comments, tables, embedded objects."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Iterator

from gateway.extract.fault import ContainerFault
from gateway.extract.office.compound import read_compound
from gateway.extract.office.compound_file import Compound
from gateway.extract.office.embedded_object import embedded
from gateway.extract.office.embedded_pictures import drawn_pictures
from gateway.extract.office.slide_records import Record, Walk, unpacked
from gateway.extract.office.text_runs import text_runs, wide_runs
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_DOCUMENT, _SLIDE, _NOTES, _MASTER, _HANDOUT = 1000, 1006, 1008, 1016, 4041
_PLACES = {_DOCUMENT: "outline", _SLIDE: "slide", _NOTES: "notes", _MASTER: "master",
           _HANDOUT: "handout"}  # fmt: skip
_COMMENT, _GROUP, _SHAPE, _ANCHOR = 12000, 0xF003, 0xF004, 0xF00F
_CHARS, _BYTES, _STRING, _SLIDE_SHOW, _OBJECT = 4000, 4008, 4026, 1017, 4113
_SHAPE_WORDS = frozenset((0xF00B, 0xF121, 0xF122))
_SOUND, _STORED_BLIP = 2023, 0xF007
# A stored picture's head and its name ([MS-ODRAW] 2.2.32).
_NAMED = 36 + 255
_ENCRYPTED = 0xF3D1C4DF
_BLIPS = range(0xF018, 0xF118)


def read_legacy_slides(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """The presentation, and every stream beside it."""
    yield from read_compound(part, limits)


def read_presentation(part: Part, compound: Compound, limits: ReadLimits) -> Iterator[Content]:
    """The presentation in a compound file. Raises ContainerFault."""
    user = compound.find("Current User")
    token = compound.take(user)[12:16] if user else b""
    secret = compound.find("EncryptedSummary")
    if secret or token == struct.pack("<I", _ENCRYPTED):
        for place in compound.streams:
            if len(place) == 1 and not place[0].startswith("\5"):
                compound.taken.add(place)
        yield Gap(part.location, "encrypted", "a presentation that needs a password")
        return
    path = compound.find("PowerPoint Document")
    if path:
        yield from _Presentation(part, compound.take(path), limits).contents()
    yield from _pictures(part, compound, limits)


def _pictures(part: Part, compound: Compound, limits: ReadLimits) -> Iterator[Content]:
    """Each picture as a file; a stream of that name with something else in it is a Gap."""
    path = compound.find("Pictures")
    if not path:
        return
    content, at = compound.take(path), 0
    while at + 8 <= len(content):
        _, kind, size = struct.unpack_from("<HHI", content, at)
        if kind not in _BLIPS:
            break
        at += 8 + size
    for number, picture in enumerate(drawn_pictures(content[:at]), 1):
        yield embedded(part, f"picture{number}", picture, None)
    rest = content[at:].strip(b"\0")
    if rest:
        yield from bounded_text(part, text_runs(rest), "stream Pictures", limits, True)
        yield Gap(part.location.at("stream Pictures"), "unreadable", "not only pictures")


@dataclass(slots=True)
class _Page:
    """A slide, or another page with text; `groups` are cells by (top, left) of shapes grouped."""

    name: str
    texts: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    groups: list[dict[tuple[int, int], str]] = field(default_factory=list)
    hidden: bool = False
    in_comment: int = 0
    place: tuple[int, int] | None = None
    shape: list[str] = field(default_factory=list)


class _Presentation:
    """One document stream while it is walked."""

    def __init__(self, part: Part, stream: bytes, limits: ReadLimits) -> None:
        self.part, self.limits = part, limits
        self.walk = Walk(stream)
        self.counts: dict[str, int] = {}
        self.pages = [_Page("presentation")]
        self.objects = self.media = 0

    def contents(self) -> Iterator[Content]:
        for record in self.walk.records():
            if record.closes:
                yield from self._close(record)
            elif record.container:
                self._open(record)
            elif record.kind == _OBJECT:
                yield from self._object(record)
            elif record.kind == _SOUND or record.kind in _BLIPS or record.kind == _STORED_BLIP:
                yield from self._media(record)
            else:
                self._atom(self.pages[-1], record)
        while self.pages:
            yield from self._page(self.pages.pop())
        if self.walk.damaged:
            yield Gap(self.part.location.at("slides"), "unreadable", "a damaged presentation")

    def _open(self, record: Record) -> None:
        page = self.pages[-1]
        if record.kind in _PLACES:
            kind = _PLACES[record.kind]
            self.counts[kind] = self.counts.get(kind, 0) + 1
            self.pages.append(_Page(f"{kind} {self.counts[kind]}"))
        elif record.kind == _COMMENT:
            page.in_comment += 1
        elif record.kind == _GROUP:
            page.groups.append({})
        elif record.kind == _SHAPE:
            page.place, page.shape = None, []

    def _close(self, record: Record) -> Iterator[Content]:
        page = self.pages[-1]
        if record.kind in _PLACES and len(self.pages) > 1:
            yield from self._page(self.pages.pop())
        elif record.kind == _COMMENT:
            page.in_comment -= 1
        elif record.kind == _SHAPE and page.groups and page.place is not None:
            page.groups[-1][page.place] = " ".join(" ".join(page.shape).split())
        elif record.kind == _GROUP and page.groups:
            table = _table(page.groups.pop())
            if table:
                page.tables.append(table)

    def _atom(self, page: _Page, record: Record) -> None:
        kind, body = record.kind, record.body
        if kind in (_CHARS, _STRING, _BYTES):
            text = body.decode("latin-1" if kind == _BYTES else "utf-16-le", "replace")
            text = text.replace("\r", "\n").replace("\x0b", "\n")
            if page.in_comment:
                page.comments.append(text)
            elif kind == _STRING:
                page.words.append(text)
            else:
                page.texts.append(text)
                page.shape.append(text)
        elif kind == _SLIDE_SHOW and len(body) >= 12:
            page.hidden = bool(body[10] & 4)
        elif kind == _ANCHOR and len(body) >= 8:
            left, top = struct.unpack_from("<ii", body)
            page.place = (top, left)
        elif kind in _SHAPE_WORDS or len(body) >= 16:
            page.words += wide_runs(body)

    def _object(self, record: Record) -> Iterator[Content]:
        self.objects += 1
        location = self.part.location.at(f"object {self.objects}")
        try:
            content = unpacked(record, self.limits.expanded_bytes)
        except ContainerFault as fault:
            yield Gap(location, fault.reason, fault.detail)
            return
        if content:
            yield embedded(self.part, f"object{self.objects}", content, None)

    def _media(self, record: Record) -> Iterator[Content]:
        """Sounds and pictures, and whatever else stands in their place."""
        body = record.body
        files = [body] if record.kind == _SOUND and body else []
        if record.kind != _SOUND:
            head = struct.pack("<HHI", record.instance << 4, record.kind, len(body))
            files = list(drawn_pictures(head + body if record.kind in _BLIPS else body))
        for content in files:
            self.media += 1
            yield embedded(self.part, f"media{self.media}", content, None)
        if record.kind == _STORED_BLIP:
            self.pages[-1].words += wide_runs(body[:_NAMED])
        if not files and body:
            self.pages[-1].words += text_runs(body).split("\n")
            if record.kind in _BLIPS:
                location = self.part.location.at("drawing")
                yield Gap(location, "unreadable", "a picture's record without a picture")

    def _page(self, page: _Page) -> Iterator[Content]:
        name = f"hidden {page.name}" if page.hidden else page.name
        limits, hidden = self.limits, page.hidden
        yield from bounded_text(self.part, "\n".join(page.texts), name, limits, hidden)
        for number, rows in enumerate(page.tables, 1):
            location = self.part.location.at(f"{name}, table {number}")
            yield Table(location, rows, "hidden" if hidden else "visible", len(rows), "text")
        comments = "\n".join(page.comments)
        yield from bounded_text(self.part, comments, f"{name} comments", limits, True)
        # Footers, names of shapes and links, descriptions of pictures.
        words = "\n".join(dict.fromkeys(page.words))
        yield from bounded_text(self.part, words, f"{name} around", limits, True)


def _table(cells: dict[tuple[int, int], str]) -> list[list[str]]:
    """Shapes that stand in rows and columns, as old tables are drawn; else nothing."""
    rows: dict[int, dict[int, str]] = {}
    for (top, left), text in cells.items():
        rows.setdefault(top, {})[left] = text
    columns = sorted({left for row in rows.values() for left in row})
    if len(rows) < 2 or len(columns) < 2 or len(cells) * 2 < len(rows) * len(columns):
        return []
    table = [[row.get(left, "") for left in columns] for _, row in sorted(rows.items())]
    return [row for row in table if any(row)]
