"""OpenDocument in every place: sheets however long, hidden text, deletions, objects, flat files."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import Any, Callable

import pytest
from odf.opendocument import OpenDocumentSpreadsheet, OpenDocumentText
from odf.table import Table as OdfTable
from odf.table import TableCell, TableRow
from odf.text import P, Span

from gateway.extract import detect_type
from gateway.extract.types import EXCEL_XML, FLAT_ODF, FLAT_OPC, ODS, ODT, WORD_XML
from gateway.model.content import Properties
from gateway.model.limits import ReadLimits

Read = Callable[..., Any]
SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" '
    'xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" '
    'xmlns:form="urn:oasis:names:tc:opendocument:xmlns:form:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
OASIS = "application/vnd.oasis.opendocument."
MANIFEST = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'


def package(
    content: str, kind: str = "spreadsheet", entries: dict[str, str | bytes] | None = None
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", OASIS + kind, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        for name, data in (entries or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def content(body: str, kind: str = "spreadsheet", styles: str = "") -> str:
    return (
        f"<office:document-content {SPACES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>"
    )


def sheet(rows: str, name: str = "Data", style: str = "") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{rows}</table:table>'


def row(*cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def cell(text: str, inner: str = "", **attributes: str) -> str:
    given = "".join(
        f' {"table" if key.startswith("number") else "office"}:{key.replace("_", "-")}="{value}"'
        for key, value in attributes.items()
    )
    return f"<table:table-cell{given}><text:p>{text}</text:p>{inner}</table:table-cell>"


def test_what_a_writer_wrote_is_read(read: Read, part: Any) -> None:
    book = OpenDocumentSpreadsheet()
    table = OdfTable(name="People")
    for values in (("id", "age"), (7, 41.5)):
        line = TableRow()
        for value in values:
            number = not isinstance(value, str)
            line.addElement(
                box := TableCell(valuetype="float", value=value)
                if number else TableCell(valuetype="string")
            )  # fmt: skip
            box.addElement(P(text=str(value)))
        table.addElement(line)
    book.spreadsheet.addElement(table)
    out = io.BytesIO()
    book.write(out)
    assert detect_type(part(out.getvalue())) == ODS
    reading = read(out.getvalue())
    assert [t.rows for t in reading.tables] == [[["id", "age"], ["7", "41.5"]]]
    assert reading.tables[0].form == "workbook" and "People" in reading.text
    assert not reading.gaps


def test_parts_of_a_paragraph_are_one_text(read: Read) -> None:
    document = OpenDocumentText()
    paragraph = P(text="EMBAR")
    paragraph.addElement(Span(text="GOED"))
    document.text.addElement(paragraph)
    out = io.BytesIO()
    document.write(out)
    assert "EMBARGOED" in read(out.getvalue()).text


def test_values_are_given_as_they_are_meant(read: Read) -> None:
    cells = row(
        cell("1,234.50", value_type="float", value="1234.50"),
        cell("12.5%", value_type="percentage", value="0.125"),
        cell("£3.00", value_type="currency", value="3"),
        cell("28 March", value_type="date", date_value="2018-03-28"),
        cell("x", value_type="date", date_value="2018-03-28T09:30:00"),
        cell("x", value_type="time", time_value="PT09H30M00S"),
        cell("WAHR", value_type="boolean", boolean_value="true"),
        cell("a<text:s text:c='2'/>b", value_type="string"),
    )
    [table] = read(package(content(sheet(cells)))).tables
    assert table.rows == [
        ["1234.5", "12.5%", "3", "2018-03-28", "2018-03-28 09:30:00", "09:30:00", "TRUE", "a  b"]
    ]


def test_a_sheet_filled_to_its_last_cell_opens_at_once(read: Read) -> None:
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    rows = (
        row(cell("a"), '<table:table-cell table:number-columns-repeated="16382"/>', cell("b"))
        + row(blank, repeated=1_048_574) + row(cell("c"))
    )  # fmt: skip
    reading = read(package(content(sheet(rows))))
    [table] = reading.tables
    assert table.rows[0][0] == "a" and len(table.rows[0]) == 16384 and table.rows[1] == ["c"]
    assert not reading.gaps


def test_huge_repeats_are_a_gap(read: Read) -> None:
    wide = sheet(row(cell("x", number_columns_repeated="999999999")), "Wide")
    long = sheet(row(cell("x"), repeated=999_999_999), "Long")
    reading = read(package(content(wide + long)))
    assert {(g.reason, g.location.where) for g in reading.gaps} == {
        ("limit", "sheet Wide"), ("limit", "sheet Long"),
    }  # fmt: skip
    assert reading.tables[1].total_rows == 999_999_999


def test_a_row_of_more_cells_than_columns_is_a_gap(read: Read) -> None:
    rows = row(cell("first"), "<table:table-cell/>" * 100_000)
    reading = read(package(content(sheet(rows))))
    assert reading.tables[0].rows == [["first"]]
    assert reading.reasons == {"limit"}


def test_cells_share_one_limit(read: Read) -> None:
    rows = row(cell("x"), cell("y")) * 10
    reading = read(package(content(sheet(rows) * 2)), limits=ReadLimits(cells=24))
    assert [len(t.rows) for t in reading.tables] == [10, 2]
    assert "limit" in reading.reasons


def test_hidden_sheets_and_filtered_rows(read: Read) -> None:
    styles = (
        '<style:style style:name="ta9" style:family="table">'
        '<style:table-properties table:display="false"/></style:style>'
    )
    rows = row(cell("seen")) + row(cell("filtered")).replace(
        "<table:table-row", '<table:table-row table:visibility="filter"'
    )
    body = sheet(rows, "Open") + sheet(row(cell("unseen")), "Secret sheet", "ta9")
    reading = read(package(content(body, styles=styles)))
    assert [(t.visibility, t.rows) for t in reading.tables] == [
        ("visible", [["seen"], ["filtered"]]), ("hidden", [["unseen"]]),
    ]  # fmt: skip
    assert "Secret sheet" in reading.hidden and "Open" in reading.text


def test_notes_shapes_formulas_and_validations_of_a_sheet(read: Read) -> None:
    note = "<office:annotation><dc:creator>A Person</dc:creator><text:p>in a <text:span>note</text:span></text:p></office:annotation>"
    box = "<draw:frame><draw:text-box><text:p>in a box</text:p></draw:text-box><svg:desc>described</svg:desc></draw:frame>"
    formula = '<table:table-cell table:formula="of:=IF(1;&quot;in a formula&quot;;2)"/>'
    body = (
        '<table:content-validations><table:content-validation table:name="v"><table:help-message>'
        "<text:p>in a message</text:p></table:help-message></table:content-validation></table:content-validations>"
        + sheet(f"<table:shapes>{box}</table:shapes>" + row(cell("x", note), formula))
        + '<table:named-expressions><table:named-range table:name="in_a_name"/></table:named-expressions>'
        '<table:database-ranges><table:database-range table:name="range of a database"/></table:database-ranges>'
    )  # fmt: skip
    reading = read(package(content(body)))
    assert reading.tables[0].rows == [["x"]]
    for words in ("in a note", "A Person", "described", "in a formula", "in a message",
                  "in_a_name", "range of a database"):  # fmt: skip
        assert words in reading.hidden
    assert "in a box" in reading.text


def test_deleted_cells_and_deleted_text(read: Read) -> None:
    deleted = (
        "<table:tracked-changes><table:deletion><table:deletions><table:cell-content-deletion>"
        "<table:change-track-table-cell><text:p>deleted cell</text:p></table:change-track-table-cell>"
        "</table:cell-content-deletion></table:deletions></table:deletion></table:tracked-changes>"
    )
    assert "deleted cell" in read(package(content(deleted + sheet(row(cell("x")))))).hidden
    body = (
        '<text:tracked-changes><text:changed-region text:id="c"><text:deletion><text:p>AR</text:p>'
        "</text:deletion></text:changed-region></text:tracked-changes>"
        '<text:p>EMB<text:change text:change-id="c"/>GOED</text:p>'
    )
    reading = read(package(content(body, "text"), "text"))
    assert "EMBGOED" in reading.text and "EMBARGOED" in reading.hidden


def test_deleted_rows_are_a_hidden_table(read: Read) -> None:
    gone = "".join(
        "<table:cell-content-deletion>"
        f'<table:cell-address table:column="{column}" table:row="{line}" table:table="0"/>'
        f"<table:change-track-table-cell><text:p>{line}-{column}</text:p>"
        "</table:change-track-table-cell></table:cell-content-deletion>"
        for line in (5, 6) for column in (0, 1, 2)
    )  # fmt: skip
    body = f"<table:tracked-changes><table:deletion>{gone}</table:deletion></table:tracked-changes>"
    tables = read(package(content(body + sheet(row(cell("x")))))).tables
    assert [(t.rows, t.visibility) for t in tables] == [
        ([["x"]], "visible"),
        ([["5-0", "5-1", "5-2"], ["6-0", "6-1", "6-2"]], "hidden"),
    ]


def test_text_that_cannot_be_seen_is_hidden(read: Read) -> None:
    looks = {
        "a": 'text:display="none"', "b": 'fo:font-size="0.5pt"', "c": 'fo:color="#FFFFFF"',
        "d": 'fo:color="#ff0000" fo:background-color="#ff0000"',
    }  # fmt: skip
    styles = "".join(
        f'<style:style style:name="{name}" style:family="text"><style:text-properties {look}/></style:style>'
        for name, look in looks.items()
    )
    body = "".join(
        f'<text:p>seen <text:span text:style-name="{n}">unseen {n}</text:span></text:p>'
        for n in looks
    )
    body += (
        '<text:section text:display="none"><text:p>unseen e</text:p></text:section>'
        '<text:p><text:hidden-paragraph/>unseen f</text:p>'
        '<text:p><text:hidden-text text:string-value="unseen g"/></text:p>'
    )  # fmt: skip
    reading = read(package(content(body, "text", styles), "text"))
    for name in "abcdefg":
        assert f"unseen {name}" in reading.hidden
        assert f"unseen {name}" not in reading.text


def test_tables_of_a_text_stand_where_they_stand(read: Read) -> None:
    inner = sheet(row(cell("i1"), cell("i2")), "Inner")
    body = (
        "<text:p>before</text:p>"
        + sheet(row(cell("o1", inner), cell("o2")), "Outer")
        + "<text:p>after</text:p>"
    )
    reading = read(package(content(body, "text"), "text"))
    assert sorted(t.rows for t in reading.tables) == [[["i1", "i2"]], [["o1", "o2"]]]
    assert reading.text.index("before") < reading.text.index("o1\no2") < reading.text.index("after")


def test_notes_and_hidden_pages_of_a_show(read: Read) -> None:
    styles = (
        '<style:style style:name="dp9" style:family="drawing-page">'
        '<style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )
    text = "<draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>"
    body = (
        f'<draw:page draw:name="page of one">{text.format("seen")}<presentation:notes>'
        f"{text.format('in the notes')}</presentation:notes></draw:page>"
        f'<draw:page draw:style-name="dp9">{text.format("unseen")}</draw:page>'
    )
    reading = read(package(content(body, "presentation", styles), "presentation"))
    assert "seen" in reading.text.split("\n") and "unseen" not in reading.text
    for words in ("unseen", "in the notes", "page of one"):
        assert words in reading.hidden


@pytest.mark.parametrize(
    ("entry", "data"),
    [
        ("styles.xml", f"<office:document-styles {SPACES}><style:header><text:p>PLAN<text:span>TED</text:span></text:p></style:header></office:document-styles>"),
        ("meta.xml", f'<office:document-meta {SPACES}><office:meta><meta:user-defined meta:name="Label">PLANTED</meta:user-defined></office:meta></office:document-meta>'),
        ("settings.xml", "<settings><item>PLANTED</item></settings>"),
        ("Object 1/content.xml", content("<text:p>PLANTED</text:p>", "text")),
        ("Object 2/content.xml", content(sheet(row(cell("PLANTED"))))),
        ("Basic/Standard/Module1.xml", "<module>REM PLANTED</module>"),
        ("Dialogs/d.xml", '<dialog value="PLANTED words"/>'),
        ("Configurations2/menubar/menu.xml", '<menu label="PLANTED"/>'),
        ("manifest.rdf", "<rdf><a>PLANTED</a></rdf>"),
        ("ObjectReplacements/Object 1", b"VCLMTF\1\0PLANTED\0"),
        ("unknown.xml", "<a><b>PLANTED</b></a>"),
    ],
)  # fmt: skip
def test_words_are_found_in_every_entry(read: Read, entry: str, data: str | bytes) -> None:
    reading = read(package(content(sheet(row(cell("x")))), entries={entry: data}))
    items = [v for c in reading.contents if isinstance(c, Properties) for i in c.items for v in i]
    assert "PLANTED" in reading.everything() + "\n".join(items)


@pytest.mark.parametrize(
    "entry",
    ["Versions/Version1", "Pictures/a.png", "Object 3", "database/script", "database/data",
     "Scripts/python/a.py", "extra.bin"],
)  # fmt: skip
def test_files_inside_are_given_on(read: Read, entry: str) -> None:
    data = package(content(""), entries={entry: b"\0\1bytes"})
    [inner] = read(data).parts
    assert inner.content == b"\0\1bytes"


def test_charts_keep_their_numbers(read: Read) -> None:
    chart = content(
        "<text:p>x</text:p>"
        + sheet(row(cell("East"), cell("5", value_type="float", value="5")), "local-table"),
        "chart",
    )
    tables = read(package(content(sheet("")), entries={"Object 1/content.xml": chart})).tables
    assert [(t.rows, t.form) for t in tables] == [([["East", "5"]], "workbook")]


def test_encrypted_entries_are_a_gap(read: Read) -> None:
    manifest = (
        f'<manifest:manifest {MANIFEST}><manifest:file-entry manifest:full-path="content.xml">'
        "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    data = package("\x01\x02", entries={"META-INF/manifest.xml": manifest})
    assert read(data).reasons == {"encrypted"}


def test_damage_costs_only_what_it_hits(read: Read) -> None:
    whole = content(sheet(row(cell("kept")) + row(cell("torn"))))
    reading = read(package(whole[: whole.index("torn")], entries={"settings.xml": "<a>set</a>"}))
    assert reading.tables[0].rows[0] == ["kept"] and "set" in reading.hidden
    assert reading.reasons == {"unreadable"}


def test_a_type_that_is_not_said_first_is_found_by_the_entries(read: Read, part: Any) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {MANIFEST}/>")
        archive.writestr("content.xml", content(sheet(row(cell("found")))))
        archive.writestr("mimetype", OASIS + "spreadsheet")
    assert detect_type(part(out.getvalue())) == ODT
    assert read(out.getvalue()).tables[0].rows == [["found"]]


def test_the_format_before_opendocument(read: Read, part: Any) -> None:
    old = (
        '<office:document-content xmlns:office="http://openoffice.org/2000/office" '
        'xmlns:table="http://openoffice.org/2000/table" xmlns:text="http://openoffice.org/2000/text">'
        '<office:body><table:table table:name="Old"><table:table-row>'
        '<table:table-cell table:value-type="float" table:value="7.0"><text:p>7,00</text:p></table:table-cell>'
        "<table:table-cell><text:p>words</text:p></table:table-cell>"
        "</table:table-row></table:table></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.sun.xml.calc")
        archive.writestr("content.xml", old)
    assert detect_type(part(out.getvalue())) == "application/vnd.sun.xml.calc"
    assert read(out.getvalue()).tables[0].rows == [["7", "words"]]


def test_flat_opendocument(read: Read, part: Any) -> None:
    picture = base64.b64encode(b"\0\1\2 file").decode()
    flat = (
        f'<?xml version="1.0"?>\n<!-- aside -->\n<office:document {SPACES}><office:meta>'
        "<dc:title>titled</dc:title></office:meta><office:body><office:spreadsheet>"
        + sheet(row(cell("x"))) + f"</office:spreadsheet><office:binary-data>{picture}"
        "</office:binary-data></office:body></office:document>"
    )  # fmt: skip
    for encoding in ("utf-8", "utf-16"):
        data = flat.replace('"1.0"?', f'"1.0" encoding="{encoding}"?').encode(encoding)
        assert detect_type(part(data)) == FLAT_ODF
        reading = read(data)
        assert reading.tables[0].rows == [["x"]]
        assert [p.content for p in reading.parts] == [b"\0\1\2 file"]
        assert ("title", "titled") in [
            i for c in reading.contents if isinstance(c, Properties) for i in c.items
        ]


def test_excel_xml_of_2003(read: Read, part: Any) -> None:
    data = b"""<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
    <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
     xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel">
    <Worksheet ss:Name="Data"><Table><Row><Cell><Data ss:Type="String">id</Data></Cell>
    <Cell ss:Index="4"><Data ss:Type="Number">1.0</Data><Comment ss:Author="A Person"><Data>noted</Data></Comment></Cell></Row>
    <Row ss:Index="9"><Cell ss:Formula="=&quot;in a formula&quot;"><Data ss:Type="DateTime">2018-03-28T00:00:00.000</Data></Cell></Row>
    </Table><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible><x:PageSetup><x:Header x:Data="&amp;Cin a header"/></x:PageSetup>
    </x:WorksheetOptions></Worksheet>
    <x:PivotCache><rs:data xmlns:rs="urn:schemas-microsoft-com:rowset" xmlns:z="#RowsetSchema"><z:row Col1="7" Col2="41"/></rs:data></x:PivotCache>
    </Workbook>"""
    assert detect_type(part(data)) == EXCEL_XML
    reading = read(data)
    assert [(t.visibility, t.rows) for t in reading.tables] == [
        ("hidden", [["id", "", "", "1"], ["2018-03-28"]]), ("hidden", [["7", "41"]]),
    ]  # fmt: skip
    for words in ("noted", "A Person", "in a formula", "in a header"):
        assert words in reading.everything()


def test_word_xml_of_2003(read: Read, part: Any) -> None:
    picture = base64.b64encode(b"\0file").decode()
    data = f"""<?xml version="1.0"?><w:wordDocument
     xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:aml="http://schemas.microsoft.com/aml/2001/core">
    <w:body><w:p><w:r><w:t>EMB</w:t></w:r><aml:annotation w:type="Word.Deletion"><aml:content><w:r><w:delText>AR</w:delText></w:r>
    </aml:content></aml:annotation><w:r><w:t>GOED</w:t></w:r></w:p><w:pict><w:binData w:name="wordml://1.png">{picture}</w:binData></w:pict></w:body></w:wordDocument>""".encode()
    assert detect_type(part(data)) == WORD_XML
    reading = read(data)
    assert "EMBGOED" in reading.text and "EMBARGOED" in reading.hidden
    assert [p.content for p in reading.parts] == [b"\0file"]


def test_flat_open_xml_is_packed_again(read: Read, part: Any) -> None:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    data = f"""<?xml version="1.0"?><?mso-application progid="Word.Document"?>
    <pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">
    <pkg:part pkg:name="/word/document.xml"><pkg:xmlData><w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>words</w:t></w:r></w:p></w:body></w:document></pkg:xmlData></pkg:part>
    <pkg:part pkg:name="/word/media/a.bin"><pkg:binaryData>{base64.b64encode(b"inner").decode()}</pkg:binaryData></pkg:part>
    </pkg:package>""".encode()
    assert detect_type(part(data)) == FLAT_OPC
    [inner] = read(data).parts
    reading = read(inner.content)
    assert "words" in reading.text and [p.content for p in reading.parts] == [b"inner"]


def test_deep_nesting_ends_in_contents_or_a_gap(read: Read) -> None:
    for tag in ("text:p", "table:table", "text:span", "table:table-row", "table:table-cell"):
        deep = f"<{tag}>" * 4000 + "deep" + f"</{tag}>" * 4000
        reading = read(package(content(deep, "text"), "text"))
        assert reading.gaps or "deep" in reading.everything()
