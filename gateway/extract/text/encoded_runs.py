"""Files and texts written into running text: base64, base32, hexadecimal, data URIs; what has a mark
of its own, codes of signs and exchanged letters have modules of their own.

Whoever pastes a file as letters hides it from everybody but the one who decodes it. What decodes
to a known type or to text is handed on as a file. What decodes to bytes of no known type is a Gap
only from `MEANINGLESS` bytes on: keys, certificates, signatures, session tokens and the tracking
marks of links are bytes like that, stand in every second newsletter and are shorter, while a table
that is worth hiding is longer, or shows what it is.
"""

from __future__ import annotations

import binascii
import re
from itertools import chain
from typing import Iterator
from urllib.parse import unquote_to_bytes

from gateway.extract.text.base_codings import (
    base32_bytes,
    coded_rows,
    codes_of_signs,
    dense_runs,
    solid_runs,
)
from gateway.extract.text.escapes import unescaped
from gateway.extract.text.marked_files import marked_files
from gateway.extract.text.turned_letters import turned_back
from gateway.extract.text.written_file import MAX_RUNS, shows, written_file
from gateway.model.content import Content, Text
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part
from gateway.model.picture import is_picture

SHORTEST = 400
MEANINGLESS = 4_096
LOGO = 1_024
# Shorter runs are looked at for words only: links and tokens are such runs, too.
_SHORTEST_WORDS = 60
_WORDS = re.compile(rb"[\x20-\x7e\r\n\t]+")
_LEAST_LINE = 30
_NEAR = 100
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
# One class for every letter of base64: a run is found by one search for many of that class.
_CLASSES = bytes(0x78 if code in _LETTERS else 0x20 for code in range(256))
_LINE = b"x" * _LEAST_LINE
# Links are shorter, mostly.
_LONG_WORD = b"x" * 60
_BASE32 = re.compile(r"[A-Z2-7=]+|[a-z2-7=]+|[0-9A-V=]+|[0-9a-v=]+")
# Whatever leaves no blanks.
_SOLID = bytes(0x78 if 0x20 < code < 0x7F else code for code in range(256))
# What is left of five lines of one word each, quoted or not.
_NO_BLANKS = bytes(code for code in range(256) if chr(code) not in " \t\n")
_ROWS, _QUOTED_ROWS = b"\n" * 4, b" ".join([b"\n"] * 4)
_TOKEN = re.compile(r"[A-Za-z0-9+/_-]{30,}+={0,2}")
_REST = re.compile(r"[>| \t]*\r?\n[>| \t]*([A-Za-z0-9+/_-]{1,76}={0,2})[ \t]*(?:\r?\n|\Z)")
# Line ends, quoting marks, and the joints of strings in programs.
_BETWEEN = re.compile(r"[\s>|\\]*(?:\\[rn])?(?:[\"']\s*[+.&]?\s*[\"'])?[\s>|]*")
_HEX = re.compile(r"(?:0x)?((?:[0-9A-Fa-f]{2})+)")
_KEY = re.compile(r"-----BEGIN PGP (?:PUBLIC KEY BLOCK|SIGNATURE)-----[^-]*\Z")
_DUMP = re.compile(
    r"^[>| \t]*[0-9A-Fa-f]{4,16}:?[ \t]+((?:[0-9A-Fa-f]{2}){1,4}(?:[ \t]{1,2}(?:[0-9A-Fa-f]{2}){1,4}){3,31})(?:[ \t].*)?$",
    re.M,
)
_BYTES_APART = re.compile(r"(?:(?:0x)?[0-9A-Fa-f]{2}[ ,:\n\t]{1,3}){8,}+[0-9A-Fa-f]{0,2}")
_DATA = re.compile(
    r"data:([a-z0-9.+/-]{0,100})((?:;[^,;\"'\s]{0,200}){0,10}),([^\"'()<>\s]*)", re.I
)


def encoded_runs(part: Part, text: str, limits: ReadLimits) -> Iterator[Content]:
    """Every file written into `text`, which is the text of `part`. In ordinary text: nothing, and
    soon."""
    yield from marked_files(part, text)
    if len(text) >= _SHORTEST_WORDS:
        solid = text.encode("utf-8", "replace").translate(_SOLID)
        zeros = "0" in text and ("0000" in text or text.count(" 0") > 5)
        if zeros or (_LINE in solid and holds_letters(text)):
            yield from _runs(part, text, limits)
        yield from _recoded(part, text, solid)


def _recoded(part: Part, text: str, solid: bytes) -> Iterator[Content]:
    """Words in other signs than their own."""
    found: list[bytes] = []
    for words, may_hold_rows in chain(unescaped(text), turned_back(text)):
        if may_hold_rows:
            found.append(_bytes(words))
        elif words:
            yield Text(part.location.at("written in other signs"), words, hidden=True)
        else:
            yield Gap(part.location, "limit", "letters exchanged in more ways than are tried")
    blanks = solid.translate(None, _NO_BLANKS)
    rows = _ROWS in blanks or (">" in text and _QUOTED_ROWS in blanks)
    if rows or _LONG_WORD in solid:
        runs = solid_runs(text)
        found += map(_bytes, coded_rows(runs))
        for content in dense_runs(runs, shows):
            if isinstance(content, int):
                detail = f"{content} characters of text in an unknown coding"
                yield Gap(part.location, "unreadable", detail)
            else:
                found.append(content)
    if "1" in text:
        found += map(_bytes, codes_of_signs(text))
    for index, content in enumerate(filter(None, found[:MAX_RUNS]), 1):
        yield from written_file(part, f"coded{index}", content, None)
    if len(found) > MAX_RUNS:
        yield Gap(part.location, "limit", f"more than {MAX_RUNS} texts in other signs")


def _bytes(words: str) -> bytes:
    return words.encode("utf-8", "replace")


def _short_words(text: str) -> Iterator[str]:
    """Words written as letters, in runs too short to be a file."""
    for letters, _ in _letters(text, _SHORTEST_WORDS):
        if len(letters) < SHORTEST:
            content = decode_letters(letters)
            if content.count(b" ") > 3 and _WORDS.fullmatch(content):
                yield content.decode("ascii")


def holds_letters(text: str) -> bool:
    """Does a line of base64 or hexadecimal digits stand anywhere?"""
    return _LINE in text.encode("utf-8", "replace").translate(_CLASSES)


def _runs(part: Part, text: str, limits: ReadLimits) -> Iterator[Content]:
    count = 0
    words = "\n".join(_short_words(text))
    if words:
        yield Text(part.location.at("written as letters"), words, hidden=True)
    for letters, start in _letters(text):
        content = decode_letters(letters)
        if not content or (not shows(content) and len(content) < MEANINGLESS):
            continue
        if not shows(content) and _KEY.search(text, max(0, start - 300), start):
            continue
        count += 1
        if count > MAX_RUNS:
            yield Gap(part.location, "limit", f"more than {MAX_RUNS} files written as letters")
            return
        yield from written_file(part, f"run{count}", content, None)
    for index, content in enumerate(_dumps(text), 1):
        if shows(content) or len(content) >= MEANINGLESS:
            yield from written_file(part, f"dump{index}", content, None)


def _letters(text: str, least: int = SHORTEST) -> Iterator[tuple[str, int]]:
    """Lines of base64 that follow one another, as one, and where they begin."""
    run: list[str] = []
    start = end = 0
    for match in _TOKEN.finditer(text):
        if len(set(match[0])) < 3:
            continue  # a line that somebody drew
        near = run and match.start() - end < _NEAR
        if near and _BETWEEN.fullmatch(text, end, match.start()):
            run.append(match[0])
        else:
            yield from _long(text, run, start, end, least)
            run, start = [match[0]], match.start()
        end = match.end()
    yield from _long(text, run, start, end, least)


def _long(text: str, run: list[str], start: int, end: int, least: int) -> Iterator[tuple[str, int]]:
    rest = _REST.match(text, end) if len(run) > 1 and not run[-1].endswith("=") else None
    letters = "".join(run) + (rest[1] if rest else "")
    if len(letters) >= least and _mixed(letters):
        yield letters, start


def _mixed(letters: str) -> bool:
    """Coded bytes show every kind of letter; alphabets, genes and drawn lines do not."""
    used = set(letters)
    if len(used) <= 8 or not any(map(str.isdigit, used)):
        return False
    if _HEX.fullmatch(letters):
        return True
    if _BASE32.fullmatch(letters):
        return len(used) > 14
    small, large = any(map(str.islower, used)), any(map(str.isupper, used))
    return small and large and len(used) > 22


def decode_letters(letters: str) -> bytes:
    """Hexadecimal or base32 where it is nothing else, else base64 of either alphabet."""
    if _HEX.fullmatch(letters):
        return binascii.unhexlify(letters.removeprefix("0x"))
    if _BASE32.fullmatch(letters):
        return base32_bytes(letters)
    out = bytearray()
    for segment in letters.replace("-", "+").replace("_", "/").split("="):
        whole = segment[:-1] if len(segment) % 4 == 1 else segment
        out += binascii.a2b_base64(whole + "=" * (-len(whole) % 4))
    return bytes(out)


def _dumps(text: str) -> Iterator[bytes]:
    """What hexadecimal dumps show: lines of an offset and bytes, or bytes one after the other."""
    lines = _DUMP.findall(text)
    if len(lines) >= 4:
        digits = "".join("".join(line.split()) for line in lines)
        yield binascii.unhexlify(digits[: len(digits) & ~1])
    for match in _BYTES_APART.finditer(text):
        if len(match[0]) < SHORTEST // 2:
            continue
        digits = re.sub(r"0x|[^0-9A-Fa-f]", "", match[0])
        yield binascii.unhexlify(digits[: len(digits) & ~1])


def data_uris(part: Part, links: list[str], limits: ReadLimits) -> Iterator[Content]:
    """The files in data URIs (RFC 2397). Small pictures are logos; whatever cannot be decoded is a
    Gap."""
    seen: set[str] = set()
    for link in links:
        cleaned = re.sub(r"[\0-\x20]", "", link)
        if cleaned in seen:
            continue
        seen.add(cleaned)
        if len(seen) > MAX_RUNS:
            yield Gap(part.location, "limit", f"more than {MAX_RUNS} files in data URIs")
            return
        match = _DATA.match(cleaned)
        content = _uri_content(match) if match else None
        if content is None:
            yield Gap(part.location, "unreadable", "a file inside the HTML (RFC 2397 data URI)")
        elif content and match and not _is_logo(content):
            number = f"{part.number}!data{len(seen)}"
            kind = match[1].lower() or "text/plain"
            yield Part(number, kind, "attachment", content, None, "", part.depth + 1)


def _uri_content(match: re.Match[str]) -> bytes | None:
    content = unquote_to_bytes(match[3])
    if "base64" not in match[2].lower():
        return content
    try:
        return decode_letters(content.decode("ascii"))
    except (UnicodeDecodeError, binascii.Error, ValueError):
        return None


def _is_logo(content: bytes) -> bool:
    return len(content) <= LOGO and is_picture(content)
