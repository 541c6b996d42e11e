"""The few places in files of SAS, SPSS and Stata that ReadStat passes over, found by their bytes."""

from __future__ import annotations

import io
import re
import struct
from typing import Iterator

from gateway.extract import types

_RECORD = 80
# Of a transport file whose end is not whole, so much is searched for words.
_LAST_CARDS = 16_000
_END_CODE, _LITERAL = 252, 253
_LOCKED = b"\x1c\0\0\0\0\0\0\0ENCRYPTED"
_CATALOGUE = b"\0" * 12 + b"\xc2\xea\x81\x63"
_MEMBER = re.compile(rb"HEADER RECORD\*{7}(?:MEMBER  |MEMBV8  )HEADER RECORD")
# Records of an SPSS dictionary that hold words: product, attributes of the file and of variables.
_SPSS_WORDS = re.compile(rb"\x07\0\0\0[\x0a\x11\x12]\0\0\0\x01\0\0\0(....)", re.S)
_SPSS_WORDS_BIG = re.compile(rb"\0\0\0\x07\0\0\0[\x0a\x11\x12]\0\0\0\x01(....)", re.S)
_STATA_WORDS = re.compile(rb"<characteristics>(.*?)</characteristics>", re.S)
_STATA_END = b"</stata_dta>"
_PRINTABLE = re.compile(rb"[\x20-\x7e\x80-\xff\t\r\n]{4,}")


class Source(io.BytesIO):
    """Bytes that remember how far somebody has read into them."""

    furthest = 0

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(size)
        self.furthest = max(self.furthest, self.tell())
        return found


def is_locked(content: bytes) -> bool:
    return content.startswith(_LOCKED)


def is_catalogue(content: bytes) -> bool:
    return content.startswith(_CATALOGUE)


def members(content: bytes) -> Iterator[bytes]:
    """Each data set of a transport file as a file of its own: the library reads only the first."""
    starts = [m.start() for m in _MEMBER.finditer(content) if not m.start() % _RECORD]
    if len(starts) < 2:
        yield content
        return
    library = content[: starts[0]]
    for start, end in zip(starts, [*starts[1:], len(content)], strict=True):
        yield library + content[start:end]


def count_unknown(kind: str, content: bytes) -> bytes:
    """An SPSS file that leaves the number of cases open: rows beyond the stated number show too."""
    if kind == types.SAV and content[:3] == b"$FL" and len(content) > 84:
        return content[:80] + b"\xff\xff\xff\xff" + content[84:]
    return content


def is_cut_off(kind: str, content: bytes, seen: int) -> bool:
    """Formats whose reader takes a missing end for the end: cards are whole, or end in Zs."""
    if kind == types.XPT:
        return bool(len(content) % _RECORD)
    return kind == types.POR and b"Z" not in content[max(0, seen - 1) : seen + _RECORD]


def beyond_cases(kind: str, content: bytes) -> bytes:
    """What stands behind the stated number of cases, or in the last card, which is no whole one:
    it is read as rows, too, but words there are cut into cells."""
    if kind == types.XPT:
        return content[len(content) - len(content) % _RECORD :] and content[-_LAST_CARDS:]
    if kind != types.SAV or content[:4] != b"$FL2":
        return b""
    order = "<" if content[64:68] in (b"\2\0\0\0", b"\3\0\0\0") else ">"
    size, packed, _, cases = struct.unpack_from(f"{order}iiii", content.ljust(84, b"\0"), 68)
    start = content.find(struct.pack(f"{order}ii", 999, 0)) + 8
    stated = start + 8 * size * cases
    return content[stated:] if not packed and size > 0 and cases > 0 and start >= 8 else b""


def true_end(kind: str, content: bytes, seen: int) -> int:
    """Where the file ends by its own account, where the library looked less or more far."""
    if kind == types.SAV and seen == len(content) and content[:4] == b"$FL2":
        order = "<" if content[64:68] in (b"\2\0\0\0", b"\3\0\0\0") else ">"
        size, packed, _, cases = struct.unpack_from(f"{order}iiii", content, 68)
        start = content.rfind(struct.pack(f"{order}ii", 999, 0), 0, seen) + 8
        if packed == 1 and start >= 8:
            return _packed_end(content, start, size * cases if size > 0 and cases > 0 else 0)
        # Whole cases of uncompressed data; what is left of the last one is no case.
        if not packed and size > 0 and start >= 8:
            return seen - (seen - start) % (8 * int(size))
    if kind == types.DTA and content.startswith(b"<stata_dta>"):
        found = content.find(_STATA_END, max(0, seen - len(_STATA_END)))
        return found + len(_STATA_END) if found >= 0 else seen
    return seen


def _packed_end(content: bytes, at: int, values: int) -> int:
    """The end of compressed cases: after the code for it, or after so many `values`."""
    counted = values > 0
    while at + 8 <= len(content):
        codes = content[at : at + 8]
        at += 8
        stop = codes.find(_END_CODE)
        if stop >= 0:
            return at + 8 * codes[:stop].count(_LITERAL)
        values -= 8 - codes.count(0)
        at += 8 * codes.count(_LITERAL)
        if counted and values <= 0:
            break
    return min(at, len(content))


def extra_texts(kind: str, content: bytes) -> Iterator[tuple[str, str]]:
    """(place, text) of attributes and characteristics."""
    if kind == types.SAV:
        for pattern, order in ((_SPSS_WORDS, "<i"), (_SPSS_WORDS_BIG, ">i")):
            for match in pattern.finditer(content, 0, 50_000_000):
                (size,) = struct.unpack(order, match.group(1))
                if 0 < size <= len(content) - match.end():
                    words = content[match.end() : match.end() + size]
                    yield "attributes", words.decode("utf-8", "replace")
    elif kind == types.DTA:
        for match in _STATA_WORDS.finditer(content):
            found = _PRINTABLE.findall(match.group(1))
            if found:
                yield "characteristics", "\n".join(t.decode("utf-8", "replace") for t in found)
