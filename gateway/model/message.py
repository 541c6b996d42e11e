"""What a message is made of, before anybody has judged it.

A `Part` holds decoded content; a `Gap` stands for content that nobody has read. Whatever is not
covered by contents is covered by a gap (law 3): nothing unread passes as read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

GapReason = Literal["encrypted", "unreadable", "limit", "timeout", "crashed", "no-reader"]


@dataclass(frozen=True, slots=True)
class Location:
    """Where something was found.

    `part` is the MIME part number ("1.2"; "0" is the message header), `name` the attachment's
    decoded file name, `where` the place inside it: "subject", "body", "header List-Id",
    "sheet Data", "sheet Data!B3", "row 5", "file name", "property Title".
    """

    part: str
    name: str | None = None
    where: str = ""

    def at(self, where: str) -> Location:
        return Location(self.part, self.name, where)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was not read. `detail` is for people and never quotes content.

    `detected_type` is the type of what was not read, by its bytes: of the part, of the file that
    is embedded in it, or "image/x-page" for a page that shows only a picture.
    """

    location: Location
    reason: GapReason
    detail: str = ""
    detected_type: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of the MIME tree, transfer encoding removed.

    `role` says what the sender meant it as: the text people read (`body`), a file (`attachment`),
    or something the text refers to (`inline`). `depth` counts enclosing messages and multiparts.
    `charset` is what was declared, lower case, or "".
    """

    number: str
    content_type: str
    role: Literal["body", "attachment", "inline"]
    content: bytes
    name: str | None = None
    charset: str = ""
    depth: int = 0
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def location(self) -> Location:
        return Location(self.number, self.name)

    def inside(self, suffix: object, content: bytes, name: str | None = None) -> Part:
        """A file within this one, of which nobody has said what it is."""
        number = f"{self.number}!{suffix}"
        kind = "application/octet-stream"
        return Part(number, kind, "attachment", content, name, "", self.depth + 1)


@dataclass(frozen=True, slots=True)
class Header:
    """One header field: `value` is unfolded and RFC 2047-decoded. `part` is the part it heads."""

    name: str
    value: str
    part: str = "0"


@dataclass(frozen=True, slots=True)
class Message:
    """A parsed message. `headers` has every field of the top header first, then those of
    attached messages (told apart by `Header.part`). `date` is the Date field, zone-aware, or
    None where it is missing or unusable. `size` is in bytes of the raw message.
    """

    size: int
    sha256: str
    headers: tuple[Header, ...]
    parts: tuple[Part, ...]
    gaps: tuple[Gap, ...] = ()
    subject: str = ""
    message_id: str = ""
    date: datetime | None = None

    def header(self, name: str) -> str | None:
        """The first top-level field of that name, case-insensitively, or None."""
        wanted = name.lower()
        for header in self.headers:
            if header.part == "0" and header.name.lower() == wanted:
                return header.value
        return None
