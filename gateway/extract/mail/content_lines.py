"""Content lines of calendars and cards (RFC 5545, RFC 6350, vCard 2.1): name, parameters, value."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from typing import Iterator

from gateway.extract.text.encoded_runs import data_uris, encoded_runs
from gateway.extract.text.pasted import tables_in_text
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content, Text
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Location, Part

_FOLD = re.compile(r"\n[ \t]")
# vCard 2.1 leaves quoted-printable soft breaks unfolded.
_SOFT = re.compile(
    r"^([^:\n]{0,300}QUOTED-PRINTABLE[^:\n]{0,300}:(?:[^\n]*=\n)+[^\n]*)", re.I | re.M
)
_ESCAPE = re.compile(r"\\([\\;,nN:])")
_CHARSET = re.compile(r"CHARSET=\"?([A-Za-z0-9_-]{1,40})", re.I)
_BASE64 = re.compile(r"[A-Za-z0-9+/=_\s-]*")
MAX_HEAD = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """`name` is in capitals and without a group; `head` is the name with its parameters as they
    stand. A line without a colon has only a value."""

    name: str
    head: str
    value: str

    @property
    def text(self) -> str:
        return _ESCAPE.sub(_unescape, self.value)

    def holds_file(self) -> bool:
        head = self.head.upper()
        return (
            "ENCODING=B" in head or "ENCODING=\"B" in head or ";BASE64" in head
            or self.value[:5].lower() == "data:"
        )  # fmt: skip

    def words(self) -> str:
        """The parameters beside the value: names of people stand in them (CN=)."""
        return f"{self.head}: {self.text}" if self.head else self.text


def read_lines(text: str) -> Iterator[Line]:
    """Unfolded, and quoted-printable undone."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "QUOTED-PRINTABLE" in text.upper():
        text = _SOFT.sub(lambda found: found[1].replace("=\n", ""), text)
    for line in _FOLD.sub("", text).split("\n"):
        head, colon, value = _cut(line)
        if not colon:
            yield Line("", "", line)
            continue
        if "QUOTED-PRINTABLE" in head.upper():
            value = _unquoted(head, value)
        yield Line(head.partition(";")[0].rpartition(".")[2].strip().upper(), head, value)


def _cut(line: str) -> tuple[str, str, str]:
    """Name with parameters, and value: a colon inside a quoted parameter does not count."""
    colon = line.find(":")
    while colon >= 0 and line.count('"', 0, colon) % 2:
        colon = line.find(":", colon + 1)
        if colon > MAX_HEAD:
            break
    if colon < 0:
        return line, "", ""
    return line[:colon], ":", line[colon + 1 :]


def _unquoted(head: str, value: str) -> str:
    raw = binascii.a2b_qp(value.encode("utf-8", "replace"))
    charset = _CHARSET.search(head)
    for name in (charset[1] if charset else "utf-8", "utf-8"):
        try:
            return raw.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    return raw.decode("cp1252", "replace")


def _unescape(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]


class Attachments:
    """The files in the lines of one calendar or card file, numbered in their order and as many as
    the limits allow."""

    def __init__(self, part: Part, limits: ReadLimits) -> None:
        self._part, self._limits = part, limits
        self._count = 0

    def number(self) -> int:
        """The next file's."""
        self._count += 1
        return self._count

    def read(self, line: Line) -> Iterator[Content]:
        """The file in a line; of the first beyond the limit a Gap."""
        index, most = self.number(), self._limits.entries
        if index <= most:
            yield from _attached_file(self._part, line, index, self._limits)
        elif index == most + 1:
            yield Gap(self._part.location, "limit", f"more than {most} files")


def words_of(part: Part, lines: list[str], where: str, limits: ReadLimits) -> Iterator[Content]:
    """The lines that hold words as one Text, with the rows and files that were pasted into them."""
    text = "\n".join(lines)
    yield from bounded_text(part, text, where, limits)
    yield from tables_in_text(part, text[: limits.text_chars], where)
    yield from encoded_runs(part, text, limits)


def _attached_file(part: Part, line: Line, index: int, limits: ReadLimits) -> Iterator[Content]:
    """A file inside a line, under its file name where it gives one."""
    place = part.location.at(line.name)
    if line.value[:5].lower() == "data:":
        inner = Part(
            f"{part.number}!{index}", part.content_type, part.role, b"", None, "", part.depth
        )
        found = list(data_uris(inner, [line.value], limits))
        yield from found
        if any(isinstance(one, Gap) for one in found):
            yield Text(place, line.words())
        return
    try:
        content = binascii.a2b_base64(line.value.encode("ascii", "replace"))
    except binascii.Error:
        content = b""
    # Decoders pass over what is no base64: nothing of it would be seen.
    if line.value.strip() and (not content or not _BASE64.fullmatch(line.value)):
        yield from _undecodable(place, line)
    name = None
    for parameter in line.head.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip().upper() in ("FILENAME", "X-FILENAME", "X-APPLE-FILENAME"):
            name = value.strip('" ')
    if content:
        yield part.inside(index, content, name)


def _undecodable(place: Location, line: Line) -> Iterator[Content]:
    yield Text(place, line.words())
    yield Gap(place, "unreadable", "undecodable inline attachment")
