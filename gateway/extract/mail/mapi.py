"""What the properties of an Outlook item say, whether they came in an MSG file or in a TNEF stream.

Every property that holds words is read and every one that holds a file is handed on; properties
of fixed size (numbers, times, flags) have no room for either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Iterator

from gateway.extract import types
from gateway.extract.magic import type_of_bytes
from gateway.extract.mail.compressed_rtf import decompress_rtf
from gateway.extract.picture.metafile import metafile_text
from gateway.extract.readable_runs import printable_runs
from gateway.extract.signatures import looks_like_text
from gateway.extract.text.charset import decode, utf16_without_mark
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content, Properties
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

# Property types and identifiers ([MS-OXCDATA] section 2.11.1, [MS-OXPROPS]).
TEXT8, TEXT16, BINARY, OBJECT, NUMBER = 0x1E, 0x1F, 0x102, 0x0D, 0x03
SUBJECT, HEADERS, BODY, RTF, HTML = 0x0037, 0x007D, 0x1000, 0x1009, 0x1013
NAME, MESSAGE_CLASS = 0x3001, 0x001A
DATA, SHORT_NAME, METHOD, LONG_NAME, MIME_TAG, RENDERING = (
    0x3701,
    0x3704,
    0x3705,
    0x3707,
    0x370E,
    0x3709,
)
_ELSEWHERE = frozenset((2, 3, 4, 7))
_METAFILES = (b"\1\0\x09\0", b"\xd7\xcd\xc6\x9a")
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,100}", re.A)
# One address of a mailbox, and nothing besides.
_ADDRESS = re.compile(
    r"(?:smtp:|mailto:)?[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,255}"
    r"|(?:ex:)?/o=[^\s/,;]{1,64}(?:/(?:ou|cn)=[^\s/,;]{1,100}){1,6}",
    re.I,
)
_NAMES = {
    0x0070: "conversation topic", 0x0E1D: "normalised subject", 0x003D: "subject prefix",
    NAME: "display name", 0x3004: "comment", 0x0E04: "display To", 0x0E03: "display Cc",
    0x0E02: "display Bcc", 0x1000: "body", 0x0C1A: "sender", 0x0042: "sent for",
    LONG_NAME: "file name", SHORT_NAME: "short file name", 0x3A16: "company", 0x3A17: "title",
}  # fmt: skip
LARGE = 4_096
_SHORTEST, _LONG_RUN = 4, 24


@dataclass(frozen=True, slots=True)
class Property:
    """One value; a property of several values is several of these. `name` is a named one's."""

    id: int
    kind: int
    value: str | bytes | int
    name: str = ""


Bag = list[Property]


def text_of(bag: Iterable[Property], id: int) -> str:
    """The first text of that property, or ""."""
    return next((p.value for p in bag if p.id == id and isinstance(p.value, str)), "")


def number_of(bag: Iterable[Property], id: int) -> int:
    return next((p.value for p in bag if p.id == id and isinstance(p.value, int)), 0)


def read_item(part: Part, bag: Bag, limits: ReadLimits) -> Iterator[Content]:
    """Subject, bodies in every form, the header that it came with, and all other words."""
    rest: Bag = []
    for property in bag:
        value = property.value
        if isinstance(value, str) and property.id == SUBJECT:
            yield from bounded_text(part, value, "subject", limits)
        elif isinstance(value, str) and property.id == HEADERS:
            yield _inner(part, "header", types.MESSAGE, value.strip() + "\r\n\r\n")
        elif isinstance(value, bytes) and property.id == RTF:
            yield from _rich_text(part, value, limits)
        elif property.id not in (BODY, HTML) or isinstance(value, int):
            rest.append(property)
    for name, id in (("body", BODY), ("html", HTML)):
        for property in bag:
            if property.id != id or isinstance(property.value, int):
                continue
            if isinstance(property.value, str) and id == BODY:
                yield from bounded_text(part, property.value, name, limits)
            else:
                yield _inner(
                    part, name, "text/html" if id == HTML else "text/plain", property.value
                )
    yield from other_words(part, rest, limits)


def _rich_text(part: Part, compressed: bytes, limits: ReadLimits) -> Iterator[Content]:
    rtf, fault = decompress_rtf(compressed, limits.expanded_bytes)
    if fault:
        yield Gap(part.location.at("rich text body"), "unreadable", fault)
    if rtf.strip(b"\0\r\n "):
        yield _inner(part, "rtf", types.RTF, rtf)


def read_file(part: Part, index: int, bag: Bag, limits: ReadLimits) -> Iterator[Content]:
    """An attachment under its long name, and what is written about it."""
    name = text_of(bag, LONG_NAME) or text_of(bag, NAME) or text_of(bag, SHORT_NAME) or None
    number = f"{part.number}!{index}"
    kind = text_of(bag, MIME_TAG).lower().split(";")[0].strip() or "application/octet-stream"
    # A stream may have two: a stand-in for old programs and the object; an object comes first.
    found = sorted(
        {(p.kind != OBJECT, p.value) for p in bag if p.id == DATA and isinstance(p.value, bytes)}
    )
    data, *more = [_unterminated(value) for _, value in found if value] or [b""]
    for other in more:
        yield part.inside(f"{index}.old", other, name)
    here = Part(number, kind, "attachment", data, name, "", part.depth + 1)
    if kind == "multipart/signed":
        # The whole signed entity in one file ([MS-OXOSMIME] section 2.1.2).
        here = Part(number, types.MESSAGE, "attachment", data, name, "", part.depth + 1)
    if number_of(bag, METHOD) in _ELSEWHERE:
        yield Gap(here.location, "unreadable", "an attachment that is kept elsewhere")
    if data:
        yield here
    elif number_of(bag, METHOD) == 1 and not any(p.id == DATA for p in bag):
        yield Gap(here.location, "unreadable", "an attachment without its content")
    rest: Bag = []
    for property in bag:
        value = property.value
        if property.id == RENDERING and isinstance(value, bytes):
            yield from _icon(here, value, limits)
        elif not (property.id == DATA and isinstance(value, bytes)) and not (
            property.id == MIME_TAG and isinstance(value, str) and _MEDIA_TYPE.fullmatch(value)
        ):
            rest.append(property)
    yield from other_words(here, rest, limits)


def _icon(part: Part, value: bytes, limits: ReadLimits) -> Iterator[Content]:
    """The attachment's picture in the message: a metafile, often without its first header."""
    if value.startswith(_METAFILES) or value[40:44] == b" EMF":
        yield from bounded_text(part, metafile_text(value), "icon", limits, True)
    elif value.strip(b"\0"):
        yield part.inside("icon", value)


def read_people(part: Part, bag: Bag, limits: ReadLimits) -> Iterator[Content]:
    """Recipients: their names as a list, and whatever else is written about them."""
    names = [p.value for p in bag if p.id == NAME and isinstance(p.value, str) and p.value]
    yield from bounded_text(part, "\n".join(names), "recipients", limits)
    rest = [p for p in bag if p.id != NAME or not isinstance(p.value, str)]
    yield from other_words(part, rest, limits)


def _unterminated(value: bytes) -> bytes:
    """Some programs end a text file as they end a string."""
    if value.endswith(b"\0") and looks_like_text(value.rstrip(b"\0")):
        return value.rstrip(b"\0")
    return value


def _inner(part: Part, what: str, kind: str, value: str | bytes | int) -> Part:
    content = value.encode("utf-8", "replace") if isinstance(value, str) else value
    charset = "utf-8" if isinstance(value, str) else ""
    assert isinstance(content, bytes)
    return Part(f"{part.number}!{what}", kind, "body", content, None, charset, part.depth + 1)


def other_words(part: Part, bag: Bag, limits: ReadLimits) -> Iterator[Content]:
    """Every property that holds words or a file, whatever it is for."""
    items: list[tuple[str, str]] = []
    left = limits.text_chars
    seen: set[str] = set()
    for property in bag:
        value = property.value
        if isinstance(value, int):
            continue
        label = property.name or _NAMES.get(property.id, f"0x{property.id:04x}")
        if isinstance(value, bytes):
            if is_file(value):
                yield part.inside(label[:40], value)
                continue
            value = written(value)
        value = value.strip("\0 ")
        if not value or value in seen or _is_address(value):
            continue
        seen.add(value)
        left -= len(value)
        if left < 0:
            yield Gap(part.location, "limit", f"more than {limits.text_chars} characters of text")
            break
        items.append((label, value))
    if items:
        yield Properties(part.location, tuple(items))


def is_file(value: bytes) -> bool:
    """Keys, identifiers and lists of them are short; what is long or shows a type is a file."""
    return len(value) >= LARGE or (len(value) > 64 and bool(type_of_bytes(value)))


def written(value: bytes) -> str:
    """The words in a binary property: all of it where it is text, else its longer stretches."""
    raw = value.rstrip(b"\0")
    if utf16_without_mark(value) or value.startswith((b"\xff\xfe", b"\xfe\xff")):
        return decode(value).text
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
        if sum(c.isascii() for c in text) * 10 < len(text) * 9:
            text = ""
    if len(text) >= _SHORTEST and all(c.isprintable() or c in "\r\n\t" for c in text):
        return text
    runs = printable_runs(value, len(value)).split("\n")
    return "\n".join(run for run in runs if len(run) >= _LONG_RUN and " " in run)


def _is_address(value: str) -> bool:
    return len(value) <= 320 and bool(_ADDRESS.fullmatch(value))
