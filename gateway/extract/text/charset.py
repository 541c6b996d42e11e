"""Bytes to text when the declaration is missing, wrong or hostile.

Order: byte order mark, declaration, UTF-16 without a mark, strict UTF-8, then cp1252 or chardet.
There is always a text; `fault` is set where part of it is a guess that may have lost something.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

# What mail programs mean by these names (WHATWG Encoding Standard, section 4.2).
_MEANT = {
    "iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
    "us-ascii": "ascii", "ansi_x3.4-1968": "ascii", "iso-8859-9": "cp1254", "gb2312": "gb18030",
    "gbk": "gb18030", "x-gbk": "gb18030", "shift_jis": "cp932", "shift-jis": "cp932",
    "x-sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949",
    "iso-8859-8-i": "iso-8859-8", "big5": "big5hkscs", "tis-620": "cp874", "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman", "unicode-1-1-utf-7": "utf-7", "utf8": "utf-8", "cp-850": "cp850",
    "iso-2022-jp": "iso2022_jp_ext", "x-unknown": "", "unknown-8bit": "", "8bit": "", "binary": "",
    "default": "", "unknown": "", "none": "",
}  # fmt: skip
# Codecs that are no charsets of mail: slow on hostile input, or able to fabricate text.
_REFUSED = frozenset(
    ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem")
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    fault: str = ""


def decode(content: bytes, declared: str = "") -> Decoded:
    """The text in `content`, without byte order mark and NULs."""
    declared = declared.lower()
    if content.isascii() and b"\0" not in content and declared in ("", "us-ascii", "utf-8"):
        return Decoded(content.decode("ascii"))
    found = _decode(content, declared)
    if "\0" in found.text:
        return Decoded(found.text.replace("\0", ""), found.fault)
    return found


def _decode(content: bytes, declared: str) -> Decoded:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _lenient(content[len(mark) :], name)
    name = _MEANT.get(declared, declared)
    wide = utf16_without_mark(content)
    if wide:
        return _lenient(content, wide)
    known = _known(name)
    if known:
        try:
            return Decoded(content.decode(known))
        except (UnicodeError, ValueError):
            pass  # the declaration does not hold: the guesses follow
    try:
        return Decoded(content.decode("utf-8"))
    except UnicodeDecodeError:
        pass  # not UTF-8 either
    if known and known not in ("ascii", "utf-8", "cp1252"):
        return _lenient(content, known)
    fault = "" if known or not name else "unknown charset, and not UTF-8"
    return Decoded(_guess(content), fault)


def _known(name: str) -> str:
    if not name:
        return ""
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)  # refuses codecs that are no text encodings
    except (LookupError, ValueError, UnicodeError, TypeError):
        return ""
    return "" if codec.name.replace("-", "_") in _REFUSED else codec.name


def _lenient(content: bytes, name: str) -> Decoded:
    text = content.decode(name, "replace")
    lost = text.count("�")
    return Decoded(text, "many bytes do not fit the charset" if lost * 50 > len(text) else "")


def _guess(content: bytes) -> str:
    """Western unless much of it is beyond ASCII; then chardet has a say."""
    high = len(content.translate(None, bytes(range(128))))
    if high * 4 > len(content) and high > 40:
        import chardet  # loaded for the rare case only

        name = _known(chardet.detect(content[:20_000]).get("encoding") or "")
        if name:
            return content.decode(name, "replace")
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def utf16_without_mark(content: bytes) -> str:
    """The UTF-16 byte order that unmarked `content` is in, or ""."""
    head = content[:4096]
    if len(head) < 4 or len(content) % 2 or b"\0" not in head:
        return ""
    low, high = head[1::2].count(0), head[0::2].count(0)
    if low * 10 > len(head) * 4 and high * 20 < len(head):
        return "utf-16-le"
    if high * 10 > len(head) * 4 and low * 20 < len(head):
        return "utf-16-be"
    return ""
