"""An SMTP reply, ours or the next hop's.

`text` is what the client may read: it never holds message content or an exception's text.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """`code` per RFC 5321 section 4.2, `enhanced` per RFC 3463 ("" where the peer gave none).

    `text` may hold several lines, joined by a line feed.
    """

    code: int
    enhanced: str
    text: str

    @property
    def positive(self) -> bool:
        return 200 <= self.code < 400

    @property
    def permanent(self) -> bool:
        return 500 <= self.code < 600

    def lines(self) -> tuple[str, ...]:
        """The reply as wire lines, without line endings."""
        rows = self.text.split("\n") or [""]
        prefix = f"{self.enhanced} " if self.enhanced else ""
        last = len(rows) - 1
        return tuple(
            f"{self.code}{' ' if i == last else '-'}{prefix}{row}" for i, row in enumerate(rows)
        )

    def encode(self) -> bytes:
        if "\n" not in self.text:
            prefix = f"{self.code} {self.enhanced} " if self.enhanced else f"{self.code} "
            return f"{prefix}{self.text}\r\n".encode("utf-8", "replace")
        return ("\r\n".join(self.lines()) + "\r\n").encode("utf-8", "replace")

    def __str__(self) -> str:
        return " / ".join(self.lines())


INTERNAL_ERROR = Reply(451, "4.3.0", "Temporary failure in the gateway, please try again later")
