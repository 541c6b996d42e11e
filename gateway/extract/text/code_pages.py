"""The charset behind the number of a Windows code page."""

from __future__ import annotations

import codecs

_NAMES = {
    10000: "mac-roman", 10006: "mac-greek", 10007: "mac-cyrillic", 10029: "mac-latin2",
    10079: "mac-iceland", 10081: "mac-turkish", 20866: "koi8-r", 20932: "euc-jp", 20936: "gb2312",
    21866: "koi8-u", 51932: "euc-jp", 51949: "euc-kr", 54936: "gb18030", 65001: "utf-8",
    0x8000: "mac-roman", 0x8001: "cp1252",
}  # fmt: skip
_ISO = range(28591, 28607)


def charset_of(number: int, otherwise: str = "cp1252") -> str:
    """A name that Python decodes; `otherwise` for numbers that nobody knows, and for those of
    UTF-16, which no text of single bytes is in, whatever it says."""
    name = _NAMES.get(number) or (
        f"iso8859-{number - _ISO.start + 1}" if number in _ISO else f"cp{number}"
    )
    try:
        codecs.lookup(name)
    except LookupError:
        return otherwise
    return name
