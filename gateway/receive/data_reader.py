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

Fault = Literal["too-big", "bare-newline", "null-octet", "long-line"]

END = b"\r\n.\r\n"
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

    __slots__ = ("_buffer", "_check_at", "_rules", "_too_big", "outcome", "rest")

    def __init__(self, rules: DataRules) -> None:
        self._rules = rules
        # A CRLF went before the first line, so that a dot at the very start is at a line start.
        self._buffer = bytearray(b"\r\n")
        self._check_at = rules.message_bytes + 4
        self._too_big = False
        self.outcome: Union[bytes, Fault, None] = None
        """The content, or why it was refused; None until the end was seen."""
        self.rest = b""
        """What came behind the end: the next commands."""

    def feed(self, chunk: bytes | bytearray) -> bool:
        """Take one chunk; True when the content is complete."""
        buffer = self._buffer
        start = max(0, len(buffer) - len(END) + 1)
        buffer += chunk
        end = buffer.find(END, start)
        if end < 0:
            if self._too_big:
                del buffer[: -len(END)]
            elif len(buffer) > self._check_at:
                self._measure()
            return False
        self.rest = bytes(memoryview(buffer)[end + len(END) :])
        # From behind the CRLF put in above to behind the CRLF that ends the last line.
        content = bytes(memoryview(buffer)[: end + 2])
        self._buffer = bytearray()
        self.outcome = "too-big" if self._too_big else self._judge(content)
        return True

    def _measure(self) -> None:
        """Stop keeping what is certain to be too big. Stuffed dots do not count (RFC 1870
        section 6.1); 4 octets are the CRLF put in front and the CR LF of a half-seen end."""
        allowed = self._rules.message_bytes + 4 + self._buffer.count(b"\r\n.")
        if len(self._buffer) > allowed:
            self._too_big = True
            del self._buffer[: -len(END)]
        self._check_at = allowed

    def _judge(self, framed: bytes) -> Union[bytes, Fault]:
        rules = self._rules
        size = len(framed) - 2
        dots = framed.count(b"\r\n.") if b"\r\n." in framed else 0
        if size - dots > rules.message_bytes:
            return "too-big"
        lines = framed.count(b"\r\n")
        if framed.count(b"\n") != lines or framed.count(b"\r") != lines:
            if not rules.normalise:
                return "bare-newline"
            framed = _NEWLINE.sub(b"\r\n", framed)
            dots = 1
        if b"\0" in framed:
            if not rules.normalise:
                return "null-octet"
            framed = framed.replace(b"\0", b"")
            dots = 1
        # RFC 5321 section 4.5.2: any line that begins with a dot loses it.
        content = framed.replace(b"\r\n.", b"\r\n")[2:] if dots else framed[2:]
        if rules.reject_long_lines and any(
            len(line) > rules.line_bytes - 2 for line in content.split(b"\r\n")
        ):
            return "long-line"
        return content
