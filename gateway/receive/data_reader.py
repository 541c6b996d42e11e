"""The content of DATA from chunks of any size, without I/O: framing, dot-unstuffing, limits.

Only CR LF . CR LF ends the content (RFC 5321 section 4.1.1.4). What else looks like an end to a
careless reader is content, and content with a bare CR, bare LF or NUL is refused as a whole, so
that no two servers can disagree on where a message ends (SMTP smuggling). How the bytes are cut
into chunks never changes the outcome.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Union

from gateway.model.line_endings import only_crlf

Fault = Literal["too-big", "bare-newline", "null-octet", "long-line"]

END = b"\r\n.\r\n"
DOT = b"\r\n."
KEPT = 65536
_NEWLINE = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class DataRules:
    """What content is taken. `line_bytes` counts the CRLF (RFC 5321 section 4.5.3.1.6)."""

    message_bytes: int
    line_bytes: int = 1000
    reject_long_lines: bool = False
    normalise: bool = False


class DataReader:
    """Feed it what follows the 354 until it is complete; then read `outcome` and `rest`."""

    __slots__ = (
        "_buffer", "_check_at", "_dotted", "_rules", "_searched", "_too_big", "outcome", "rest",
    )  # fmt: skip

    def __init__(self, rules: DataRules) -> None:
        self._rules = rules
        # A CRLF went before the first line, so that a dot at the very start is at a line start.
        self._buffer = bytearray(b"\r\n")
        self._searched = 0
        self._dotted = False
        self._check_at = rules.message_bytes + 4
        self._too_big = False
        self.outcome: Union[bytes, Fault, None] = None
        """The content, or why it was refused; None until the end was seen."""
        self.rest = b""
        """What came behind the end: the next commands."""

    def feed(self, chunk: bytes | bytearray) -> bool:
        """Take one chunk; True when the content is complete."""
        buffer = self._buffer
        buffer += chunk
        end = self._end()
        if end < 0:
            if len(buffer) > self._check_at:
                self._measure()
            return False
        self.rest = bytes(memoryview(buffer)[end + len(END) :])
        # From behind the CRLF put in above to behind the CRLF that ends the last line.
        content = bytes(memoryview(buffer)[: end + 2])
        self._buffer = bytearray()
        self.outcome = "too-big" if self._too_big else self._judge(content)
        return True

    def _end(self) -> int:
        """Where END begins, or -1. Most messages have no other line that begins with a dot, and
        then one search finds out both."""
        buffer = self._buffer
        if not self._dotted:
            dot = buffer.find(DOT, self._searched)
            if dot < 0:
                self._searched = max(0, len(buffer) - len(DOT) + 1)
                return -1
            if buffer.startswith(END, dot):
                return dot
            self._searched = dot
            if len(buffer) < dot + len(END):
                return -1
            self._dotted = True
        end = buffer.find(END, self._searched)
        if end < 0:
            self._searched = max(0, len(buffer) - len(END) + 1)
        return end

    def _measure(self) -> None:
        """Stop keeping what is certain to be too big. Stuffed dots do not count (RFC 1870
        section 6.1); 4 octets are the CRLF put in front and the CR LF of a half-seen end."""
        buffer = self._buffer
        allowed = 0
        if not self._too_big:
            allowed = self._rules.message_bytes + 4 + buffer.count(DOT)
        if len(buffer) > allowed:
            self._too_big, self._dotted, allowed = True, True, KEPT
            del buffer[: -len(END)]
            self._searched = 1
        self._check_at = allowed

    def _judge(self, framed: bytes) -> Union[bytes, Fault]:
        rules = self._rules
        size = len(framed) - 2
        dotted = self._dotted
        if size > rules.message_bytes and size - framed.count(DOT) > rules.message_bytes:
            return "too-big"
        if not only_crlf(framed):
            if not rules.normalise:
                return "bare-newline"
            framed = _NEWLINE.sub(b"\r\n", framed)
            dotted = True
        if b"\0" in framed:
            if not rules.normalise:
                return "null-octet"
            framed = framed.replace(b"\0", b"")
            dotted = True
        # RFC 5321 section 4.5.2: any line that begins with a dot loses it.
        content = framed.replace(DOT, b"\r\n")[2:] if dotted else framed[2:]
        if rules.reject_long_lines and any(
            len(line) > rules.line_bytes - 2 for line in content.split(b"\r\n")
        ):
            return "long-line"
        return content
