"""Header text: unfolding, RFC 2047 encoded words, and raw bytes of unknown charset.

Total functions: every byte string has a reading. All scanning is linear in the field's length.
"""

from __future__ import annotations

import binascii
import re

# RFC 2047 section 2, with the RFC 2231 section 5 language suffix. Blanks inside the text are
# illegal and common, so they are accepted.
_WORD = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,60})?\?([bBqQ])\?([^?]*)\?=")
# Codecs that are no charsets of mail: slow on hostile input, or able to fabricate text.
NO_CHARSETS = frozenset(
    ("idna", "punycode", "unicode_escape", "unicode-escape", "raw_unicode_escape",
     "raw-unicode-escape", "undefined", "mbcs", "oem", "unicodeescape", "rawunicodeescape")
)  # fmt: skip
_FOLD = re.compile(r"\r\n|\r|\n")


def decode_bytes(raw: bytes, charset: str = "") -> str:
    """Bytes in an undeclared or wrongly declared charset: declared, UTF-8, then cp1252."""
    if charset and charset.lower() not in NO_CHARSETS:
        try:
            return raw.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            pass  # the declaration is wrong or unknown: the next guesses follow
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace") if _plausible_1252(raw) else raw.decode("latin-1")


def _plausible_1252(raw: bytes) -> bool:
    return not raw.translate(None, bytes(set(range(256)) - {0x81, 0x8D, 0x8F, 0x90, 0x9D}))


def unfold(raw: bytes) -> str:
    """A field body as one line (RFC 5322 section 2.2.3), charset recovered."""
    if raw.isascii():
        text = raw.decode("ascii")
    elif raw.startswith(b"\xef\xbb\xbf"):
        text = decode_bytes(raw[3:])
    else:
        text = decode_bytes(raw)
    if "\n" in text or "\r" in text:
        text = _FOLD.sub("", text)
    return text.strip(" \t")


def decode_words(text: str) -> str:
    """Replace every encoded word, also where a quoted string wrongly holds it."""
    if "=?" not in text:
        return text
    out: list[str] = []
    pending: list[tuple[str, bytes]] = []
    end = 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        payload = _payload(match[2], match[3])
        charset = match[1].lower()
        if pending and not between.strip(" \t"):
            # Blanks between encoded words vanish; a character may be cut across two words.
            if pending[-1][0] == charset:
                pending[-1] = (charset, pending[-1][1] + payload)
            else:
                pending.append((charset, payload))
        else:
            _flush(pending, out)
            out.append(between)
            pending = [(charset, payload)]
        end = match.end()
    _flush(pending, out)
    out.append(text[end:])
    return _FOLD.sub(" ", "".join(out))


def _flush(pending: list[tuple[str, bytes]], out: list[str]) -> None:
    out.extend(decode_bytes(payload, charset) for charset, payload in pending)
    pending.clear()


def _payload(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8")
    if encoding in "qQ":
        return binascii.a2b_qp(raw.replace(b"_", b" "), header=False)
    try:
        return binascii.a2b_base64(raw + b"==")
    except binascii.Error:
        return raw


def header_value(raw: bytes) -> str:
    return decode_words(unfold(raw))
