"""The published list as an OpenDocument spreadsheet (ODF 1.3 parts 2 and 3), as plain as can be.

Every cell is a string or a number, never a formula, whatever a title begins with. The same list
gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from gateway.releases.publishing.listing import HEADS, Published

_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = {
    name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
    for name in ("office", "table", "text", "manifest", "meta")
} | {"dc": "http://purl.org/dc/elements/1.1/"}
_VERSION = "1.3"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NUMBER = 2
"""The column that holds numbers."""


def as_sheet(listing: Published) -> bytes:
    """One table with a row of heads that is repeated on each printed page."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        # ODF part 2, section 3.3: first, not compressed, so that the type stands at a known place.
        _write(package, "mimetype", _TYPE.encode(), zipfile.ZIP_STORED)
        _write(package, "META-INF/manifest.xml", _manifest())
        _write(package, "meta.xml", _meta(listing))
        _write(package, "content.xml", _content(listing))
    return out.getvalue()


def _write(
    package: zipfile.ZipFile, name: str, content: bytes, how: int = zipfile.ZIP_DEFLATED
) -> None:
    package.writestr(zipfile.ZipInfo(name, _EPOCH), content, how)


def _content(listing: Published) -> bytes:
    root = _element("office", "document-content", office__version=_VERSION)
    body = _below(_below(root, "office", "body"), "office", "spreadsheet")
    table = _below(body, "table", "table", table__name="Pre-release access")
    _row(_below(table, "table", "table-header-rows"), HEADS)
    for row in listing.rows:
        _row(table, row, numbers=True)
    return _written(root)


def _row(parent: etree._Element, cells: tuple[str, ...], numbers: bool = False) -> None:
    row = _below(parent, "table", "table-row")
    for column, text in enumerate(cells):
        if numbers and column == _NUMBER:
            kind = {"office__value_type": "float", "office__value": text}
        else:
            kind = {"office__value_type": "string"}
        _below(_below(row, "table", "table-cell", **kind), "text", "p").text = text


def _meta(listing: Published) -> bytes:
    root = _element("office", "document-meta", office__version=_VERSION)
    meta = _below(root, "office", "meta")
    _below(meta, "dc", "title").text = listing.title
    _below(meta, "dc", "description").text = listing.sentence
    _below(meta, "dc", "language").text = "en-GB"
    return _written(root)


def _manifest() -> bytes:
    root = _element("manifest", "manifest", manifest__version=_VERSION)
    for path, kind in (("/", _TYPE), ("content.xml", "text/xml"), ("meta.xml", "text/xml")):
        _below(root, "manifest", "file-entry", manifest__full_path=path, manifest__media_type=kind)
    return _written(root)


def _element(space: str, name: str, **attributes: str) -> etree._Element:
    return etree.Element(f"{{{_NAMES[space]}}}{name}", _spelt(attributes), nsmap=_NAMES)


def _below(parent: etree._Element, space: str, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_NAMES[space]}}}{name}", _spelt(attributes))


def _spelt(attributes: dict[str, str]) -> dict[str, str]:
    """`office__value_type` is written office:value-type."""
    return {
        f"{{{_NAMES[space]}}}{name.replace('_', '-')}": value
        for key, value in attributes.items()
        for space, _, name in (key.partition("__"),)
    }


def _written(root: etree._Element) -> bytes:
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made
