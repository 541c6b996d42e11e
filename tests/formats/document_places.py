"""Where a text document can hold something: DOCX, DOCM and RTF."""

from __future__ import annotations

import struct
from typing import Callable

from formats.planting import INNOCENT, INNOCENT_ROWS, Holds, Rows, pasted, place, said
from formats.workbook_places import remarks, xml_rows
from support.old_office import macro_project, package_stream, printer_settings
from support.open_packages import (
    DRAWING,
    LINKS,
    cells,
    chart,
    document,
    drawn,
    paragraphs,
    quoted,
    word_part,
    word_rows,
    word_table,
    workbook,
    worksheet,
)
from support.pictures import picture, picture_of_table

from gateway.extract.office.storage_file import write_compound

# A place a line.
# fmt: off

Body = Callable[[str, Rows], str]
PLAIN = paragraphs(INNOCENT)


def body(where: str, make: Body, holds: Holds = "both") -> None:
    def build(text: str, rows: Rows) -> bytes:
        return document(PLAIN + make(text, rows))

    place("DOCX", where, "note.docx", holds=holds)(build)


def entry(
    where: str, key: str, make: Callable[[str, Rows], str | bytes], holds: Holds = "both"
) -> None:
    def build(text: str, rows: Rows) -> bytes:
        return document(PLAIN, {key: make(text, rows)})

    place("DOCX", where, "note.docx", holds=holds)(build)


def story(text: str, rows: Rows) -> str:
    """Paragraphs and a table."""
    return paragraphs(text) + word_table(rows)


def in_revision(tag: str) -> Body:
    """Text that a change added, took out or moved."""
    leaf = "delText" if tag in ("del", "moveFrom") else "t"

    def make(text: str, rows: Rows) -> str:
        mark = 'w:id="1" w:author="A" w:date="2018-03-01T00:00:00Z"'
        runs = "".join(
            f"<w:p><w:{tag} {mark}><w:r><w:{leaf}>{line}</w:{leaf}></w:r></w:{tag}></w:p>"
            for line in pasted(text, rows).split("\n")
        )
        return runs

    return make


def deleted_rows(text: str, rows: Rows) -> str:
    gone = '<w:trPr><w:del w:id="1" w:author="A"/></w:trPr>'
    table = ([[text]] if text else []) + [list(row) for row in rows]
    inner = word_rows(table, gone).replace("<w:t>", "<w:delText>").replace("</w:t>", "</w:delText>")
    return f"<w:tbl>{inner}</w:tbl>" if table else ""


def note(tag: str, item: str) -> Callable[[str, Rows], str]:
    return lambda t, r: word_part(tag, f'<w:{item} w:id="2" w:author="A">{story(t, r)}</w:{item}>')


body("body", story)
body("nested table", lambda t, r: f"<w:tbl><w:tr><w:tc>{story(t, r)}</w:tc><w:tc>{paragraphs('x')}</w:tc></w:tr></w:tbl>")
body("lines with tabs", lambda t, r: "".join(f"<w:p><w:r>{'<w:tab/>'.join(f'<w:t>{cell}</w:t>' for cell in row)}</w:r></w:p>" for row in ([[t]] if t else []) + [list(x) for x in r]))
body("one run a letter", lambda t, r: "<w:p>" + "".join(f'<w:r><w:t xml:space="preserve">{c}</w:t></w:r>' for c in t) + "</w:p>", "words")
body("inserted text", in_revision("ins"))
body("deleted text", in_revision("del"))
body("text moved away", in_revision("moveFrom"))
body("deleted rows of a table", deleted_rows)
body("hidden text", lambda t, r: paragraphs(pasted(t, r), "<w:vanish/>"))
body("white text", lambda t, r: paragraphs(pasted(t, r), '<w:color w:val="FFFFFF"/>'))
body("tiny text", lambda t, r: paragraphs(pasted(t, r), '<w:sz w:val="2"/>'))
body("text in a hidden style", lambda t, r: paragraphs(pasted(t, r), '<w:webHidden/>'))
body("content control", lambda t, r: f"<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>{story(t, r)}</w:sdtContent></w:sdt>")
body("title of a content control", lambda t, r: f"<w:sdt><w:sdtPr><w:alias w:val={said(t, r)}/></w:sdtPr><w:sdtContent/></w:sdt>", "words")
body("list of a content control", lambda t, r: f"<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText={said(t, r)} w:value='1'/></w:dropDownList></w:sdtPr></w:sdt>", "words")
body("instruction of a field", lambda t, r: f"<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>COMMENTS \"{pasted(t, r)}\"</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>", "words")
body("result of a field", lambda t, r: f"<w:p><w:fldSimple w:instr='QUOTE'><w:r><w:t>{t}</w:t></w:r></w:fldSimple></w:p>", "words")
body("help of a form field", lambda t, r: f"<w:p><w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:helpText w:val={said(t, r)}/></w:ffData></w:fldChar></w:r></w:p>", "words")
body("bookmark", lambda t, r: f"<w:p><w:bookmarkStart w:id='1' w:name={said(t, r)}/></w:p>", "words")
body("tooltip of a link", lambda t, r: f"<w:p><w:hyperlink w:anchor='x' w:tooltip={said(t, r)}><w:r><w:t>x</w:t></w:r></w:hyperlink></w:p>", "words")
body("text box", lambda t, r: f"<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>{story(t, r)}</w:txbxContent></wps:txbx></w:drawing></mc:Choice></mc:AlternateContent></w:r></w:p>")
body("text box of older programs", lambda t, r: f"<w:p><w:r><mc:AlternateContent><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{story(t, r)}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>")
body("lettering", lambda t, r: f"<w:p><w:r><w:pict><v:shape><v:textpath string={said(t, r)}/></v:shape></w:pict></w:r></w:p>", "words")
body("description of a picture", lambda t, r: f"<w:p><w:r><w:drawing><wp:inline><wp:docPr id='1' name='p' descr={said(t, r)}/></wp:inline></w:drawing></w:r></w:p>", "words")
body("description of a table", lambda t, r: f"<w:tbl><w:tblPr><w:tblDescription w:val={said(t, r)}/></w:tblPr><w:tr><w:tc>{paragraphs('x')}</w:tc></w:tr></w:tbl>", "words")
body("formula", lambda t, r: f"<w:p><m:oMath><m:r><m:t>{t}</m:t></m:r></m:oMath></w:p>", "words")
body("ruby", lambda t, r: f"<w:p><w:r><w:ruby><w:rt><w:r><w:t>{t}</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>x</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>", "words")
body("symbols and soft hyphens", lambda t, r: "<w:p><w:r>" + "<w:softHyphen/>".join(f"<w:t xml:space='preserve'>{t[i : i + 4]}</w:t>" for i in range(0, len(t), 4)) + "</w:r></w:p>", "words")
body("comment in the XML", lambda t, r: f"<!-- {pasted(t, r)} -->")
body("unknown element", lambda t, r: f"<x:kept xmlns:x='urn:x'>{pasted(t, r)}</x:kept>")
body("unknown attribute", lambda t, r: f"<w:p x:kept={said(t, r)} xmlns:x='urn:x'/>", "words")

entry("header", "word/header1.xml", lambda t, r: word_part("hdr", story(t, r)))
entry("footer", "word/footer3.xml", lambda t, r: word_part("ftr", story(t, r)))
entry("footnote", "word/footnotes.xml", note("footnotes", "footnote"))
entry("endnote", "word/endnotes.xml", note("endnotes", "endnote"))
entry("comment", "word/comments.xml", note("comments", "comment"))
entry("author of a comment", "word/people.xml", lambda t, r: word_part("people", f"<w:person w:author={said(t, r)}/>"), "words")
entry("glossary", "word/glossary/document.xml", lambda t, r: word_part("glossaryDocument", f"<w:docParts><w:docPart><w:docPartBody>{story(t, r)}</w:docPartBody></w:docPart></w:docParts>"))
entry("second body", "word/document2.xml", lambda t, r: word_part("document", f"<w:body>{story(t, r)}</w:body>"))
entry("variable", "word/settings.xml", lambda t, r: word_part("settings", f"<w:docVars><w:docVar w:name='v' w:val={said(t, r)}/></w:docVars>"))
entry("name of a style", "word/styles.xml", lambda t, r: word_part("styles", f"<w:style><w:name w:val={said(t, r)}/></w:style>"), "words")
entry("text of a numbering", "word/numbering.xml", lambda t, r: word_part("numbering", f"<w:abstractNum><w:lvl><w:lvlText w:val={said(t, r)}/></w:lvl></w:abstractNum>"), "words")
entry("name of a font", "word/fontTable.xml", lambda t, r: word_part("fonts", f"<w:font w:name={said(t, r)}/>"), "words")
entry("merge source", "word/recipientData.xml", lambda t, r: word_part("recipients", f"<w:recipientData><w:note w:val={said(t, r)}/></w:recipientData>"), "words")
entry("values behind a chart", "word/charts/chart1.xml", lambda t, r: chart((r or INNOCENT_ROWS)[0], (r or INNOCENT_ROWS)[1:], t))
entry("diagram", "word/diagrams/data1.xml", lambda t, r: f'<dgm:dataModel xmlns:dgm="d" xmlns:a="{DRAWING}">{drawn(pasted(t, r))}</dgm:dataModel>')
entry("target of a link", "word/_rels/document.xml.rels", lambda t, r: f"<Relationships xmlns='{LINKS}'><Relationship Id='r' TargetMode='External' Target={quoted('mailto:a@stat.example?body=' + t)}/></Relationships>", "words")
entry("title", "docProps/core.xml", lambda t, r: f"<coreProperties><title>{pasted(t, r)}</title></coreProperties>")
entry("company", "docProps/app.xml", lambda t, r: f"<Properties><Company>{pasted(t, r)}</Company></Properties>")
entry("custom property", "docProps/custom.xml", lambda t, r: f"<Properties><property name='p'><lpwstr>{pasted(t, r)}</lpwstr></property></Properties>")
entry("sensitivity label", "docMetadata/LabelInfo.xml", lambda t, r: f"<labelList><label name={said(t, r)}/></labelList>", "words")
entry("custom XML", "customXml/item1.xml", lambda t, r: f"<data><note>{t}</note>{xml_rows(r)}</data>")
entry("embedded workbook", "word/embeddings/book.xlsx", lambda t, r: workbook({"S": worksheet(cells(([[t]] if t else []) + list(r)))}))
entry("embedded document", "word/embeddings/word.docx", lambda t, r: document(story(t, r)))
entry("embedded package", "word/embeddings/oleObject1.bin", lambda t, r: write_compound({("\1Ole10Native",): package_stream("rows.csv", pasted(t, r).encode())}))
entry("inserted web page", "word/afchunk.html", lambda t, r: f"<html><body><pre>{pasted(t, r)}</pre></body></html>")
entry("inserted rich text", "word/afchunk.rtf", lambda t, r: rtf(rtf_story(t, r)))
entry("picture", "word/media/image1.png", lambda t, r: picture_of_table(r) if r else picture((t or INNOCENT,)))
entry("file with the name of a picture", "word/media/image2.png", lambda t, r: pasted(t, r).encode())
entry("file with the name of a thumbnail", "docProps/thumbnail.jpeg", lambda t, r: pasted(t, r).encode())
entry("file with the name of a font", "word/fonts/font1.odttf", lambda t, r: pasted(t, r).encode())
entry("settings of a printer", "word/printerSettings/printerSettings1.bin", lambda t, r: printer_settings(pasted(t, r).encode("utf-16-le")))
entry("behind settings of a printer", "word/printerSettings/printerSettings1.bin", lambda t, r: printer_settings() + pasted(t, r).encode())
entry("web settings", "word/webSettings.xml", lambda t, r: word_part("webSettings", f"<w:note>{pasted(t, r)}</w:note>"))
entry("ribbon", "customUI/customUI14.xml", lambda t, r: f"<customUI><button label={said(t, r)}/></customUI>")
entry("any other entry", "kept/else.txt", lambda t, r: pasted(t, r).encode())


@place("DOCM", "remark in a macro", "note.docm")
def _macro(text: str, rows: Rows) -> bytes:
    return document(PLAIN, {"word/vbaProject.bin": write_compound(macro_project(remarks(text, rows)))})


@place("DOCM", "string in a macro", "note.docm", holds="words")
def _macro_string(text: str, rows: Rows) -> bytes:
    code = f'Sub AutoOpen()\r\nMsgBox "{text}"\r\nEnd Sub\r\n'.encode()
    return document(PLAIN, {"word/vbaProject.bin": write_compound(macro_project(code))})


def rtf(inner: bytes) -> bytes:
    return b"{\\rtf1\\ansi\\ansicpg1252\\deff0 " + inner + b"}"


def rtf_lines(text: str, rows: Rows = ()) -> bytes:
    return pasted(text, rows).replace("\n", "\\par\n").encode()


def rtf_story(text: str, rows: Rows) -> bytes:
    table = b"".join(
        b"\\trowd" + b"".join(b"\\intbl " + cell.encode() + b"\\cell" for cell in row) + b"\\row\\pard "
        for row in rows
    )  # fmt: skip
    return text.encode() + b"\\par " + table


def ole_1(class_name: bytes, content: bytes) -> bytes:
    name = class_name + b"\0"
    head = struct.pack("<III", 0x501, 2, len(name)) + name + struct.pack("<II", 0, 0)
    return (head + struct.pack("<I", len(content)) + content).hex().encode()


def rich(
    where: str, make: Callable[[str, Rows], bytes], holds: Holds = "both", reason: str = ""
) -> None:
    def build(text: str, rows: Rows) -> bytes:
        return rtf(INNOCENT.encode() + b"\\par " + make(text, rows))

    place("RTF", where, "note.rtf", holds=holds, reason=reason)(build)


def group(where: str, before: bytes, after: bytes = b"}", holds: Holds = "both") -> None:
    rich(where, lambda t, r: before + rtf_lines(t, r) + after, holds)


rich("body", rtf_story)
rich("letters as codes", lambda t, r: b"".join(b"\\'%02x" % c for c in t.encode()), "words")
rich("letters as Unicode", lambda t, r: b"".join(b"\\u%d?" % ord(c) for c in t), "words")
group("hidden text", b"{\\v ")
group("deleted text", b"{\\deleted ")
group("white text", b"{\\colortbl;\\red255\\green255\\blue255;}{\\cf1 ")
group("header", b"{\\header ")
group("footer of the first page", b"{\\footerf ")
group("footnote", b"{\\footnote ")
group("comment", b"{\\*\\annotation ")
group("author of a comment", b"{\\*\\atnauthor ", holds="words")
group("bookmark", b"{\\*\\bkmkstart ", holds="words")
group("instruction of a field", b"{\\field{\\*\\fldinst QUOTE ", b"}{\\fldrslt x}}")
group("text box", b"{\\shp{\\*\\shpinst{\\shptxt ", b"}}}")
group("property of a shape", b"{\\shp{\\*\\shpinst{\\sp{\\sn wzDescription}{\\sv ", b"}}}}")
group("variable", b"{\\*\\docvar{name}{", b"}}")
group("style", b"{\\stylesheet{\\s1 ", b";}}", "words")
group("font", b"{\\fonttbl{\\f9 ", b";}}", "words")
group("reviser", b"{\\*\\revtbl{", b";}}", "words")
group("generator", b"{\\*\\generator ", holds="words")
group("title", b"{\\info{\\title ", b"}}")
group("custom property", b"{\\*\\userprops{\\propname p}\\proptype30{\\staticval ", b"}}")
group("unknown group", b"{\\*\\nobodyknows ")
rich("raw bytes", lambda t, r: b"\\bin%d %s" % (len(pasted(t, r)), pasted(t, r).encode()))
rich("embedded package", lambda t, r: b"{\\object\\objemb{\\*\\objdata " + ole_1(b"Package", package_stream("rows.csv", pasted(t, r).encode())[4:]) + b"}}")
rich("embedded document", lambda t, r: b"{\\object\\objemb{\\*\\objdata " + ole_1(b"Word.Document.12", document(story(t, r))) + b"}}")
rich("picture", lambda t, r: b"{\\pict\\pngblip " + (picture_of_table(r) if r else picture((t or INNOCENT,))).hex().encode() + b"}", "words", "records as in any picture")
rich("file with the name of a picture", lambda t, r: b"{\\pict\\pngblip " + pasted(t, r).encode().hex().encode() + b"}")


@place("RTF", "behind the end", "note.rtf")
def _behind(text: str, rows: Rows) -> bytes:
    return rtf(INNOCENT.encode()) + b"\n" + pasted(text, rows).encode()


@place("RTF", "web page inside", "note.rtf")
def _html(text: str, rows: Rows) -> bytes:
    markup = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    inner = f"<p>{text}</p><table>{markup}</table>".encode()
    return rtf(b"\\fromhtml1 {\\*\\htmltag64 " + inner + b"}")


@place("RTF", "theme", "note.rtf", expect="unreadable", reason="a theme that is none is not looked into")
def _theme(text: str, rows: Rows) -> bytes:
    return rtf(b"{\\*\\themedata " + rtf_lines(text, rows) + b"}")
