"""RTF: text by place, hidden and deleted text, tables, properties, and the files embedded in it."""

from __future__ import annotations

import re
import struct
from typing import Iterator

from gateway.extract.magic import type_of_bytes
from gateway.extract.office.embedded_object import embedded, unwrapped
from gateway.extract.office.embedded_pictures import bitmap_file
from gateway.extract.office.rtf_walker import Walker
from gateway.extract.office.text_runs import text_runs
from gateway.extract.signatures import looks_like_text
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content, Properties, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_LINKED = 1
_THEMES = frozenset(("themedata", "colorschememapping"))
MAX_THEME = 65_536
_WORD = re.compile(r"[^\W\d]{4}|\d{6}")
_BARE_BITMAP = b"\x28\0\0\0"


def read_rich_text(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Everything in reading order of its kind; HTML inside (\\fromhtml) is a part of its own."""
    walker = Walker(part.content)
    walker.walk()
    if walker.properties:
        yield Properties(part.location.at("document information"), tuple(walker.properties))
    for place, unseen in walker.texts:
        if place == "html":
            continue
        where = "" if place == "text" else place
        text = walker.text(place, unseen)
        if place != "settings" or _WORD.search(text):
            yield from bounded_text(part, text, where, limits, unseen)
    html = walker.text("html", False)
    if html.strip():
        yield Part(
            f"{part.number}!html", "text/html", "attachment", html.encode("utf-8"), None, "utf-8",
            part.depth + 1,
        )  # fmt: skip
    yield from _tables(part, walker, limits)
    for index, (kind, content) in enumerate(walker.files, 1):
        yield from _file(part, index, kind, content, limits)
    rest = part.content[walker.end :].strip(b"\0\r\n\t \x1a")
    if rest:
        if type_of_bytes(rest) or looks_like_text(rest):
            yield embedded(part, "rest", rest, None)
        else:
            yield from bounded_text(part, text_runs(rest), "behind the end", limits, True)
            yield Gap(part.location.at("behind the end"), "unreadable", "bytes behind the end")
    for sentence in walker.faults:
        yield Gap(part.location, "unreadable", sentence)


def _tables(part: Part, walker: Walker, limits: ReadLimits) -> Iterator[Content]:
    left = limits.cells
    for number, rows in enumerate(walker.tables, 1):
        location = part.location.at(f"table {number}")
        kept: list[list[str]] = []
        for row in rows:
            left -= len(row)
            if left < 0:
                break
            kept.append(row[: limits.columns])
        if kept:
            yield Table(location, kept, "visible", len(rows), "text")
        if left < 0:
            yield Gap(location, "limit", f"more than {limits.cells} cells")
            return
        if any(len(row) > limits.columns for row in rows):
            yield Gap(location, "limit", f"more than {limits.columns} columns")


def _file(
    part: Part, index: int, kind: str, content: bytes, limits: ReadLimits
) -> Iterator[Content]:
    if not content.strip(b"\0"):
        return
    if kind == "objdata":
        name, inner, link = _object(content)
        yield from bounded_text(part, link, f"object {index}", limits, True)
        if inner.strip(b"\0"):
            yield embedded(part, index, inner, name)
    elif kind == "pict":
        bare = content.startswith(_BARE_BITMAP)
        yield embedded(part, index, bitmap_file(content) if bare else content, None)
    elif kind in _THEMES and len(content) <= MAX_THEME:
        # Colours and fonts of the document, as Word packs them with every file.
        if not content.startswith((b"PK\3\4", b"<?xml")):
            yield Gap(part.location.at("theme"), "unreadable", "a theme that is none")
    else:
        yield embedded(part, index, content, None)


def _object(content: bytes) -> tuple[str | None, bytes, str]:
    """(name, content, what it links to) of an object written as OLE 1 ([MS-OLEDS] 2.2)."""
    try:
        kind = struct.unpack_from("<I", content, 4)[0]
        class_name, at = _counted(content, 8)
        topic, at = _counted(content, at)
        item, at = _counted(content, at)
        link = "\n".join(filter(None, (topic, item)))
        if kind == _LINKED:
            return None, content[at:], link
        size = struct.unpack_from("<I", content, at)[0]
        body = content[at + 4 : at + 4 + size]
        if class_name.lower() == "package" and not type_of_bytes(body):
            name, inner = unwrapped(content[at : at + 4 + size])
            return name, inner, link
        return None, body if len(body) == size else content, link
    except (struct.error, ValueError):
        return None, content, ""


def _counted(content: bytes, at: int) -> tuple[str, int]:
    size = struct.unpack_from("<I", content, at)[0]
    if size > len(content):
        raise ValueError
    text = content[at + 4 : at + 4 + size].decode("cp1252", "replace").rstrip("\0")
    return text, at + 4 + size
