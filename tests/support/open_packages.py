"""Office packages from raw XML: workbooks, documents, shows and OpenDocument, entry by entry."""

from __future__ import annotations

import io
import zipfile
from typing import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

Rows = Sequence[Sequence[str]]
Entries = Mapping[str, str | bytes]

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
WORD_NAMES = (
    f'xmlns:w="{WORD}" xmlns:r="{OFFICE}" xmlns:a="{DRAWING}" xmlns:c="{CHART}" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
SLIDE_NAMES = f'xmlns:p="{SLIDE}" xmlns:a="{DRAWING}" xmlns:r="{OFFICE}"'
OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
OPEN_NAMES = " ".join(
    f'xmlns:{short}="{OASIS}{long}:1.0"'
    for short, long in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"),
        ("fo", "xsl-fo-compatible"), ("draw", "drawing"), ("svg", "svg-compatible"),
        ("presentation", "presentation"), ("form", "form"), ("meta", "meta"), ("chart", "chart"),
    )
) + ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip


def zipped(entries: Entries, comment: bytes = b"", before: bytes = b"") -> bytes:
    out = io.BytesIO(before)
    out.seek(0, io.SEEK_END)
    with zipfile.ZipFile(out, "a" if before else "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else None
            archive.writestr(name, content, stored)
        archive.comment = comment
    return out.getvalue()


def quoted(text: str) -> str:
    """As an attribute's value, with its quotation marks."""
    return quoteattr(text)


def lines(text: str, before: str, after: str) -> str:
    """Each line in markup of its own."""
    return "".join(f"{before}{escape(line)}{after}" for line in text.split("\n"))


def column(index: int) -> str:
    name = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        name = chr(65 + letter) + name
    return name


def cells(rows: Rows, first: int = 1, across: int = 0) -> str:
    """Rows of a worksheet: numbers as numbers, all else in the cell."""

    def cell(place: str, value: str) -> str:
        if value.removeprefix("-").isdecimal():
            return f'<c r="{place}"><v>{value}</v></c>'
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'

    return "".join(
        f'<row r="{number}">'
        + "".join(
            cell(f"{column(across + at)}{number}", value) for at, value in enumerate(row) if value
        )
        + "</row>"
        for number, row in enumerate(rows, first)
    )


def worksheet(data: str = "", around: str = "", before: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{SHEET}" xmlns:r="{OFFICE}">'
        f"{before}<sheetData>{data}</sheetData>{around}</worksheet>"
    )


def workbook(
    sheets: Mapping[str, str], entries: Entries | None = None, book: str = "",
    states: Mapping[str, str] | None = None, comment: bytes = b"", before: bytes = b"",
) -> bytes:  # fmt: skip
    """`book`: more elements of the workbook part; `states` of sheets that are hidden."""
    tabs = "".join(
        f'<sheet name={quoted(name)} sheetId="{i}" r:id="rId{i}"'
        + (f' state="{states[name]}"' if states and name in states else "")
        + "/>"
        for i, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i in range(1, len(sheets) + 1)
    )
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>{tabs}</sheets>{book}</workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{LINKS}">{links}</Relationships>',
            **{f"xl/worksheets/sheet{i}.xml": xml for i, xml in enumerate(sheets.values(), 1)},
            **(entries or {}),
        },
        comment,
        before,
    )


def chart(names: Sequence[str], rows: Rows, title: str = "") -> str:
    """A chart with the values it keeps: the first column is its categories."""

    def points(values: Sequence[str]) -> str:
        return "".join(
            f'<c:pt idx="{i}"><c:v>{escape(value)}</c:v></c:pt>' for i, value in enumerate(values)
        )

    series = "".join(
        f"<c:ser><c:tx><c:strRef><c:strCache>{points([name])}</c:strCache></c:strRef></c:tx>"
        f"<c:cat><c:strRef><c:strCache>{points([row[0] for row in rows])}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:numCache>{points([row[at] for row in rows])}</c:numCache></c:numRef></c:val></c:ser>"
        for at, name in enumerate(names[1:], 1)
    )
    return (
        f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{DRAWING}"><c:chart><c:title><c:tx><c:rich>'
        f"{drawn(title)}</c:rich></c:tx></c:title>{series}</c:chart></c:chartSpace>"
    )


def drawn(text: str) -> str:
    """Paragraphs of a drawing."""
    return lines(text, "<a:p><a:r><a:t>", "</a:t></a:r></a:p>")


def paragraphs(text: str, properties: str = "", tag: str = "t") -> str:
    return lines(text, f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:{tag}>", f"</w:{tag}></w:r></w:p>")


def word_table(rows: Rows, properties: str = "") -> str:
    if not rows:
        return ""
    return f"<w:tbl>{word_rows(rows, properties)}</w:tbl>"


def word_rows(rows: Rows, properties: str = "") -> str:
    return "".join(
        f"<w:tr>{properties}" + "".join(f"<w:tc>{paragraphs(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )  # fmt: skip


def word_part(tag: str, body: str) -> str:
    return f"<w:{tag} {WORD_NAMES}>{body}</w:{tag}>"


def document(body: str = "", entries: Entries | None = None) -> bytes:
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "word/document.xml": word_part("document", f"<w:body>{body}</w:body>"),
            **(entries or {}),
        }
    )


def slide_table(rows: Rows) -> str:
    if not rows:
        return ""
    body = "".join(
        "<a:tr>" + "".join(f"<a:tc><a:txBody>{drawn(cell)}</a:txBody></a:tc>" for cell in row) + "</a:tr>"
        for row in rows
    )  # fmt: skip
    return f'<p:graphicFrame><a:graphic><a:graphicData uri="{DRAWING}"><a:tbl>{body}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>'


def shape(inner: str, frame: str = "", attributes: str = "") -> str:
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name="Box" {attributes}/></p:nvSpPr>'
        f"<p:spPr>{frame}</p:spPr><p:txBody>{inner}</p:txBody></p:sp>"
    )


def slide_part(tag: str, tree: str, attributes: str = "", after: str = "") -> str:
    return f"<p:{tag} {SLIDE_NAMES} {attributes}><p:cSld><p:spTree>{tree}</p:spTree></p:cSld>{after}</p:{tag}>"


def show(
    slides: Sequence[str], entries: Entries | None = None, listed: int | None = None, main: str = ""
) -> bytes:
    """`listed`: how many of the slides are in the show; `main`: more of the presentation part."""
    count = len(slides) if listed is None else listed
    order = "".join(f'<p:sldId id="{255 + i}" r:id="rId{i}"/>' for i in range(1, count + 1))
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/slide" Target="slides/slide{i}.xml"/>'
        for i in range(1, count + 1)
    )
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="ppt/presentation.xml"/></Relationships>',
            "ppt/presentation.xml": f'<p:presentation {SLIDE_NAMES}><p:sldIdLst>{order}</p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/>{main}</p:presentation>',
            "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{LINKS}">{links}</Relationships>',
            **{f"ppt/slides/slide{i}.xml": xml for i, xml in enumerate(slides, 1)},
            **(entries or {}),
        }
    )


def open_paragraphs(text: str) -> str:
    return lines(text, "<text:p>", "</text:p>")


def open_rows(rows: Rows, attributes: str = "") -> str:
    return "".join(
        f"<table:table-row {attributes}>"
        + "".join(
            f'<table:table-cell office:value-type="string">{open_paragraphs(cell)}</table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )


def open_table(rows: str, name: str = "Data", attributes: str = "") -> str:
    return f"<table:table table:name={quoted(name)} {attributes}>{rows}</table:table>"


def open_content(body: str, kind: str, styles: str = "") -> str:
    return (
        f"<office:document-content {OPEN_NAMES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>"
    )


def open_package(body: str, kind: str, entries: Entries | None = None, styles: str = "") -> bytes:
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": open_content(body, kind, styles),
            **(entries or {}),
        }
    )
