"""Old and binary office files written by hand: BIFF and XLSB records, slides, RTF objects."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Mapping, Sequence

from gateway.extract.office.storage_file import write_compound

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def wide(text: str) -> bytes:
    """A string as XLSB writes it."""
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def binary_record(kind: int, body: bytes = b"") -> bytes:
    """A record of XLSB: kind and length in groups of seven bits."""
    head = bytes((kind & 0x7F | 0x80, kind >> 7)) if kind >= 0x80 else bytes((kind,))
    size, out = len(body), bytearray()
    while True:
        out.append(size & 0x7F | (0x80 if size > 0x7F else 0))
        size >>= 7
        if not size:
            return head + bytes(out) + body


def binary_cell(kind: int, column: int, value: bytes, style: int = 0) -> bytes:
    return binary_record(kind, struct.pack("<II", column, style) + value)


def binary_sheet(rows: Mapping[int, Sequence[bytes]], after: bytes = b"") -> bytes:
    out = [
        binary_record(129),
        binary_record(148, struct.pack("<IIII", 0, 9, 0, 9)),
        binary_record(145),
    ]
    for row, cells in rows.items():
        out += [binary_record(0, struct.pack("<I", row) + b"\0" * 21), *cells]
    return b"".join((*out, binary_record(146), after, binary_record(130)))


def binary_workbook(
    sheets: Mapping[str, tuple[int, bytes]],
    shared: Sequence[str] = (),
    entries: Mapping[str, bytes] | None = None,
    around: bytes = b"",
) -> bytes:
    """`sheets`: state (0 visible, 1 hidden, 2 very hidden) and part of each."""
    tabs = b"".join(
        binary_record(156, struct.pack("<II", state, i) + wide(f"rId{i}") + wide(name))
        for i, (name, (state, _)) in enumerate(sheets.items(), 1)
    )
    book = binary_record(131) + binary_record(143) + tabs + binary_record(144) + around
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{i}.bin"/>'
        for i in range(1, len(sheets) + 1)
    )
    strings = b"".join(binary_record(19, b"\0" + wide(text)) for text in shared)
    # Styles: a number, a date (built-in format 14).
    styles = binary_record(617, struct.pack("<I", 2)) + b"".join(
        binary_record(47, struct.pack("<HHHHHHHBB", 0xFFFF, code, 0, 0, 0, 0, 0, 0, 0))
        for code in (0, 14)
    ) + binary_record(618)  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        )
        archive.writestr("xl/workbook.bin", book + binary_record(132))
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        )
        head = binary_record(159, struct.pack("<II", len(shared), len(shared)))
        archive.writestr("xl/sharedStrings.bin", head + strings + binary_record(160))
        archive.writestr("xl/styles.bin", binary_record(278) + styles + binary_record(279))
        for i, (_, part) in enumerate(sheets.values(), 1):
            archive.writestr(f"xl/worksheets/sheet{i}.bin", part)
        for name, content in (entries or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def biff_record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def biff_5_workbook(cells: bytes, charset: int = 1252, name: bytes = b"Sheet") -> bytes:
    """A stream as Excel 5 and 95 write it: strings a byte a character."""
    begin = biff_record(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0))
    pages = biff_record(0x42, struct.pack("<H", charset))
    style = biff_record(0xE0, struct.pack("<HH12x", 0, 0)) + biff_record(
        0xE0, struct.pack("<HH12x", 0, 14)
    )
    tab = struct.pack("<IBBB", 0, 0, 0, len(name)) + name
    offset = len(begin + pages + style + biff_record(0x85, tab) + biff_record(0x0A))
    tab = struct.pack("<IBBB", offset, 0, 0, len(name)) + name
    sheet = biff_record(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0)) + cells
    return (
        begin
        + pages
        + style
        + biff_record(0x85, tab)
        + biff_record(0x0A)
        + sheet
        + biff_record(0x0A)
    )


def slide_record(kind: int, body: bytes, instance: int = 0, container: bool = False) -> bytes:
    return struct.pack("<HHI", instance << 4 | (15 if container else 0), kind, len(body)) + body


def slide(texts: Sequence[str], hidden: bool = False, after: bytes = b"") -> bytes:
    show = slide_record(1017, struct.pack("<iIBBHB3x", 0, 0, 0, 0, 4 if hidden else 0, 0))
    body = b"".join(slide_record(4000, text.encode("utf-16-le")) for text in texts)
    return slide_record(1006, show + body + after, container=True)


def presentation(
    stream: bytes, token: int = 0xE391C05F, streams: Mapping[tuple[str, ...], bytes] | None = None
) -> bytes:
    user = struct.pack("<HHIIII", 0, 0x0FF6, 20, 20, token, 0)
    return write_compound(
        {("Current User",): user, ("PowerPoint Document",): stream, **(streams or {})}
    )


def stored_object(content: bytes) -> bytes:
    """An embedded object as presentations keep it, compressed."""
    return slide_record(4113, struct.pack("<I", len(content)) + zlib.compress(content), instance=1)


def package_stream(name: str, content: bytes) -> bytes:
    """The Ole10Native stream of a file dropped into a document."""
    label = name.encode("cp1252") + b"\0"
    body = b"\2\0" + label + b"C:\\" + label + b"\0\0\3\0" + struct.pack("<I", len(label)) + label
    body += struct.pack("<I", len(content)) + content
    return struct.pack("<I", len(body)) + body


def compressed_macro(source: bytes) -> bytes:
    """[MS-OVBA] 2.4.1 with nothing but literals."""
    out = bytearray(b"\1")
    for start in range(0, len(source), 3600):
        piece = source[start : start + 3600]
        coded = b"".join(b"\0" + piece[i : i + 8] for i in range(0, len(piece), 8))
        out += struct.pack("<H", 0xB000 | (len(coded) - 1)) + coded
    return bytes(out)


def macro_project(
    source: bytes, name: str = "Module1", before: bytes = b"pcode"
) -> dict[tuple[str, ...], bytes]:
    """The streams of a VBA project with one module; `before` is what it was compiled to."""
    begin = struct.pack("<I", len(before))
    fields = ((0x03, struct.pack("<H", 1252)), (0x1A, name.encode()), (0x31, begin))
    directory = b"".join(struct.pack("<HI", kind, len(body)) + body for kind, body in fields)
    return {
        ("VBA", "dir"): compressed_macro(directory),
        ("VBA", name): before + compressed_macro(source),
        ("VBA", "_VBA_PROJECT"): b"\xcc\x61\xff\xff\0\0\0",
    }


def printer_settings(driver: bytes = b"") -> bytes:
    """DEVMODEW ([MS-RPRN] 2.2.2.1) of a printer, and what its driver keeps."""
    head = "Office printer".encode("utf-16-le").ljust(64, b"\0") + b"\1\4\0\0"
    head += (220).to_bytes(2, "little") + len(driver).to_bytes(2, "little")
    return head.ljust(220, b"\0") + driver
