"""What goes over an SMTP client's wire, without the wire: command lines out, replies in.

- A command line is made whole or not at all: where an address, an option or the content cannot
  be passed on unharmed, the caller gets the `Reply` that says so, and nothing is sent.
- Nothing in an address, option or content can become a second command or a second message.
- DSN parameters and SIZE, BODY, AUTH are dropped where the next hop does not offer them
  (RFC 3461 section 5.2.2 and others); SMTPUTF8 and REQUIRETLS are never dropped.
"""

from __future__ import annotations

import re
from typing import Mapping, Sequence

from gateway.model.line_endings import only_crlf
from gateway.model.reply import Reply
from gateway.model.session import Recipient
from gateway.model.xtext import encode_xtext

MAX_LINE = 4096  # RFC 5321 section 4.5.3.1.5 says 512; servers of this world write more
MAX_REPLY = 65536
MAX_XFORWARD = 500  # XFORWARD_README: 512 with the line ending

BAD_SENDER = Reply(501, "5.1.7", "Sender address is not one that can be passed on")
BAD_RECIPIENT = Reply(501, "5.1.3", "Recipient address is not one that can be passed on")
BAD_OPTION = Reply(501, "5.5.4", "Parameter is not one that can be passed on")
# RFC 6531 section 3.5, RFC 6152 section 3, RFC 3030 section 3, RFC 8689 section 4.2.1
NO_SMTPUTF8 = Reply(550, "5.6.7", "The next mail server takes no internationalised mail")
NO_8BITMIME = Reply(554, "5.6.3", "The next mail server takes no 8-bit content")
NO_BINARYMIME = Reply(554, "5.6.1", "Binary content cannot be passed on")
NO_REQUIRETLS = Reply(550, "5.7.30", "The next mail server cannot guarantee TLS to the recipient")
BARE_NEWLINE = Reply(554, "5.6.0", "Content with bare CR or LF cannot be passed on")

# RFC 5321 section 4.1.2. Outside quotes: no white space, controls or brackets.
_MAILBOX = re.compile(
    r'(?:[^\s"<>\\\x00-\x1f\x7f-\x9f]++'
    r'|"(?:[^"\\\x00-\x1f\x7f-\x9f\u2028\u2029]|\\[\x20-\x7e])*+")*+'
)
_OPTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*+(?:=[^\s\x00-\x20\x7f-\x9f]++)?+")
_ENHANCED = re.compile(r"([245]\.[0-9]{1,3}\.[0-9]{1,3})(?: |$)")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_EXTENSION_OF = {
    "BODY": "8BITMIME", "RET": "DSN", "ENVID": "DSN", "NOTIFY": "DSN", "ORCPT": "DSN",
    "BY": "DELIVERBY", "HOLDFOR": "FUTURERELEASE", "HOLDUNTIL": "FUTURERELEASE",
}  # fmt: skip

Extensions = Mapping[str, str]
"""EHLO keywords, upper case, and their parameters."""


class ReplyReader:
    """Bytes from the next hop, in pieces of any size, to replies. Raises ValueError on garbage."""

    __slots__ = ("_code", "_rest", "_size", "_texts")

    def __init__(self) -> None:
        self._rest, self._code, self._size = b"", b"", 0
        self._texts: list[str] = []

    def feed(self, piece: bytes) -> list[Reply]:
        """Every reply that is complete with this piece."""
        if not self._rest and not self._code and piece.count(b"\n") == 1 and piece[-1:] == b"\n":
            # One whole reply of one line, as nearly all are.
            code, mark, text = piece[:3], piece[3:4], piece[4:-1].removesuffix(b"\r")
            if (
                mark == b" "
                and len(text) < MAX_LINE
                and code.isdigit()
                and b"200" <= code <= b"599"
            ):
                return [_reply(int(code), [text.decode("utf-8", "replace")])]
        *lines, self._rest = (self._rest + piece).split(b"\n")
        replies = []
        for line in lines:
            line = line.removesuffix(b"\r")
            code, mark = line[:3], line[3:4]
            self._size += len(line)
            if len(line) > MAX_LINE or self._size > MAX_REPLY:
                raise ValueError("reply too long")
            if not (len(code) == 3 and code.isdigit() and b"200" <= code <= b"599"):
                raise ValueError("not a reply")
            if mark not in (b" ", b"-", b"") or self._code not in (b"", code):
                raise ValueError("not a reply")
            self._texts.append(line[4:].decode("utf-8", "replace"))
            if mark == b"-":
                self._code = code
                continue
            replies.append(_reply(int(code), self._texts))
            self._texts, self._code, self._size = [], b"", 0
        if len(self._rest) > MAX_LINE:
            raise ValueError("reply too long")
        return replies


def _reply(code: int, texts: list[str]) -> Reply:
    """RFC 2034 section 4: an enhanced code stands on every line and has the class of the code."""
    match = _ENHANCED.match(texts[0])
    enhanced = match[1] if match and match[1][0] == str(code)[0] else ""
    if enhanced:
        prefix = re.compile(re.escape(enhanced) + "(?: |$)") if len(texts) > 1 else _ENHANCED
        texts = [prefix.sub("", text, count=1) if prefix.match(text) else text for text in texts]
    text = "\n".join(texts) if len(texts) > 1 else texts[0]
    if not text.isprintable():  # a bare CR in it could end a line of our own reply
        text = "\n".join(_CONTROL.sub("?", row) for row in texts)
    return Reply(code, enhanced, text)


def extensions(reply: Reply) -> Extensions:
    """The answer to EHLO; `AUTH=` is how servers of the last century spelt `AUTH `."""
    rows = (row.replace("=", " ", 1).partition(" ") for row in reply.text.split("\n")[1:])
    return {keyword.upper(): rest.strip().upper() for keyword, _, rest in rows}


def mail_line(
    sender: str,
    options: Sequence[str],
    offered: Extensions,
    size: int | None = None,
    verified_tls: bool = False,
) -> bytes | Reply:
    """MAIL. `size`, where known, takes the place of the client's SIZE (RFC 1870 section 6.1)."""
    if not _MAILBOX.fullmatch(sender):
        return BAD_SENDER
    words = [f"MAIL FROM:<{sender}>"]
    if size is not None and "SIZE" in offered:
        words.append(f"SIZE={size}")
    utf8 = False
    for option in options:
        if not _OPTION.fullmatch(option):
            return BAD_OPTION
        utf8 |= not option.isascii()
        keyword, _, value = option.upper().partition("=")
        if keyword == "SMTPUTF8":
            utf8 = True
            continue
        if keyword == "REQUIRETLS" and not (verified_tls and keyword in offered):
            return NO_REQUIRETLS
        if keyword == "BODY" and value == "BINARYMIME":
            return NO_BINARYMIME
        if keyword == "SIZE" and size is not None:
            continue
        if _EXTENSION_OF.get(keyword, keyword) in offered:
            words.append(option)
    if utf8 or not sender.isascii():
        if "SMTPUTF8" not in offered:
            return NO_SMTPUTF8
        words.append("SMTPUTF8")
    return _line(words, BAD_SENDER)


def rcpt_line(recipient: Recipient, offered: Extensions) -> bytes | Reply:
    """RCPT; a non-ASCII address goes only where it is understood (RFC 6531 section 3.2)."""
    address = recipient.address
    if not address or not _MAILBOX.fullmatch(address):
        return BAD_RECIPIENT
    if not address.isascii() and "SMTPUTF8" not in offered:
        return NO_SMTPUTF8
    words = [f"RCPT TO:<{address}>"]
    for option in recipient.options:
        if not _OPTION.fullmatch(option):
            return BAD_OPTION
        keyword = option.partition("=")[0].upper()
        if _EXTENSION_OF.get(keyword, keyword) not in offered:
            continue
        if not option.isascii() and "SMTPUTF8" not in offered:
            return NO_SMTPUTF8
        words.append(option)
    return _line(words, BAD_RECIPIENT)


def _line(words: Sequence[str], otherwise: Reply) -> bytes | Reply:
    try:
        return (" ".join(words) + "\r\n").encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate: bytes that were never UTF-8
        return otherwise


def xforward_lines(attributes: Mapping[str, str], offered: str) -> list[bytes]:
    """XFORWARD for every attribute the peer takes, in as many commands as it needs.

    What is not known is said to be `[UNAVAILABLE]`, so that nothing of the message before stays.
    """
    lines: list[str] = []
    for name in offered.split():
        value = attributes.get(name, "[UNAVAILABLE]") or "[UNAVAILABLE]"
        word = f" {name}={encode_xtext(value[:255])}"
        if lines and len(lines[-1]) + len(word) <= MAX_XFORWARD:
            lines[-1] += word
        elif len(word) <= MAX_XFORWARD:
            lines.append("XFORWARD" + word)
    return [(line + "\r\n").encode("ascii") for line in lines]


def unsendable(content: bytes, offered: Extensions) -> Reply | None:
    """Why this content cannot go to this peer, if so.

    RFC 5321 section 2.3.8: no CR and no LF but in CRLF. A peer that takes one for the other would
    find the end of the message, and then commands, where we see content.
    """
    if not only_crlf(content):
        return BARE_NEWLINE
    if "8BITMIME" not in offered and not content.isascii():
        return NO_8BITMIME
    return None


def dot_stuffed(content: bytes) -> list[bytes]:
    """RFC 5321 section 4.5.2: the content for the wire in pieces, the last line ended."""
    pieces = [content.replace(b"\r\n.", b"\r\n..")]
    if content.startswith(b"."):
        pieces.insert(0, b".")
    if content and not content.endswith(b"\r\n"):
        pieces.append(b"\r\n")
    return pieces
