"""Which office document an XML file is, by its root element and that element's namespace."""

from __future__ import annotations

import re

from gateway.extract import types

_HEAD = 16_384
_PROLOG = re.compile(r"\s*(?:<\?[^>]{0,2000}\?>\s*|<!--.{0,8000}?-->\s*)*", re.S)
_ROOT = re.compile(r"<(?:[\w.-]{1,60}:)?([\w.-]{1,60})[\s>/]")
_KINDS = (
    ("document", "urn:oasis:names:tc:opendocument:xmlns:office:", types.FLAT_ODF),
    ("document", "http://openoffice.org/2000/office", types.FLAT_ODF),
    ("package", "http://schemas.microsoft.com/office/2006/xmlPackage", types.FLAT_OPC),
    ("wordDocument", "http://schemas.microsoft.com/office/word/2003/", types.WORD_XML),
    ("Workbook", "urn:schemas-microsoft-com:office:spreadsheet", types.EXCEL_XML),
)


def type_of_root(content: bytes) -> str:
    """The type of an office document in flat XML, or ""."""
    head = content[:_HEAD]
    if b"<" not in head[:4]:
        head = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if head[:1] != b"<":
            return ""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head[:64]:
        order = "utf-16-be" if head[:2] == b"\xfe\xff" or head[:1] == b"\0" else "utf-16-le"
        text = head.decode(order, "ignore")
    else:
        text = head.decode("latin-1").removeprefix("ï»¿")
    prolog = _PROLOG.match(text.lstrip("\ufeff"))
    rest = text.lstrip("\ufeff")[prolog.end() if prolog else 0 :]
    root = _ROOT.match(rest)
    if not root:
        return ""
    return next(
        (kind for name, space, kind in _KINDS if root[1] == name and space in rest[:_HEAD]), ""
    )
