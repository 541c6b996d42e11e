"""Content-Transfer-Encoding removed (RFC 2045 section 6), with a word on what did not fit.

Whatever the bytes are, there is a best reading; `fault` says what a stricter or laxer program
might have seen differently, and then the raw text is worth reading as well.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(sorted(set(range(256)) - set(_BASE64)))
_BAD_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*(?:\n|\Z))")
_UU_BEGIN = re.compile(rb"^begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,300})\r?$", re.M)
IDENTITY = frozenset(("", "7bit", "8bit", "binary"))
UU = frozenset(("x-uuencode", "uuencode", "x-uue", "uue"))


@dataclass(frozen=True, slots=True)
class Decoded:
    content: bytes
    fault: str = ""


def decode_transfer(raw: bytes, encoding: str) -> Decoded:
    """Undo `encoding` (lower case, stripped). Never raises."""
    if encoding in IDENTITY:
        return Decoded(raw)
    if encoding == "base64":
        return decode_base64(raw)
    if encoding == "quoted-printable":
        return decode_quoted(raw)
    if encoding in UU:
        return decode_uu(raw)
    return Decoded(raw, "unknown Content-Transfer-Encoding")


def decode_base64(raw: bytes) -> Decoded:
    """The clean case costs one decode and three counts; anything else is taken to pieces."""
    body = raw.rstrip()
    pads = 2 if body.endswith(b"==") else 1 if body.endswith(b"=") else 0
    breaks = len(body) // 78
    if breaks and body[76::78] == b"\r" * breaks and body[77::78] == b"\n" * breaks:
        # Lines of 76 as nearly every program writes them: no need to count. Any other character
        # that is no base64 makes the content shorter than this.
        count = len(body) - 2 * breaks
    else:
        count = len(body) - body.count(b"\n") - body.count(b"\r")
    if count % 4 == 0:
        try:
            content = binascii.a2b_base64(body)
        except binascii.Error:
            return _decode_dirty(body)
        # binascii skips foreign characters and stops at the first padding: then it yields less.
        if len(content) == count // 4 * 3 - pads:
            return Decoded(content)
    return _decode_dirty(body)


def _decode_dirty(body: bytes) -> Decoded:
    fault = ""
    foreign = body.translate(None, _BASE64 + b"= \t\r\n")
    if foreign:
        fault = "characters outside the base64 alphabet"
    out = bytearray()
    segments = [s for s in body.split(b"=") if s.strip()]
    if len(segments) > 1:
        fault = fault or "base64 goes on after its padding"
    if len(segments) > 10_000:
        return Decoded(bytes(_unpadded(body)[0]), fault)
    for segment in segments:
        content, short = _unpadded(segment)
        out += content
        if short:
            fault = fault or "base64 ends in the middle of a byte"
    return Decoded(bytes(out), fault)


def _unpadded(segment: bytes) -> tuple[bytes, bool]:
    clean = segment.translate(None, _NOT_BASE64)
    left = len(clean) % 4
    if left == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4)), left == 1


def decode_quoted(raw: bytes) -> Decoded:
    """RFC 2045 section 6.7. Bare CRs become line ends first: binascii drops text after "=CR"."""
    lines = raw
    if b"\r" in raw:
        lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    fault = "malformed quoted-printable" if _BAD_ESCAPE.search(lines) else ""
    # Blanks before a line end are transport padding (rule 3); also after a soft line break.
    if b"= " in lines or b"=\t" in lines:
        lines = re.sub(rb"=[ \t]{1,100}(?=\n|\Z)", b"=", lines)
    return Decoded(binascii.a2b_qp(lines), fault)


def decode_uu(raw: bytes) -> Decoded:
    begin = _UU_BEGIN.search(raw)
    if not begin:
        return Decoded(raw, "no begin line in uuencoded content")
    content, _, fault = read_uu(raw, begin.end())
    if raw[: begin.start()].strip():
        fault = fault or "text before the uuencoded content"
    return Decoded(content, fault)


def read_uu(raw: bytes, position: int) -> tuple[bytes, int, str]:
    """Lines of a uuencoded file up to its `end`: (content, where it ended, fault)."""
    out = bytearray()
    fault = "uuencoded content without an end line"
    length = len(raw)
    position = raw.find(b"\n", position - 1) + 1 or length
    while position < length:
        stop = raw.find(b"\n", position)
        stop = length if stop < 0 else stop
        line = raw[position:stop].rstrip(b"\r")
        position = stop + 1
        if line.strip() == b"end":
            fault = ""
            break
        if not line.strip():
            continue
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            # Some encoders miscount: https://bugs.python.org/issue1048, as stdlib email does.
            used = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out += binascii.a2b_uu(line[:used])
            except binascii.Error:
                fault = "malformed uuencoded line"
                break
    return bytes(out), min(position, length), fault


def uu_files(text: bytes) -> list[tuple[str, bytes, str]]:
    """Files pasted into plain text as uuencode: (name, content, fault)."""
    found: list[tuple[str, bytes, str]] = []
    position = 0
    while len(found) < 100 and (begin := _UU_BEGIN.search(text, position)):
        content, position, fault = read_uu(text, begin.end())
        position = max(position, begin.end())
        if content:
            found.append((begin[1].decode("utf-8", "replace").strip(), content, fault))
    return found
