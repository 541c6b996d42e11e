"""Messages that come as files (EML, MHT, RFC 822 in archives) and mailboxes of them.

The MIME parser is not this layer's: whoever reads nested files is handed one (`Parse`), and a
message goes through the same parser whether it is sent, attached or packed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Callable, Iterator

from gateway.extract import types
from gateway.extract.mail.header_texts import header_texts
from gateway.extract.text.charset import decode, utf16_without_mark
from gateway.extract.text.plain import read_plain
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Location, Message, Part

Parse = Callable[[bytes], Message]

# RFC 4155; what stands behind the sender differs between programs, so a blank line before decides.
_ENVELOPE = re.compile(
    rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{1,400}\r?\n(?=[!-9;-~]{1,200}[ \t]*:)"
)
_QUOTED = re.compile(rb"^>(>*From )", re.M)
_MIME = frozenset(("mime-version", "content-type", "content-transfer-encoding"))


def read_message(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Without a parser there is the text as it stands, and a Gap: see `read_parsed`."""
    yield Gap(part.location, "no-reader", "a message that was not taken apart")
    yield from read_plain(part, limits)


def read_parsed(part: Part, limits: ReadLimits, parse: Parse) -> Iterator[Content]:
    """The header's texts, the parser's gaps, and the parts for other readers."""
    content = part.content
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or utf16_without_mark(content):
        content = decode(content).text.encode("utf-8", "replace")
    content = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if len(_starts(content, 2)) > 1:
        yield from read_mailbox(part, limits)
        return
    message = parse(content)
    for text in header_texts(message.headers):
        yield replace(text, location=_within(part, text.location))
    for gap in message.gaps:
        yield replace(gap, location=_within(part, gap.location))
    if part.content_type not in (types.MESSAGE, "message/global") and not any(
        header.name.lower() in _MIME for header in message.headers
    ):
        # Perhaps a note that begins as a message does: then every line counts.
        yield from read_plain(part, limits)
        return
    for inner in message.parts:
        yield replace(inner, number=f"{part.number}!{inner.number}", depth=part.depth + inner.depth)


def _within(part: Part, location: Location) -> Location:
    number = part.number if location.part == "0" else f"{part.number}!{location.part}"
    return Location(number, location.name or part.name, location.where)


def read_mailbox(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Each message of an mbox as a Part; quoted "From" lines unquoted (mboxrd)."""
    content = part.content.lstrip(b"\xef\xbb\xbf \t\r\n")
    starts = _starts(content, limits.entries + 1)
    if not starts:
        yield from read_plain(part, limits)
        return
    if content[: starts[0]].strip():
        yield _part(part, 0, content[: starts[0]], "text/plain")
    for index, start in enumerate(starts, 1):
        if index > limits.entries:
            yield Gap(part.location, "limit", f"more than {limits.entries} messages")
            return
        stop = starts[index] if index < len(starts) else len(content)
        message = content[content.index(b"\n", start) + 1 : stop]
        yield _part(part, index, _QUOTED.sub(rb"\1", message), types.MESSAGE)


def _starts(content: bytes, most: int) -> list[int]:
    if not content.startswith(b"From "):
        return []
    found = []
    for match in _ENVELOPE.finditer(content):
        found.append(match.start())
        if len(found) >= most:
            break
    return found


def _part(part: Part, index: int, content: bytes, kind: str) -> Part:
    return Part(f"{part.number}!{index}", kind, "attachment", content, None, "", part.depth + 1)
