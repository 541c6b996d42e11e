"""Words and records in every place of a workbook that is no plain sheet are found."""

from __future__ import annotations

from typing import Any, Callable

import pytest

from gateway.extract import read_nested
from gateway.model.content import Properties, Table, Text
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

RECORDS = [["person", "income"], ["Ann", "42"], ["Bob", "43"]]
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
Read = Callable[..., Any]


def rows_of(reading: Any) -> list[list[list[str]]]:
    return [[list(row) for row in table.rows] for table in reading.tables]


def external() -> str:
    rows = "".join(
        f'<row r="{n}">' + "".join(
            f'<cell r="{"AB"[at]}{n}" t="str"><v>{text}</v></cell>' for at, text in enumerate(row)
        ) + "</row>"
        for n, row in enumerate(RECORDS, 1)
    )  # fmt: skip
    return (
        '<externalLink><externalBook><sheetNames><sheetName val="Survey"/></sheetNames>'
        f'<sheetDataSet><sheetData sheetId="0">{rows}</sheetData></sheetDataSet></externalBook></externalLink>'
    )


def test_cells_last_read_from_another_workbook_are_a_hidden_table(
    read: Read, workbook_bytes: Any, sheet_xml: Any
) -> None:
    reading = read(
        workbook_bytes({"S": sheet_xml("")}, {"xl/externalLinks/externalLink1.xml": external()})
    )
    assert rows_of(reading) == [RECORDS]
    assert reading.tables[0].visibility == "hidden"
    assert reading.tables[0].location.where.endswith("sheet Survey")


def test_values_behind_a_chart_are_a_table(read: Read, workbook_bytes: Any, sheet_xml: Any) -> None:
    def points(values: list[str]) -> str:
        return "".join(f'<c:pt idx="{i}"><c:v>{v}</c:v></c:pt>' for i, v in enumerate(values))

    chart = (
        '<c:chartSpace xmlns:c="c"><c:ser><c:tx><c:strRef><c:strCache>' + points(["income"])
        + "</c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache>" + points(["Ann", "Bob"])
        + "</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache>" + points(["42", "43"])
        + "</c:numCache></c:numRef></c:val></c:ser></c:chartSpace>"
    )  # fmt: skip
    reading = read(workbook_bytes({"S": sheet_xml("")}, {"xl/charts/chart1.xml": chart}))
    assert rows_of(reading) == [[["", "income"], ["Ann", "42"], ["Bob", "43"]]]


def test_a_pivot_cache_without_records_gives_what_its_fields_hold(
    read: Read, workbook_bytes: Any, sheet_xml: Any
) -> None:
    definition = (
        '<pivotCacheDefinition><cacheFields><cacheField name="person"><sharedItems><s v="Ann"/>'
        '<s v="Bob"/></sharedItems></cacheField><cacheField name="income"><sharedItems><n v="42"/>'
        '<n v="43"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>'
    )
    entries = {"xl/pivotCache/pivotCacheDefinition1.xml": definition}
    assert rows_of(read(workbook_bytes({"S": sheet_xml("")}, entries))) == [RECORDS]


def test_lines_of_a_file_pasted_into_one_column_are_split(
    read: Read, workbook_bytes: Any, sheet_xml: Any
) -> None:
    lines = ["person,age,income", *(f"p{n},{20 + n},{n * 100}" for n in range(8))]
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{line}</t></is></c></row>'
        for n, line in enumerate(lines, 1)
    )
    whole, split = read(workbook_bytes({"S": sheet_xml(rows)})).tables
    assert list(whole.rows[1]) == ["p0,20,0"]
    assert list(split.rows[1]) == ["p0", "20", "0"]


@pytest.mark.parametrize(
    ("start", "close"),
    [
        (f'<worksheet xmlns="{STRICT}"><sheetData>', "</sheetData></worksheet>"),
        (f'<x:worksheet xmlns:x="{STRICT}"><x:sheetData>', "</x:sheetData></x:worksheet>"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_other_spellings_of_the_same_xml_are_read(
    read: Read, workbook_bytes: Any, start: str, close: str, encoding: str
) -> None:
    prefix = "x:" if ":worksheet" in start else ""
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>5</v></c></row>'
    row = row.replace("</", f"</{prefix}").replace("<r", f"<{prefix}r").replace("<c", f"<{prefix}c")
    row = row.replace("<v", f"<{prefix}v")
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{start}{row}{close}'
    strings = f'<?xml version="1.0" encoding="{encoding}"?><x:sst xmlns:x="{STRICT}"><x:si><x:t>näme</x:t></x:si></x:sst>'
    entries = {
        "xl/sharedStrings.xml": strings.encode(encoding),
        "xl/worksheets/sheet1.xml": xml.encode(encoding),
    }
    content = workbook_bytes({}, entries)
    reading = read(content)
    assert rows_of(reading) == [[["näme", "5"]]]


def test_characters_written_as_codes_are_read_as_shown(
    read: Read, workbook_bytes: Any, sheet_xml: Any
) -> None:
    strings = "<sst><si><t>EMB_x0041_RGO</t></si></sst>"
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    reading = read(workbook_bytes({"S": sheet_xml(rows)}, {"xl/sharedStrings.xml": strings}))
    assert rows_of(reading) == [[["EMBARGO"]]]


MARKER = "marker embargoed until 9:30"
PLACES = {
    "xl/comments1.xml": f"<comments><text><t>{MARKER}</t></text></comments>",
    "xl/threadedComments/threadedComment1.xml": f"<c><text>{MARKER}</text></c>",
    "xl/persons/person.xml": f'<personList><person displayName="{MARKER}"/></personList>',
    "xl/drawings/drawing1.xml": f"<d><p><t>{MARKER}</t></p></d>",
    "xl/drawings/vmlDrawing1.vml": f"<xml><br><div>{MARKER}</div></xml>",
    "xl/diagrams/data1.xml": f"<dataModel><pt><t>{MARKER}</t></pt></dataModel>",
    "xl/charts/chart1.xml": f"<chartSpace><title><t>{MARKER}</t></title></chartSpace>",
    "xl/charts/chartEx1.xml": f"<chartSpace><pt>{MARKER}</pt></chartSpace>",
    "xl/tables/table1.xml": f'<table><tableColumn name="{MARKER}"/></table>',
    "xl/connections.xml": f'<connections><connection description="{MARKER}"/></connections>',
    "xl/queryTables/queryTable1.xml": f'<queryTable name="{MARKER}"/>',
    "xl/richData/rdrichvalue.xml": f"<rvData><rv><v>{MARKER}</v></rv></rvData>",
    "xl/revisions/revisionLog1.xml": f"<revisions><nc><is><t>{MARKER}</t></is></nc></revisions>",
    "xl/slicerCaches/slicerCache1.xml": f'<slicerCacheDefinition name="{MARKER}"/>',
    "xl/ctrlProps/ctrlProp1.xml": f"<formControlPr><item>{MARKER}</item></formControlPr>",
    "xl/activeX/activeX1.xml": f'<ocx name="{MARKER}"/>',
    "customXml/item1.xml": f"<notes><note>{MARKER}</note></notes>",
    "docProps/custom.xml": f'<Properties><property name="p"><lpwstr>{MARKER}</lpwstr></property></Properties>',
    "docProps/app.xml": f"<Properties><Company>{MARKER}</Company></Properties>",
    "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships><Relationship TargetMode="External" Target="{MARKER}"/></Relationships>',
    "xl/embeddings/note.txt": MARKER.encode(),
    "xl/media/image1.png": f"name,text\n1,{MARKER}\n".encode(),
    "anything/else.txt": MARKER.encode(),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_marker_in_any_entry_is_found(place: str, workbook_bytes: Any, sheet_xml: Any) -> None:
    content = workbook_bytes({"S": sheet_xml("")}, {place: PLACES[place]})
    part = Part("1", "application/octet-stream", "attachment", content, "book.xlsx")
    assert MARKER in everything(part)


AROUND = {
    "header": f"<headerFooter><oddHeader>&amp;C{MARKER}</oddHeader></headerFooter>",
    "validation": f'<dataValidations><dataValidation prompt="{MARKER}"/></dataValidations>',
    "list": f"<dataValidations><dataValidation><formula1>{MARKER}</formula1></dataValidation></dataValidations>",
    "format": f'<conditionalFormatting><cfRule text="{MARKER}"/></conditionalFormatting>',
    "tooltip": f'<hyperlinks><hyperlink tooltip="{MARKER}"/></hyperlinks>',
    "filter": f'<autoFilter><filters><filter val="{MARKER}"/></filters></autoFilter>',
    "scenario": f'<scenarios><scenario comment="{MARKER}"><inputCells val="x"/></scenario></scenarios>',
}


@pytest.mark.parametrize("place", AROUND)
def test_a_marker_around_the_cells_is_found(
    place: str, workbook_bytes: Any, sheet_xml: Any
) -> None:
    content = workbook_bytes({"S": sheet_xml("", AROUND[place])})
    assert MARKER in everything(Part("1", "application/octet-stream", "attachment", content))


def everything(part: Part) -> str:
    out = []
    for content in read_nested(part, ReadLimits()):
        assert not isinstance(content, Gap), content
        if isinstance(content, Text):
            out.append(content.text)
        elif isinstance(content, Properties):
            out += [value for _, value in content.items]
        elif isinstance(content, Table):
            out += ["\t".join(row) for row in content.rows]
    return "\n".join(out)
