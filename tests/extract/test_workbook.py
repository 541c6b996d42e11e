"""Nothing in a workbook is out of sight: hidden sheets, caches, comments, leftovers."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any, Callable

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from support.corpus import TABLES

from gateway.extract import detect_type, read_part
from gateway.extract.office.sheet_rows import read_sheet
from gateway.extract.office.sheet_values import Values
from gateway.extract.office.sheet_walk import walk
from gateway.extract.types import XLSX
from gateway.model.content import Properties, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

CORPUS = TABLES / "files"
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + b"\0\0\0\1" * 2 + b"\x08\0\0\0\0" + b"\0" * 4
    + b"\0\0\0\0IEND\xaeB`\x82"
)  # fmt: skip
Read = Callable[..., Any]


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_cells_become_texts_and_blank_cells_keep_their_columns(read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["name", None, "count", "share", "ok"])
    sheet.append(["Ä & <b>", None, 12, 0.1 + 0.2, True])
    sheet["C4"] = dt.date(2018, 3, 28)
    sheet["C5"] = dt.datetime(2018, 3, 28, 9, 30)
    [table] = read(saved(book)).tables
    assert table.rows == [
        ["name", "", "count", "share", "ok"],
        ["Ä & <b>", "", "12", "0.3", "TRUE"],
        ["", "", "2018-03-28"],
        ["", "", "2018-03-28 09:30:00"],
    ]
    assert table.form == "workbook" and table.total_rows == 4


def test_hidden_sheets_are_read_and_say_so(read: Read) -> None:
    book = openpyxl.Workbook()
    for title, state in (("One", "hidden"), ("Two", "veryHidden")):
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        sheet.append([title, "x"])
    book.active.append(["seen", "y"])
    reading = read(saved(book))
    assert [t.visibility for t in reading.tables] == ["visible", "hidden", "very-hidden"]
    assert "One" in reading.hidden and "One" not in reading.text


def test_comments_headers_names_and_properties_are_read(read: Read) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "x"
    sheet["A1"].comment = Comment("marker in a comment", "author name")
    sheet.oddHeader.center.text = "marker in a header"
    book.defined_names["marker_name"] = openpyxl.workbook.defined_name.DefinedName(
        "marker_name", attr_text='"marker in a name"'
    )
    book.properties.title = "marker in the title"
    book.custom_doc_props.append(
        openpyxl.packaging.custom.StringProperty(name="MSIP_Label_1_Name", value="Official")
    )
    reading = read(saved(book))
    for words in ("in a comment", "in a header", "in a name"):
        assert f"marker {words}" in reading.everything()
    properties = [i for c in reading.contents if isinstance(c, Properties) for i in c.items]
    assert ("title", "marker in the title") in properties
    assert ("MSIP_Label_1_Name", "Official") in properties


PIVOT = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def test_pivot_caches_are_hidden_tables(read: Read, workbook_bytes: Any, sheet_xml: Any) -> None:
    definition = (
        f'<pivotCacheDefinition xmlns="{PIVOT}"><cacheFields><cacheField name="person">'
        '<sharedItems><s v="Ann"/><s v="Bob"/></sharedItems></cacheField>'
        '<cacheField name="income"><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>'
    )
    records = f'<pivotCacheRecords xmlns="{PIVOT}"><r><x v="1"/><n v="42"/></r></pivotCacheRecords>'
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="t" Target="pivotCacheRecords1.xml"/></Relationships>'
    )
    content = workbook_bytes(
        {"S": sheet_xml("")},
        {
            "xl/pivotCache/pivotCacheDefinition1.xml": definition,
            "xl/pivotCache/pivotCacheRecords1.xml": records,
            "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": relations,
        },
    )
    [table] = read(content).tables
    assert table.rows == [["person", "income"], ["Bob", "42"]]
    assert table.visibility == "hidden"


def test_every_entry_is_read_or_is_a_gap(read: Read, workbook_bytes: Any, sheet_xml: Any) -> None:
    drawing = '<d xmlns:a="x"><a:p><a:t>mar</a:t><a:t>ker one</a:t></a:p></d>'
    content = workbook_bytes(
        {"S": sheet_xml("")},
        {
            "xl/drawings/drawing1.xml": drawing,
            "xl/externalLinks/externalLink1.xml": "<l><v>marker two</v></l>",
            "xl/threadedComments/threadedComment1.xml": "<c><text>marker three</text></c>",
            "xl/charts/chart1.xml": "<c><v>marker four</v></c>",
            "xl/worksheets/sheet99.xml": sheet_xml(
                '<row><c r="A1" t="str"><v>orphan</v></c></row>'
            ),
            "xl/vbaProject.bin": b"\0macro",
            "xl/strange.bin": b"\0what",
            "xl/media/image1.png": b"\x89PNG\0\0\0",
            "xl/media/image2.png": PNG,
            "xl/media/image3.gif": b"name,age\n1,2\n",
            "xl/printerSettings/printerSettings1.bin": b"words",
            "xl/theme/theme1.xml": '<a name="marker five"/>',
            "xl/embeddings/inner.xlsx": b"PK\3\4",
        },
    )
    reading = read(content)
    for number in ("one", "two", "three", "four", "five"):
        assert f"marker {number}" in reading.everything()
    assert [t.visibility for t in reading.tables] == ["very-hidden"]
    assert not reading.gaps
    assert {p.name for p in reading.parts} == {
        "inner.xlsx",
        "image1.png",
        "image2.png",
        "image3.gif",
        "printerSettings1.bin",
        "vbaProject.bin",
        "strange.bin",
    }


def test_codes_of_headers_and_words_of_number_formats_are_read_as_shown(
    read: Read, workbook_bytes: Any, sheet_xml: Any
) -> None:
    header = '&amp;L&amp;8Embargoed&amp;C&amp;"Arial,Bold"&amp;KFF0000until&amp;RS&amp;&amp;T'
    after = f"<headerFooter><oddHeader>{header}</oddHeader></headerFooter>"
    styles = "<styleSheet><numFmts><numFmt numFmtId='170' formatCode='&quot;SECRET&quot; 0'/></numFmts></styleSheet>"
    reading = read(workbook_bytes({"S": sheet_xml("", after)}, {"xl/styles.xml": styles}))
    assert "Embargoed\nuntil\nS&T" in reading.text
    assert '"SECRET" 0' in reading.text


def test_strings_left_behind_by_deleted_cells_are_read(
    read: Read, workbook_bytes: Any, sheet_xml: Any
) -> None:
    strings = "<sst><si><t>kept</t></si><si><r><t>left</t></r><r><t> over</t></r></si></sst>"
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    reading = read(workbook_bytes({"S": sheet_xml(rows)}, {"xl/sharedStrings.xml": strings}))
    assert reading.tables[0].rows == [["kept"]]
    assert "left over" in reading.hidden and "kept" not in reading.hidden


def test_one_cell_in_the_last_corner_costs_nothing(
    read: Read, workbook_bytes: Any, sheet_xml: Any
) -> None:
    rows = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    [table] = read(workbook_bytes({"S": sheet_xml(rows)})).tables
    assert table.rows == [["1"]]


def test_nesting_of_embedded_workbooks_is_bounded(
    read_all: Read, workbook_bytes: Any, sheet_xml: Any
) -> None:
    content = workbook_bytes({"S": sheet_xml("")}, {"xl/embeddings/inner.xlsx": b"PK\3\4"})
    reading = read_all(content, limits=ReadLimits(nested=0))
    assert reading.reasons == {"limit"} and not reading.parts


def test_a_limit_on_cells_gives_what_was_read_and_a_gap(read: Read) -> None:
    book = openpyxl.Workbook()
    for index in range(100):
        book.active.append([index, "x"])
    reading = read(saved(book), limits=ReadLimits(cells=20))
    [table] = reading.tables
    assert len(table.rows) == 10 and table.total_rows == 100
    assert reading.reasons == {"limit"}


def test_an_encrypted_entry_is_an_encrypted_gap(
    read: Read, workbook_bytes: Any, sheet_xml: Any
) -> None:
    content = bytearray(workbook_bytes({"S": sheet_xml("")}))
    place = content.index(b"PK\1\2", content.index(b"PK\1\2") + 4)
    while b"sheet1.xml" not in content[place : place + 80]:
        place = content.index(b"PK\1\2", place + 4)
    content[place + 8] |= 1
    assert "encrypted" in read(bytes(content)).reasons


def test_two_entries_of_one_name_are_a_gap_and_both_are_read(
    read: Read, workbook_bytes: Any, sheet_xml: Any
) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = workbook_bytes(
            {"S": sheet_xml("")},
            {"xl/comments1.xml": "<c><t>first</t></c>", "xl/Comments1.xml": "<c><t>second</t></c>"},
        )
    reading = read(content)
    assert "unreadable" in reading.reasons
    assert "first" in reading.everything()


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="C1" t="str"><f>"a"&amp;"b"</f><v>x &amp; y</v></c></row>',
        '<row r="1"><c t="inlineStr"><is><r><t>ri</t></r><r><t>ch</t></r></is></c><c><v>2.50</v></c></row>',
        '<!-- note --><row r="1"><c r="B1" t="b"><v>1</v></c><c r="D1" s="9"/></row>',
        '<row r="1"><c r="A1" t="str"><v><![CDATA[<raw>]]></v></c></row>',
        '<row r="1"/><row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2"/></row>',
        '<row r="1"><c r="AMJ1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>',
    ],
)
def test_the_quick_reader_and_lxml_agree(rows: str, sheet_xml: Any) -> None:
    data = sheet_xml(rows).encode()
    limits = ReadLimits()
    quick = read_sheet(lambda: [data], Values([], [], False), limits, limits.cells)
    slow = walk([data], Values([], [], False), limits, limits.cells)
    assert quick.rows == slow.rows
    assert quick.total_rows == slow.total_rows
    assert quick.formulas == slow.formulas


CELLS = st.one_of(
    st.none(), st.integers(-10**9, 10**9), st.booleans(),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=8),
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(CELLS, max_size=5), max_size=6))
def test_every_cell_that_openpyxl_wrote_is_found(rows: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([f"'{c}" if isinstance(c, str) else c for c in row])
    content = Part("1", XLSX, "attachment", saved(book))
    found = [
        c
        for t in read_part(content, ReadLimits())
        if isinstance(t, Table) and ", part " not in t.location.where  # stretches come besides
        for r in t.rows
        for c in r
        if c
    ]
    wanted = [
        {True: "TRUE", False: "FALSE"}[c] if isinstance(c, bool) else f"'{c}" if isinstance(c, str) else str(c)
        for row in rows for c in row if c is not None
    ]  # fmt: skip
    assert found == wanted


@pytest.mark.skipif(not CORPUS.exists(), reason="the open corpus is not here")
def test_real_workbooks_read_as_openpyxl_reads_them() -> None:
    for path in sorted(CORPUS.glob("*.xlsx")):
        content = path.read_bytes()
        part = Part("1", "application/octet-stream", "attachment", content, path.name)
        contents = list(read_part(part, ReadLimits()))
        tables = [
            c
            for c in contents
            if isinstance(c, Table)
            and c.location.where.startswith("sheet ")
            and ", part from row " not in c.location.where
        ]
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        wanted = sum(
            1
            for s in book.worksheets
            for row in s.iter_rows()
            for c in row
            if c.value not in (None, "")
        )
        found = sum(1 for table in tables for row in table.rows for cell in row if cell)
        assert found == wanted, path.name
        assert not [c for c in contents if isinstance(c, Gap)], path.name


def test_a_workbook_by_any_other_name_is_a_workbook(
    part: Callable[..., Part], workbook_bytes: Any, sheet_xml: Any
) -> None:
    content = workbook_bytes({"S": sheet_xml("")})
    assert detect_type(part(content, "text/plain", name="notes.txt")) == XLSX


def test_an_ordinary_zip_called_a_workbook_is_a_zip(read: Read) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "x")
    assert [part.name for part in read(out.getvalue(), name="report.xlsx").parts] == ["a.txt"]


def test_records_behind_blank_rows_of_a_sheet_are_judged_by_themselves(
    read: Read, workbook_bytes: Any, sheet_xml: Any
) -> None:
    def row(number: int) -> str:
        return f'<row r="{number}"><c r="A{number}"><v>{number}</v></c></row>'

    simple = "".join(row(n) for n in (*range(1, 7), *range(9, 14)))
    for rows in (simple, simple.replace('<row r="1">', '<row r="1"><!-- x -->')):
        whole, first, second = read(workbook_bytes({"S": sheet_xml(rows)})).tables
        assert [r[0] for r in whole.rows] == [*map(str, (*range(1, 7), *range(9, 14)))]
        assert first.rows[0] == ["1"] and second.rows == [[str(n)] for n in range(9, 14)]
