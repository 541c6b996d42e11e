"""Files in running text that are announced by a mark: uuencode, xxencode, yEnc, BinHex."""

from __future__ import annotations

import binascii
import re
from typing import Iterator

from gateway.extract.text.written_file import MAX_RUNS, written_file
from gateway.model.content import Content
from gateway.model.message import Gap, Part

_UU = re.compile(r"^([>| \t]*)begin(-base64)? [0-7]{3,4} ([^\r\n]{1,300})\r?\n", re.M)
_YENC = re.compile(rb"^=ybegin ([^\r\n]{0,400})\r?\n", re.M)
_XX = "+-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_XX_TO_UU = str.maketrans({letter: chr(32 + code) for code, letter in enumerate(_XX)})
_BINHEX = "(This file must be converted with BinHex"


def marked_files(part: Part, text: str) -> Iterator[Content]:
    """Every such file in `text`, which is the text of `part`; a Gap for what is damaged."""
    if "begin" in text or (":" in text and _BINHEX in text):
        yield from _marked(part, text)


def _marked(part: Part, text: str) -> Iterator[Content]:
    # The parser has taken uuencoded files out of the bodies of the message itself.
    parsed = part.content_type == "text/plain" and "!" not in part.number
    yield from _uuencoded(part, text, parsed and text.count("begin ") <= MAX_RUNS)
    if "=ybegin " in text:
        yield from _yencoded(part)
    if _BINHEX in text:
        yield Gap(part.location, "unreadable", "a file written as letters (BinHex)")


def _uuencoded(part: Part, text: str, parsed: bool) -> Iterator[Content]:
    position = 0
    for index in range(1, MAX_RUNS + 2):
        begin = _UU.search(text, position)
        if not begin:
            return
        if index > MAX_RUNS:
            yield Gap(part.location, "limit", f"more than {MAX_RUNS} files written as letters")
            return
        small = _is_xx(text, begin)
        if parsed and not small and not begin[2]:
            position = begin.end()
            continue
        content, position, fault = _uu_lines(text, begin, small)
        if fault and not content:
            continue  # somebody writes that something may begin
        if fault:
            yield Gap(part.location, "unreadable", fault)
        if content:
            yield from written_file(part, f"uu{index}", content, begin[3].strip())


def _is_xx(text: str, begin: re.Match[str]) -> bool:
    """Small letters, and as many as the first one says: nearly every line of xxencode is so."""
    stop = text.find("\n", begin.end())
    line = text[begin.end() : stop].removeprefix(begin[1]).rstrip("\r")
    if not line or line.upper() == line or not set(line) <= set(_XX):
        return False
    return len(line) == 1 + -(-_XX.index(line[0]) // 3) * 4


def _uu_lines(text: str, begin: re.Match[str], small: bool) -> tuple[bytes, int, str]:
    out = bytearray()
    quote, base64, position = begin[1], bool(begin[2]), begin.end()
    while position < len(text):
        stop = text.find("\n", position)
        stop = len(text) if stop < 0 else stop
        # A line may begin with a quoting mark of its own: only what stood before "begin" goes.
        bare = text[position:stop].removeprefix(quote).rstrip("\r")
        if bare.strip() in ("end", "===="):
            return bytes(out), stop + 1, ""
        try:
            out += (
                binascii.a2b_base64(bare)
                if base64
                else _uu_line(bare.translate(_XX_TO_UU) if small else bare)
            )
        except (binascii.Error, ValueError):
            return bytes(out), position, "a uuencoded file that is damaged"
        position = stop + 1
    return bytes(out), position, "a uuencoded file without an end"


def _uu_line(line: str) -> bytes:
    if not line.strip(" `"):
        return b""
    raw = line.encode("ascii")
    # Some encoders miscount (https://bugs.python.org/issue1048).
    return binascii.a2b_uu(raw[: (((raw[0] - 32) & 63) * 4 + 5) // 3 + 1])


def _yencoded(part: Part) -> Iterator[Content]:
    """http://www.yenc.org/yenc-draft.1.3.txt; its letters are bytes, whatever the charset."""
    raw = part.content
    stop = index = 0
    while begin := _YENC.search(raw, stop):
        index += 1
        if index > MAX_RUNS:
            yield Gap(part.location, "limit", f"more than {MAX_RUNS} files written as letters")
            return
        end = raw.find(b"\n=yend", begin.end() - 1)
        stop = end if end >= 0 else len(raw)
        body = raw[begin.end() : stop]
        if body.startswith(b"=ypart "):
            body = body.partition(b"\n")[2]
        head, _, name = begin[1].partition(b"name=")
        content = _unyenc(body)
        size = re.search(rb"\bsize=(\d{1,12})", head)
        if b"part=" in head:
            yield Gap(part.location, "unreadable", "one part of a file split over messages (yEnc)")
        elif end < 0 or (size and int(size[1]) != len(content)):
            yield Gap(part.location, "unreadable", "a yEnc file that is damaged")
        label = name.decode("utf-8", "replace").strip() or "yenc"
        yield from written_file(part, f"yenc{index}", content, label)


_UNSHIFT = bytes((code - 42) & 255 for code in range(256))
_UNESCAPE = re.compile(rb"=(.)", re.S)


def _unyenc(body: bytes) -> bytes:
    body = body.replace(b"\r\n..", b"\r\n.").translate(None, b"\r\n")
    return _UNESCAPE.sub(lambda found: bytes(((found[1][0] - 64) & 255,)), body).translate(_UNSHIFT)
