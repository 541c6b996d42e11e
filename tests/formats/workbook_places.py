"""Where a workbook can hold something: XLSX, XLSM and XLSB."""

from __future__ import annotations

from typing import Callable

from formats.planting import INNOCENT, INNOCENT_ROWS, Holds, Rows, lines, pasted, place, said
from support.fonts import font
from support.old_office import (
    macro_project,
    package_stream,
    printer_settings,
)
from support.open_packages import (
    DRAWING,
    LINKS,
    TYPES,
    cells,
    chart,
    column,
    document,
    drawn,
    paragraphs,
    quoted,
    workbook,
    worksheet,
)
from support.pictures import picture, picture_of_table

from gateway.extract.office.storage_file import write_compound

# A place a line.
# fmt: off

Make = Callable[[str, Rows], str | bytes]
PLAIN = worksheet(cells([[INNOCENT], *INNOCENT_ROWS]))


def filled(text: str, rows: Rows, first: int = 1, across: int = 0) -> str:
    """Cells of a sheet that holds the words above the rows."""
    all_rows = ([[text]] if text else []) + [list(row) for row in rows]
    return cells(all_rows or [[INNOCENT], *INNOCENT_ROWS], first, across)


@place("XLSX", "cells", "book.xlsx")
def _cells(text: str, rows: Rows) -> bytes:
    return workbook({"Data": worksheet(filled(text, rows))})


@place("XLSX", "cells far out", "book.xlsx")
def _far(text: str, rows: Rows) -> bytes:
    return workbook({"Data": worksheet(filled(text, rows, 1_048_000, 16_000))})


@place("XLSX", "hidden sheet", "book.xlsx")
def _hidden(text: str, rows: Rows) -> bytes:
    sheets = {"Data": PLAIN, "Kept": worksheet(filled(text, rows))}
    return workbook(sheets, states={"Kept": "hidden"})


@place("XLSX", "very hidden sheet", "book.xlsx")
def _very_hidden(text: str, rows: Rows) -> bytes:
    sheets = {"Data": PLAIN, "Kept": worksheet(filled(text, rows))}
    return workbook(sheets, states={"Kept": "veryHidden"})


@place("XLSX", "hidden rows and columns", "book.xlsx")
def _hidden_rows(text: str, rows: Rows) -> bytes:
    data = filled(text, rows).replace("<row ", '<row hidden="1" ')
    columns = '<cols><col min="1" max="20" width="0" hidden="1"/></cols>'
    return workbook({"Data": worksheet(data, before=columns)})


@place("XLSX", "shared strings", "book.xlsx")
def _shared(text: str, rows: Rows) -> bytes:
    table = [[text]] if text else []
    table += [list(row) for row in rows]
    strings = "".join(f"<si><t>{value}</t></si>" for row in table for value in row)
    count, data = 0, ""
    for number, row in enumerate(table, 1):
        data += f'<row r="{number}">'
        for at in range(len(row)):
            data += f'<c r="{column(at)}{number}" t="s"><v>{count}</v></c>'
            count += 1
        data += "</row>"
    return workbook({"Data": worksheet(data)}, {"xl/sharedStrings.xml": f"<sst>{strings}</sst>"})


@place("XLSX", "text in several runs", "book.xlsx", holds="words")
def _runs(text: str, rows: Rows) -> bytes:
    runs = "".join(f"<r><rPr><b/></rPr><t xml:space='preserve'>{c}</t></r>" for c in text or "x")
    data = f'<row r="1"><c r="A1" t="inlineStr"><is>{runs}</is></c></row>'
    return workbook({"Data": worksheet(data)})


@place("XLSX", "a file pasted into one column", "book.xlsx", holds="rows")
def _one_column(text: str, rows: Rows) -> bytes:
    return workbook({"Data": worksheet(cells([[line] for line in lines(rows).split("\n")]))})


@place("XLSX", "a text of several lines in one cell", "book.xlsx")
def _one_cell(text: str, rows: Rows) -> bytes:
    return workbook({"Data": worksheet(cells([[pasted(text, rows) or INNOCENT]]))})


@place("XLSX", "name of a sheet", "book.xlsx", holds="words")
def _sheet_name(text: str, rows: Rows) -> bytes:
    return workbook({text or "Data": PLAIN})


@place("XLSX", "defined name", "book.xlsx")
def _name(text: str, rows: Rows) -> bytes:
    said = quoted(pasted(text, rows))
    name = f'<definedNames><definedName name="kept" comment={said}>"x"</definedName></definedNames>'
    return workbook({"Data": PLAIN}, book=name)


@place("XLSX", "comments of the zip", "book.xlsx")
def _zip_comment(text: str, rows: Rows) -> bytes:
    return workbook({"Data": PLAIN}, comment=pasted(text, rows).encode())


@place("XLSX", "before the first entry", "book.xlsx", expect="no-reader",
       reason="an archive with something before it is said to be that")  # fmt: skip
def _before(text: str, rows: Rows) -> bytes:
    return workbook({"Data": PLAIN}, before=pasted(text, rows).encode())


@place("XLSX", "behind the end", "book.xlsx")
def _behind(text: str, rows: Rows) -> bytes:
    return workbook({"Data": PLAIN}) + pasted(text, rows).encode()


def around(where: str, make: Callable[[str, Rows], str], holds: Holds = "both") -> None:
    """What stands in a sheet's part beside its cells."""

    def build(text: str, rows: Rows) -> bytes:
        return workbook({"Data": worksheet(filled("", ()), make(text, rows))})

    place("XLSX", where, "book.xlsx", holds=holds)(build)


around("header", lambda t, r: f"<headerFooter><oddHeader>&amp;C{pasted(t, r)}</oddHeader></headerFooter>")
around("footer of the first page", lambda t, r: f"<headerFooter><firstFooter>{pasted(t, r)}</firstFooter></headerFooter>")
around("input message of a cell", lambda t, r: f"<dataValidations><dataValidation prompt={said(t, r)}/></dataValidations>")
around("list of permitted values", lambda t, r: f"<dataValidations><dataValidation><formula1>&quot;{t}&quot;</formula1></dataValidation></dataValidations>", "words")
around("conditional format", lambda t, r: f"<conditionalFormatting><cfRule text={said(t, r)}><formula>\"{t}\"</formula></cfRule></conditionalFormatting>")
around("tooltip of a link", lambda t, r: f"<hyperlinks><hyperlink ref='A1' tooltip={said(t, r)}/></hyperlinks>")
around("scenario", lambda t, r: f"<scenarios><scenario name='s' comment={said(t, r)}/></scenarios>")
around("name of a custom property", lambda t, r: f"<customProperties><customPr name={said(t, r)}/></customProperties>")
around("extension list", lambda t, r: f"<extLst><ext uri='x'><note>{pasted(t, r)}</note></ext></extLst>")
around("formula", lambda t, r: f"<extLst><f>\"{pasted(t, r)}\"</f></extLst>")


@place("XLSX", "constant in a formula", "book.xlsx", holds="words")
def _formula(text: str, rows: Rows) -> bytes:
    cell = f'<row r="1"><c r="A1" t="str"><f>IF(FALSE,"{text}","")</f><v></v></c></row>'
    return workbook({"Data": worksheet(cell)})


@place("XLSX", "number format", "book.xlsx", holds="words")
def _format(text: str, rows: Rows) -> bytes:
    code = quoted(f'"{text}" 0')
    styles = f'<styleSheet><numFmts><numFmt numFmtId="170" formatCode={code}/></numFmts></styleSheet>'
    return workbook({"Data": PLAIN}, {"xl/styles.xml": styles})


def records_of_pivot(rows: Rows) -> dict[str, str]:
    """A cache with its rows, as a pivot table keeps them."""
    head, *body = rows or INNOCENT_ROWS
    fields = "".join(f"<cacheField name={quoted(name)}><sharedItems/></cacheField>" for name in head)
    data = "".join(
        "<r>" + "".join(f"<s v={quoted(cell)}/>" for cell in row) + "</r>" for row in body
    )
    return {
        "xl/pivotCache/pivotCacheDefinition1.xml": f"<pivotCacheDefinition><cacheFields>{fields}</cacheFields></pivotCacheDefinition>",
        "xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="r1" Target="pivotCacheRecords1.xml"/></Relationships>',
        "xl/pivotCache/pivotCacheRecords1.xml": f"<pivotCacheRecords>{data}</pivotCacheRecords>",
    }


@place("XLSX", "rows kept for a pivot table", "book.xlsx")
def _pivot(text: str, rows: Rows) -> bytes:
    return workbook({"Data": PLAIN}, records_of_pivot([["note"], [text]] if text else rows))


@place("XLSX", "items of a pivot table without rows", "book.xlsx")
def _pivot_items(text: str, rows: Rows) -> bytes:
    head, *body = [["note"], [text]] if text else rows or INNOCENT_ROWS
    fields = "".join(
        f"<cacheField name={quoted(name)}><sharedItems>"
        + "".join(f"<s v={quoted(row[at])}/>" for row in body)
        + "</sharedItems></cacheField>"
        for at, name in enumerate(head)
    )
    entry = f"<pivotCacheDefinition><cacheFields>{fields}</cacheFields></pivotCacheDefinition>"
    return workbook({"Data": PLAIN}, {"xl/pivotCache/pivotCacheDefinition1.xml": entry})


@place("XLSX", "cells last seen in another workbook", "book.xlsx")
def _external(text: str, rows: Rows) -> bytes:
    data = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<cell r="{column(at)}{number}" t="str"><v>{cell}</v></cell>'
            for at, cell in enumerate(row)
        )
        + "</row>"
        for number, row in enumerate([[text]] if text else rows, 1)
    )
    link = (
        '<externalLink><externalBook><sheetNames><sheetName val="Survey"/></sheetNames>'
        f'<sheetDataSet><sheetData sheetId="0">{data}</sheetData></sheetDataSet></externalBook></externalLink>'
    )
    return workbook({"Data": PLAIN}, {"xl/externalLinks/externalLink1.xml": link})


@place("XLSX", "values behind a chart", "book.xlsx")
def _chart(text: str, rows: Rows) -> bytes:
    names, *body = rows or INNOCENT_ROWS
    return workbook({"Data": PLAIN}, {"xl/charts/chart1.xml": chart(names, body, text)})


@place("XLSX", "picture", "book.xlsx")
def _picture(text: str, rows: Rows) -> bytes:
    image = picture_of_table(rows) if rows else picture((text or INNOCENT,))
    return workbook({"Data": PLAIN}, {"xl/media/image1.png": image})


@place("XLSX", "revision log", "book.xlsx")
def _revisions(text: str, rows: Rows) -> bytes:
    changed = "".join(
        f'<rcc><nc r="{column(at)}{number}" t="inlineStr"><is><t>{cell}</t></is></nc></rcc>'
        for number, row in enumerate(([[text]] if text else []) + [list(r) for r in rows], 1)
        for at, cell in enumerate(row)
    )
    return workbook({"Data": PLAIN}, {"xl/revisions/revisionLog1.xml": f"<revisions>{changed}</revisions>"})


def xml_rows(rows: Rows) -> str:
    head = rows[0] if rows else ()
    return "".join(
        "<record>" + "".join(f"<{n}>{cell}</{n}>" for n, cell in zip(head, row, strict=True)) + "</record>"
        for row in rows[1:]
    )  # fmt: skip


def remarks(text: str, rows: Rows) -> bytes:
    """A macro of nothing but remarks."""
    said = "\r\n".join(f"' {line}" for line in pasted(text, rows).split("\n"))
    return f"Sub Kept()\r\n{said}\r\nEnd Sub\r\n".encode()


ENTRIES: dict[str, tuple[str, Make, Holds]] = {
    "sheet without a tab": ("xl/worksheets/sheet9.xml", lambda t, r: worksheet(filled(t, r)), "both"),
    "macro sheet": ("xl/macrosheets/sheet9.xml", lambda t, r: worksheet(filled(t, r)), "both"),
    "comment": ("xl/comments1.xml", lambda t, r: f"<comments><commentList><comment><text><r><t>{pasted(t, r)}</t></r></text></comment></commentList></comments>", "both"),
    "comment of a conversation": ("xl/threadedComments/threadedComment1.xml", lambda t, r: f"<ThreadedComments><threadedComment><text>{pasted(t, r)}</text></threadedComment></ThreadedComments>", "both"),
    "name of a commenter": ("xl/persons/person.xml", lambda t, r: f"<personList><person displayName={said(t, r)}/></personList>", "both"),
    "text box": ("xl/drawings/drawing1.xml", lambda t, r: f'<d xmlns:a="{DRAWING}">{drawn(pasted(t, r))}</d>', "both"),
    "description of a picture": ("xl/drawings/drawing2.xml", lambda t, r: f"<d><cNvPr descr={said(t, r)}/></d>", "both"),
    "old drawing": ("xl/drawings/vmlDrawing1.vml", lambda t, r: f"<xml><br><div>{pasted(t, r)}</div></xml>", "both"),
    "diagram": ("xl/diagrams/data1.xml", lambda t, r: f'<dataModel xmlns:a="{DRAWING}"><pt>{drawn(pasted(t, r))}</pt></dataModel>', "both"),
    "columns of a list": ("xl/tables/table1.xml", lambda t, r: f"<table displayName='t'><tableColumns><tableColumn name={said(t, r)}/></tableColumns></table>", "both"),
    "connection": ("xl/connections.xml", lambda t, r: f"<connections><connection description={said(t, r)}/></connections>", "both"),
    "query": ("xl/queryTables/queryTable1.xml", lambda t, r: f"<queryTable name={said(t, r)}/>", "both"),
    "rich value": ("xl/richData/rdrichvalue.xml", lambda t, r: f"<rvData><rv><v>{pasted(t, r)}</v></rv></rvData>", "both"),
    "slicer": ("xl/slicerCaches/slicerCache1.xml", lambda t, r: f"<slicerCacheDefinition name={said(t, r)}/>", "both"),
    "form control": ("xl/ctrlProps/ctrlProp1.xml", lambda t, r: f"<formControlPr><item val={said(t, r)}/></formControlPr>", "both"),
    "ActiveX control": ("xl/activeX/activeX1.xml", lambda t, r: f"<ocx><ocxPr name='c' value={said(t, r)}/></ocx>", "both"),
    "XML map": ("xl/xmlMaps.xml", lambda t, r: f"<MapInfo><Schema><note>{pasted(t, r)}</note></Schema></MapInfo>", "both"),
    "custom XML": ("customXml/item1.xml", lambda t, r: f"<data><note>{t}</note>{xml_rows(r)}</data>", "both"),
    "ribbon": ("customUI/customUI.xml", lambda t, r: f"<customUI><button label={said(t, r)}/></customUI>", "both"),
    "title": ("docProps/core.xml", lambda t, r: f"<coreProperties><title>{pasted(t, r)}</title></coreProperties>", "both"),
    "company": ("docProps/app.xml", lambda t, r: f"<Properties><Company>{pasted(t, r)}</Company></Properties>", "both"),
    "custom property": ("docProps/custom.xml", lambda t, r: f"<Properties><property name='p'><lpwstr>{pasted(t, r)}</lpwstr></property></Properties>", "both"),
    "sensitivity label": ("docMetadata/LabelInfo.xml", lambda t, r: f"<labelList><label name={said(t, r)}/></labelList>", "both"),
    "strings that no cell shows": ("xl/sharedStrings.xml", lambda t, r: f"<sst><si><t>{t or 'x'}</t></si>" + "".join(f"<si><t>{','.join(row)}</t></si>" for row in r) + "</sst>", "both"),
    "target of a link": ("xl/worksheets/_rels/sheet1.xml.rels", lambda t, r: f"<Relationships xmlns='{LINKS}'><Relationship Id='r' TargetMode='External' Target={quoted('mailto:a@stat.example?body=' + t)}/></Relationships>", "words"),
    "embedded document": ("xl/embeddings/word.docx", lambda t, r: document(paragraphs(pasted(t, r))), "both"),
    "embedded workbook": ("xl/embeddings/book.xlsx", lambda t, r: workbook({"S": worksheet(filled(t, r))}), "both"),
    "embedded package": ("xl/embeddings/oleObject1.bin", lambda t, r: write_compound({("\1Ole10Native",): package_stream("rows.csv", pasted(t, r).encode())}), "both"),
    "file with the name of a picture": ("xl/media/image2.png", lambda t, r: pasted(t, r).encode(), "both"),
    "vector picture": ("xl/media/image2.svg", lambda t, r: "<svg xmlns='http://www.w3.org/2000/svg'>" + "".join(f"<text>{line}</text>" for line in pasted(t, r).split("\n")) + "</svg>", "both"),
    "file with the name of printer settings": ("xl/printerSettings/printerSettings1.bin", lambda t, r: pasted(t, r).encode(), "both"),
    "settings of a printer": ("xl/printerSettings/printerSettings1.bin", lambda t, r: printer_settings(pasted(t, r).encode("utf-16-le")), "both"),
    "behind settings of a printer": ("xl/printerSettings/printerSettings1.bin", lambda t, r: printer_settings() + pasted(t, r).encode(), "both"),
    "name of a style": ("xl/styles.xml", lambda t, r: f"<styleSheet><cellStyles><cellStyle name={said(t, r)}/></cellStyles></styleSheet>", "both"),
    "comment in the styles": ("xl/styles.xml", lambda t, r: f"<styleSheet><!-- {pasted(t, r)} --></styleSheet>", "both"),
    "comment in the strings": ("xl/sharedStrings.xml", lambda t, r: f"<sst><!-- {pasted(t, r)} --></sst>", "both"),
    "order of calculation": ("xl/calcChain.xml", lambda t, r: f"<calcChain><c r='A1'>{pasted(t, r)}</c></calcChain>", "both"),
    "comment in the list of types": ("[Content_Types].xml", lambda t, r: f"{TYPES[:-2]}><!-- {pasted(t, r)} --></Types>", "both"),
    "target of the workbook's link": ("xl/_rels/workbook.xml.rels", lambda t, r: f"<Relationships xmlns='{LINKS}'><Relationship Id='r' TargetMode='External' Target={quoted('mailto:a@stat.example?body=' + t)}/></Relationships>", "words"),
    "any other entry": ("kept/else.txt", lambda t, r: pasted(t, r).encode(), "both"),
    "comment in the XML": ("xl/theme/theme1.xml", lambda t, r: f"<theme><!-- {pasted(t, r)} --></theme>", "both"),
}  # fmt: skip


def entry(format: str, name: str, where: str, key: str, make: Make, holds: Holds) -> None:
    def build(text: str, rows: Rows) -> bytes:
        return workbook({"Data": PLAIN}, {key: make(text, rows)})

    place(format, where, name, holds=holds)(build)


for _where, (_key, _make, _holds) in ENTRIES.items():
    entry("XLSX", "book.xlsx", _where, _key, _make, _holds)


@place("XLSX", "file behind a font", "book.xlsx", "no-reader", reason="bytes of no type that is known")
def _font(text: str, rows: Rows) -> bytes:
    return workbook({"Data": PLAIN}, {"xl/fonts/font1.ttf": font(pasted(text, rows).encode())})


@place("XLSM", "remark in a macro", "book.xlsm")
def _macro(text: str, rows: Rows) -> bytes:
    project = write_compound(macro_project(remarks(text, rows)))
    return workbook({"Data": PLAIN}, {"xl/vbaProject.bin": project})


@place("XLSM", "string in a macro", "book.xlsm", holds="words")
def _macro_string(text: str, rows: Rows) -> bytes:
    code = f'Sub Auto_Open()\r\nMsgBox "{text}"\r\nEnd Sub\r\n'.encode()
    return workbook({"Data": PLAIN}, {"xl/vbaProject.bin": write_compound(macro_project(code))})


@place("XLSM", "stream in the macros' file", "book.xlsm")
def _macro_stream(text: str, rows: Rows) -> bytes:
    streams = {**macro_project(b"Sub A()\r\nEnd Sub\r\n"), ("UserForm1", "kept"): pasted(text, rows).encode()}
    return workbook({"Data": PLAIN}, {"xl/vbaProject.bin": write_compound(streams)})


def _compiled(where: str, stream: str) -> None:
    """Beside the source of a macro, or before it."""

    def build(text: str, rows: Rows) -> bytes:
        said = b"\x93\x4b\x2a\1" + pasted(text, rows).encode()
        streams = macro_project(b"Sub A()\r\nEnd Sub\r\n", before=b"" if stream else said)
        if stream:
            streams["VBA", stream] = said
        return workbook({"Data": PLAIN}, {"xl/vbaProject.bin": write_compound(streams)})

    place("XLSM", where, "book.xlsm")(build)


_compiled("compiled macros", "_VBA_PROJECT")
_compiled("cache of compiled macros", "__SRP_0")
_compiled("before the source of a macro", "")
