"""Where an OpenDocument file can hold something: ODS, ODT and ODP, packed and flat."""

from __future__ import annotations

import base64
from typing import Callable

from formats.planting import INNOCENT, INNOCENT_ROWS, Holds, Rows, pasted, place, said
from formats.workbook_places import xml_rows
from support.open_packages import (
    OPEN_NAMES,
    cells,
    open_content,
    open_package,
    open_paragraphs,
    open_rows,
    open_table,
    quoted,
    workbook,
    worksheet,
    zipped,
)
from support.pictures import picture, picture_of_table

# A place a line.
# fmt: off

Make = Callable[[str, Rows], str]
NAMES = {"spreadsheet": ("ODS", "book.ods"), "text": ("ODT", "note.odt"), "presentation": ("ODP", "talk.odp")}
PLAIN = {
    "spreadsheet": open_table(open_rows([[INNOCENT], *INNOCENT_ROWS])),
    "text": open_paragraphs(INNOCENT),
    "presentation": "<draw:page><draw:frame><draw:text-box>"
    + open_paragraphs(INNOCENT)
    + "</draw:text-box></draw:frame></draw:page>",
}


def words(text: str, rows: Rows) -> str:
    return open_paragraphs(pasted(text, rows))


def story(text: str, rows: Rows) -> str:
    return open_paragraphs(text) + (open_table(open_rows(rows)) if rows else "")


def sheet(text: str, rows: Rows) -> list[list[str]]:
    return ([[text]] if text else []) + [list(row) for row in rows] or [[INNOCENT]]


def inside(kind: str, where: str, make: Make, holds: Holds = "both", styles: str = "") -> None:
    """In the body, behind what is innocent."""
    format, name = NAMES[kind]
    place(format, where, name, holds=holds)(
        lambda t, r: open_package(PLAIN[kind] + make(t, r), kind, styles=styles)
    )


def entry(kind: str, where: str, key: str, make: Callable[[str, Rows], str | bytes], holds: Holds = "both", reason: str = "") -> None:
    format, name = NAMES[kind]
    place(format, where, name, holds=holds, reason=reason)(
        lambda t, r: open_package(PLAIN[kind], kind, {key: make(t, r)})
    )


HIDDEN_SHEET = '<style:style style:name="ta9" style:family="table"><style:table-properties table:display="false"/></style:style>'
HIDDEN_PAGE = '<style:style style:name="dp9" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'


def look(attributes: str) -> str:
    return f'<style:style style:name="s9" style:family="paragraph"><style:text-properties {attributes}/></style:style>'


def in_sheet(where: str, make: Make, holds: Holds = "both") -> None:
    """In a sheet's only row."""
    inside("spreadsheet", where, lambda t, r: open_table(f"<table:table-row>{make(t, r)}</table:table-row>"), holds)


def annotation(text: str, rows: Rows) -> str:
    return f"<office:annotation><dc:creator>A</dc:creator>{words(text, rows)}</office:annotation>"


def deleted_cells(text: str, rows: Rows) -> str:
    gone = "".join(
        "<table:cell-content-deletion>"
        f'<table:cell-address table:column="{x}" table:row="{y}" table:table="0"/>'
        f"<table:change-track-table-cell>{open_paragraphs(cell)}</table:change-track-table-cell>"
        "</table:cell-content-deletion>"
        for y, row in enumerate(sheet(text, rows)) for x, cell in enumerate(row)
    )  # fmt: skip
    return f"<table:tracked-changes><table:deletion>{gone}</table:deletion></table:tracked-changes>"


inside("spreadsheet", "cells", lambda t, r: open_table(open_rows(sheet(t, r)), "More"))
inside("spreadsheet", "hidden sheet", lambda t, r: open_table(open_rows(sheet(t, r)), "Kept", 'table:style-name="ta9"'), styles=HIDDEN_SHEET)
inside("spreadsheet", "filtered rows", lambda t, r: open_table(open_rows(sheet(t, r), 'table:visibility="filter"'), "More"))
inside("spreadsheet", "rows in groups", lambda t, r: open_table(f"<table:table-row-group>{open_rows(sheet(t, r))}</table:table-row-group>", "More"))
inside("spreadsheet", "name of a sheet", lambda t, r: open_table(open_rows([["x"]]), t), "words")
inside("spreadsheet", "a text of several lines in one cell", lambda t, r: open_table(f"<table:table-row><table:table-cell>{words(t, r)}</table:table-cell></table:table-row>", "More"))
inside("spreadsheet", "deleted cells", deleted_cells)
inside("spreadsheet", "input message of a cell", lambda t, r: f"<table:content-validations><table:content-validation><table:help-message>{words(t, r)}</table:help-message></table:content-validation></table:content-validations>")
inside("spreadsheet", "name", lambda t, r: f"<table:named-expressions><table:named-range table:name={said(t, r)}/></table:named-expressions>", "words")
inside("spreadsheet", "database range", lambda t, r: f"<table:database-ranges><table:database-range table:name={said(t, r)}/></table:database-ranges>", "words")
inside("spreadsheet", "scenario", lambda t, r: open_table(f"<table:scenario table:comment={said(t, r)}/>", "More"))
inside("spreadsheet", "text box", lambda t, r: open_table(f"<table:shapes><draw:frame><draw:text-box>{words(t, r)}</draw:text-box></draw:frame></table:shapes>", "More"))
inside("spreadsheet", "cells last seen in another workbook", lambda t, r: open_table(open_rows(sheet(t, r)), "'file:///other.ods'#Data", ""))
in_sheet("comment", lambda t, r: f"<table:table-cell>{annotation(t, r)}</table:table-cell>")
in_sheet("covered cell", lambda t, r: f"<table:table-cell/><table:covered-table-cell>{words(t, r)}</table:covered-table-cell>")
in_sheet("constant in a formula", lambda t, r: f"<table:table-cell table:formula={quoted('of:=IF(0;' + chr(34) + t + chr(34) + ';1)')}/>", "words")
in_sheet("value that is shown as another", lambda t, r: f'<table:table-cell office:value-type="string" office:string-value={said(t, r)}><text:p>x</text:p></table:table-cell>', "words")

inside("text", "body", story)
inside("text", "nested table", lambda t, r: open_table(f"<table:table-row><table:table-cell>{story(t, r)}</table:table-cell></table:table-row>", "Outer"))
inside("text", "one span a letter", lambda t, r: "<text:p>" + "".join(f"<text:span>{c}</text:span>" if c != " " else "<text:s/>" for c in t) + "</text:p>", "words")
inside("text", "lines with tabs", lambda t, r: "".join(f"<text:p>{'<text:tab/>'.join(row)}</text:p>" for row in sheet(t, r)))
inside("text", "deleted text", lambda t, r: f'<text:tracked-changes><text:changed-region text:id="c"><text:deletion>{story(t, r)}</text:deletion></text:changed-region></text:tracked-changes>')
inside("text", "hidden section", lambda t, r: f'<text:section text:display="none">{story(t, r)}</text:section>')
inside("text", "hidden text field", lambda t, r: f"<text:p><text:hidden-text text:string-value={said(t, r)}/></text:p>", "words")
for _where, _look in {
    "hidden text": 'text:display="none"', "white text": 'fo:color="#FFFFFF"', "tiny text": 'fo:font-size="0.5pt"',
}.items():  # fmt: skip
    inside("text", _where, lambda t, r: "".join(f'<text:p text:style-name="s9">{line}</text:p>' for line in pasted(t, r).split("\n")), styles=look(_look))
inside("text", "comment", lambda t, r: f"<text:p>{annotation(t, r)}</text:p>")
inside("text", "footnote", lambda t, r: f"<text:p><text:note><text:note-body>{story(t, r)}</text:note-body></text:note></text:p>")
inside("text", "text box", lambda t, r: f"<text:p><draw:frame><draw:text-box>{story(t, r)}</draw:text-box></draw:frame></text:p>")
inside("text", "description of a picture", lambda t, r: f"<text:p><draw:frame><svg:desc>{pasted(t, r)}</svg:desc></draw:frame></text:p>")
inside("text", "bookmark", lambda t, r: f"<text:p><text:bookmark text:name={said(t, r)}/></text:p>", "words")
inside("text", "variable", lambda t, r: f"<text:user-field-decls><text:user-field-decl text:name='v' office:string-value={said(t, r)}/></text:user-field-decls>", "words")
inside("text", "form control", lambda t, r: f"<office:forms><form:form><form:textarea form:current-value={said(t, r)}/></form:form></office:forms>", "words")
inside("text", "placeholder", lambda t, r: f"<text:p><text:placeholder text:description={said(t, r)}/></text:p>", "words")
inside("text", "comment in the XML", lambda t, r: f"<!-- {pasted(t, r)} -->")
inside("text", "unknown element", lambda t, r: f"<x:kept xmlns:x='urn:x'>{pasted(t, r)}</x:kept>")


def page(inner: str, attributes: str = "") -> str:
    return f"<draw:page {attributes}>{inner}</draw:page>"


def frame(inner: str) -> str:
    return f"<draw:frame><draw:text-box>{inner}</draw:text-box></draw:frame>"


inside("presentation", "page", lambda t, r: page(frame(open_paragraphs(t)) + f"<draw:frame>{open_table(open_rows(r)) if r else ''}</draw:frame>"))
inside("presentation", "hidden page", lambda t, r: page(frame(words(t, r)), 'draw:style-name="dp9"'), styles=HIDDEN_PAGE)
inside("presentation", "notes", lambda t, r: page(f"<presentation:notes>{frame(words(t, r))}</presentation:notes>"))
inside("presentation", "comment", lambda t, r: page(annotation(t, r)))
inside("presentation", "name of a page", lambda t, r: page("", f"draw:name={said(t, r)}"), "words")
inside("presentation", "footer", lambda t, r: f"<presentation:footer-decl>{pasted(t, r)}</presentation:footer-decl>")
inside("presentation", "title of a shape", lambda t, r: page(f"<draw:custom-shape><svg:title>{pasted(t, r)}</svg:title></draw:custom-shape>"))


def styles_part(inner: str) -> str:
    return f"<office:document-styles {OPEN_NAMES}><office:master-styles><style:master-page>{inner}</style:master-page></office:master-styles></office:document-styles>"


def meta(inner: str) -> str:
    return f"<office:document-meta {OPEN_NAMES}><office:meta>{inner}</office:meta></office:document-meta>"


for _kind in ("spreadsheet", "text", "presentation"):
    entry(_kind, "header", "styles.xml", lambda t, r: styles_part(f"<style:header>{words(t, r)}</style:header>"))
    entry(_kind, "title", "meta.xml", lambda t, r: meta(f"<dc:title>{pasted(t, r)}</dc:title>"))
    entry(_kind, "custom property", "meta.xml", lambda t, r: meta(f'<meta:user-defined meta:name="p">{pasted(t, r)}</meta:user-defined>'))
    entry(_kind, "settings", "settings.xml", lambda t, r: f"<settings><item>{pasted(t, r)}</item></settings>")
    entry(_kind, "embedded sheet", "Object 1/content.xml", lambda t, r: open_content(open_table(open_rows(sheet(t, r))), "spreadsheet"))
    entry(_kind, "values behind a chart", "Object 2/content.xml", lambda t, r: open_content(open_paragraphs(t) + open_table(open_rows(r or INNOCENT_ROWS), "local-table"), "chart"))
    entry(_kind, "macro", "Basic/Standard/Module1.xml", lambda t, r: "<module>" + "\n".join(f"REM {line}" for line in pasted(t, r).split("\n")) + "</module>")
    entry(_kind, "picture", "Pictures/a.png", lambda t, r: picture_of_table(r) if r else picture((t or INNOCENT,)), "words", "records as in any picture")
    entry(_kind, "file with the name of a picture", "Pictures/b.png", lambda t, r: pasted(t, r).encode())
    entry(_kind, "earlier version", "Versions/Version1", lambda t, r: open_package(story(t, r), "text"))
    entry(_kind, "embedded workbook", "Object 3", lambda t, r: workbook({"S": worksheet(cells(sheet(t, r)))}))
    entry(_kind, "dialogue", "Dialogs/d.xml", lambda t, r: f"<dialog value={said(t, r)}/>", "words")
    entry(_kind, "script", "Scripts/python/a.py", lambda t, r: "\n".join(f"# {line}" for line in pasted(t, r).split("\n")))
    entry(_kind, "manifest", "META-INF/manifest.xml", lambda t, r: f"<m:manifest xmlns:m='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'><m:file-entry m:full-path={said(t, r)}/></m:manifest>", "words")
    entry(_kind, "any other entry", "kept.xml", lambda t, r: f"<a><note>{t}</note>{xml_rows(r)}</a>")


@place("ODS", "encrypted entries", "book.ods", expect="encrypted", reason="a password is needed")
def _locked(text: str, rows: Rows) -> bytes:
    manifest = (
        "<m:manifest xmlns:m='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'>"
        "<m:file-entry m:full-path='content.xml'><m:encryption-data/></m:file-entry></m:manifest>"
    )
    entries = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": bytes(b ^ 0x55 for b in pasted(text, rows).encode()),
        "META-INF/manifest.xml": manifest,
    }
    return zipped(entries)


def flat(where: str, kind: str, make: Make, name: str, holds: Holds = "both", before: str = "", reason: str = "") -> None:
    def build(text: str, rows: Rows) -> bytes:
        return (
            f'<?xml version="1.0"?><office:document {OPEN_NAMES}>{before}<office:body><office:{kind}>'
            f"{PLAIN[kind]}{make(text, rows)}</office:{kind}></office:body></office:document>"
        ).encode()

    place("Flat ODF", where, name, holds=holds, reason=reason)(build)


flat("cells", "spreadsheet", lambda t, r: open_table(open_rows(sheet(t, r)), "More"), "book.fods")
flat("body", "text", story, "note.fodt")
flat("page", "presentation", lambda t, r: page(frame(words(t, r))), "talk.fodp")
flat("comment", "text", lambda t, r: f"<text:p>{annotation(t, r)}</text:p>", "note.fodt")
flat("title", "text", lambda t, r: f"<office:meta><dc:title>{pasted(t, r)}</dc:title></office:meta>", "note.fodt")
flat("picture", "text", lambda t, r: f"<office:binary-data>{base64.b64encode(picture_of_table(r) if r else picture((t or INNOCENT,))).decode()}</office:binary-data>", "note.fodt", "words", reason="records as in any picture")
flat("embedded file", "text", lambda t, r: f"<office:binary-data>{base64.b64encode(pasted(t, r).encode()).decode()}</office:binary-data>", "note.fodt")
flat("comment in the XML", "text", lambda t, r: f"<!-- {pasted(t, r)} -->", "note.fodt")
