"""Nothing in a document is out of sight: deletions, notes, settings, boxes, embedded files."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any, Callable

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import Pt, RGBColor
from support.fonts import font, scrambled

from gateway.extract import detect_type
from gateway.extract.types import DOCX
from gateway.model.content import Properties, Table
from gateway.model.limits import ReadLimits

Read = Callable[..., Any]
NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def package(body: str = "", entries: dict[str, str | bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(
            "word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>"
        )
        for name, content in (entries or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def run(text: str, properties: str = "", tag: str = "t") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:{tag}>{text}</w:{tag}></w:r>"


def test_runs_of_a_paragraph_are_one_text(read: Read) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("EMBAR")
    paragraph.add_run("GOED").bold = True
    document.add_paragraph("next")
    content = saved(document)
    reading = read(content)
    assert "EMBARGOED\nnext" in reading.text
    assert not reading.gaps


def test_tables_have_their_rows_and_nested_tables_are_tables_too(read: Read) -> None:
    document = docx.Document()
    table = document.add_table(2, 3)
    for column, text in enumerate(("id", "sex", "age")):
        table.cell(0, column).text = text
    table.cell(1, 0).text = "17"
    table.cell(1, 1).merge(table.cell(1, 2)).text = "both"
    nested = table.cell(1, 0).add_table(1, 2)
    nested.cell(0, 1).text = "inner"
    reading = read(saved(document))
    assert [t.rows for t in reading.tables] == [
        [["", "inner"]],
        [["id", "sex", "age"], ["17", "both", ""]],
    ]
    assert "id\nsex\nage" in reading.text and "inner" in reading.text


def test_headers_footers_comments_and_properties(read: Read) -> None:
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "words in a header"
    section.footer.paragraphs[0].text = "words in a footer"
    document.add_comment(document.add_paragraph("x").runs, "words in a comment", "A Person")
    document.core_properties.title = "words in the title"
    reading = read(saved(document))
    assert "words in a header" in reading.text and "words in a footer" in reading.text
    assert "words in a comment" in reading.hidden and "A Person" in reading.hidden
    items = [i for c in reading.contents if isinstance(c, Properties) for i in c.items]
    assert ("title", "words in the title") in items


def test_text_that_cannot_be_seen_is_hidden(read: Read) -> None:
    document = docx.Document()
    for kind in ("vanish", "white", "tiny", "highlight"):
        font = document.add_paragraph().add_run(f"unseen by {kind}").font
        if kind == "vanish":
            font.hidden = True
        elif kind == "white":
            font.color.rgb = RGBColor(0xFF, 0xFF, 0xFE)
        elif kind == "tiny":
            font.size = Pt(1)
        else:
            font.color.rgb = RGBColor(0, 0, 0)
            font.highlight_color = WD_COLOR_INDEX.BLACK
    style = document.styles.add_style("Unseen", 2)
    style.font.hidden = True
    document.add_paragraph().add_run("unseen by style", style="Unseen")
    reading = read(saved(document))
    for kind in ("vanish", "white", "tiny", "highlight", "style"):
        assert f"unseen by {kind}" in reading.hidden and f"unseen by {kind}" not in reading.text


def test_white_heads_of_a_coloured_table_are_seen(read: Read) -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.paragraphs[0].add_run("Total").font.color.rgb = RGBColor(0xFF, 0xFF, 0xFF)
    assert "Total" in read(saved(document)).text


def test_deleted_and_moved_text_is_found_where_it_stood(read: Read) -> None:
    body = (
        f"<w:p>{run('EMB')}<w:del>{run('AR', tag='delText')}</w:del>{run('GOED')}"
        f"<w:ins>{run(' no more')}</w:ins></w:p>"
        f"<w:p><w:moveFrom>{run('moved away')}</w:moveFrom></w:p>"
    )
    reading = read(package(body))
    assert "EMBGOED no more" in reading.text
    assert "EMBARGOED\n" in reading.hidden and "moved away" in reading.hidden
    assert "moved away" not in reading.text


def test_rows_in_a_deleted_table_are_a_hidden_table(read: Read) -> None:
    row = "".join(f"<w:tc><w:p><w:del>{run(v, tag='delText')}</w:del></w:p></w:tc>" for v in "ab")
    reading = read(package(f"<w:tbl><w:tr>{row}</w:tr></w:tbl>"))
    assert reading.tables == [
        Table(reading.tables[0].location, [["a", "b"]], "hidden", total_rows=1)
    ]


def test_a_hidden_row_is_in_its_table_and_not_in_the_text(read: Read) -> None:
    rows = (
        f"<w:tr><w:tc><w:p>{run('seen')}</w:p></w:tc></w:tr>"
        f"<w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p>{run('concealed')}</w:p></w:tc></w:tr>"
        f"<w:tr><w:tc><w:p>{run('again')}</w:p></w:tc></w:tr>"
    )
    reading = read(package(f"<w:tbl>{rows}</w:tbl>"))
    assert reading.tables[0].rows == [["seen"], ["concealed"], ["again"]]
    assert reading.text == "seen\nagain" and "concealed" in reading.hidden


def test_a_document_inserted_as_flat_xml_is_a_file_of_its_own(read: Read) -> None:
    flat = '<pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"/>'
    [inner] = read(package("", {"word/afchunk.xml": flat})).parts
    assert inner.content == flat.encode()


def test_what_takes_too_long_is_a_gap_for_the_rest_only(read: Read) -> None:
    reading = read(package(f"<w:p>{run('x')}</w:p>"), limits=ReadLimits(seconds=-1.0))
    assert reading.reasons == {"timeout"} and len(reading.gaps) == 1


def test_bytes_outside_the_entries_are_a_file_of_their_own(read: Read) -> None:
    whole = package(f"<w:p>{run('x')}</w:p>")
    [behind] = read(whole + b"words behind").parts
    assert behind.content == b"words behind"


def test_fonts_hold_no_words_and_what_poses_as_one_is_given_on(read: Read) -> None:
    entries = {"word/fonts/font1.odttf": scrambled(font()), "word/fonts/font3.ttf": font()}
    assert not read(package("", entries)).parts
    assert len(read(package("", {"word/fonts/font2.odttf": b"\0\1\2 words"})).parts) == 1


def test_rows_pasted_as_paragraphs_stay_lines(read: Read) -> None:
    lines = "".join(f"<w:p>{run(f'{i},F,{i + 20},E0{i}')}</w:p>" for i in range(8))
    assert "3,F,23,E03\n4,F,24,E04" in read(package(lines)).text


def test_text_boxes_in_both_alternatives_and_watermarks(read: Read) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>be</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><wps:txbx>"
        + box.format("box seen") + "</wps:txbx></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        + box.format("box of old") + "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:t>fore</w:t></w:r></w:p>"
        '<w:p><w:r><w:pict><v:shape><v:textpath string="mark of water"/></v:shape></w:pict></w:r></w:p>'
    )  # fmt: skip
    reading = read(package(body))
    assert "box seen" in reading.text and "mark of water" in reading.text
    assert "before" in reading.text
    assert "box of old" in reading.hidden


def test_fields_bookmarks_controls_and_alternative_texts(read: Read) -> None:
    body = (
        f"<w:p>{run('INCLUDE', tag='instrText')}{run('TEXT far.example', tag='instrText')}"
        '<w:bookmarkStart w:id="1" w:name="words_in_a_bookmark"/>'
        '<w:fldSimple w:instr="words in a field"/>'
        '<w:sdt><w:sdtPr><w:alias w:val="alias"/><w:tag w:val="tagged"/></w:sdtPr><w:sdtContent>'
        f"{run('in control')}</w:sdtContent></w:sdt>"
        '<w:drawing><wp:docPr id="1" name="Picture" descr="described"/></w:drawing></w:p>'
    )
    reading = read(package(body))
    for words in ("INCLUDETEXT far.example", "words_in_a_bookmark", "words in a field", "alias",
                  "tagged", "described"):  # fmt: skip
        assert words in reading.hidden
    assert "in control" in reading.text


@pytest.mark.parametrize(
    ("entry", "content"),
    [
        ("word/settings.xml", f'<w:settings {NAMES}><w:docVars><w:docVar w:name="v" w:val="PLANTED"/></w:docVars></w:settings>'),
        ("word/footnotes.xml", f"<w:footnotes {NAMES}><w:footnote><w:p>{run('PLAN')}{run('TED')}</w:p></w:footnote></w:footnotes>"),
        ("word/endnotes.xml", f"<w:endnotes {NAMES}><w:endnote><w:p>{run('PLANTED')}</w:p></w:endnote></w:endnotes>"),
        ("word/glossary/document.xml", f"<w:glossaryDocument {NAMES}><w:docParts><w:docPart><w:docPartBody><w:p>{run('PLANTED')}</w:p></w:docPartBody></w:docPart></w:docParts></w:glossaryDocument>"),
        ("word/styles.xml", f'<w:styles {NAMES}><w:style w:styleId="s"><w:name w:val="PLANTED"/></w:style></w:styles>'),
        ("word/numbering.xml", f'<w:numbering {NAMES}><w:lvl><w:lvlText w:val="PLANTED %1"/></w:lvl></w:numbering>'),
        ("word/diagrams/data1.xml", '<dgm:dataModel xmlns:dgm="d" xmlns:a="a"><dgm:pt><dgm:t><a:p><a:r><a:t>PLANTED</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>'),
        ("word/people.xml", '<w15:people xmlns:w15="p"><w15:person w15:author="PLANTED"/></w15:people>'),
        ("customXml/item1.xml", '<records xmlns="urn:x"><a b="PLANTED words"/></records>'),
        ("customXml/item2.xml", "<records><a>PLANTED</a></records>"),
        ("docProps/custom.xml", '<Properties xmlns:vt="v"><property name="MSIP_Label"><vt:lpwstr>PLANTED</vt:lpwstr></property></Properties>'),
        ("docMetadata/LabelInfo.xml", '<clbl:labelList xmlns:clbl="c"><clbl:label id="PLANTED"/></clbl:labelList>'),
        ("word/_rels/document.xml.rels", f'<Relationships xmlns="{LINKS}"><Relationship Id="r" Target="https://far.example/PLANTED" TargetMode="External"/></Relationships>'),
        ("word/theme/theme9.xml", "<!-- PLANTED --><theme/>"),
        ("whatever/else.xml", "<any><thing>PLANTED</thing></any>"),
        ("word/vmlDrawing1.vml", "<xml><div>PLANTED<br></div></xml>"),
        ("word/an entry called PLANTED words.xml", "<x/>"),
    ],
)  # fmt: skip
def test_words_are_found_in_every_entry(read: Read, entry: str, content: str) -> None:
    reading = read(package("", {entry: content}))
    items = [v for c in reading.contents if isinstance(c, Properties) for i in c.items for v in i]
    assert "PLANTED" in reading.everything() + "\n".join(items)


@pytest.mark.parametrize(
    "entry",
    ["word/embeddings/Book1.xlsx", "word/embeddings/oleObject1.bin", "word/afchunk.htm",
     "word/afchunk1.rtf", "word/vbaProject.bin", "word/activeX/activeX1.bin", "word/media/a.mp4",
     "word/media/image1.png", "anything.at-all"],
)  # fmt: skip
def test_files_inside_are_given_on(read: Read, entry: str) -> None:
    [inner] = read(package("", {entry: b"<html>\0some bytes"})).parts
    assert inner.content == b"<html>\0some bytes" and inner.number == "2!1"
    assert inner.name == entry.rpartition("/")[2]


def test_charts_are_tables_of_their_cached_values(read: Read) -> None:
    def cache(values: list[str]) -> str:
        points = "".join(f'<c:pt idx="{i}"><c:v>{v}</c:v></c:pt>' for i, v in enumerate(values))
        return f"<c:numRef><c:f>Sheet1!A1</c:f><c:numCache>{points}</c:numCache></c:numRef>"

    chart = (
        f"<c:chartSpace {NAMES}><c:chart><c:title><a:p><a:r><a:t>The title</a:t></a:r></a:p>"
        f"</c:title><c:ser><c:tx>{cache(['Births'])}</c:tx><c:cat>{cache(['2019', '2020'])}</c:cat>"
        f"<c:val>{cache(['5', '7'])}</c:val></c:ser></c:chart></c:chartSpace>"
    )
    reading = read(package("", {"word/charts/chart1.xml": chart}))
    assert reading.tables[0].rows == [["", "Births"], ["2019", "5"], ["2020", "7"]]
    assert "The title" in reading.text


def test_a_damaged_entry_costs_only_itself(read: Read) -> None:
    reading = read(
        package(f"<w:p>{run('still read')}</w:p>", {"word/header1.xml": "<w:hdr><a>torn"})
    )
    assert "still read" in reading.text and "torn" in reading.hidden
    assert [(g.reason, g.location.where) for g in reading.gaps] == [
        ("unreadable", "word/header1.xml")
    ]


def test_a_missing_body_is_a_gap(read: Read) -> None:
    whole = package("", {"word/other.xml": "<x>words</x>"})
    reading = read(re.sub(rb"word/document\.xml", b"word/docoment.xml", whole))
    assert "unreadable" in reading.reasons and "words" in reading.hidden


def test_the_body_may_have_any_name(read: Read, part: Any) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{LINKS}"><Relationship Id="a" Type="x/officeDocument" Target="word/document7.xml"/></Relationships>')  # fmt: skip
        archive.writestr("word/document7.xml", f"<w:document {NAMES}><w:p>{run('found')}</w:p></w:document>")  # fmt: skip
    assert detect_type(part(out.getvalue())) == DOCX
    reading = read(out.getvalue())
    assert "found" in reading.text and not reading.gaps


def test_entities_and_external_documents_are_never_followed(read: Read) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'
    assert read(package("", {"word/settings.xml": bomb})).reasons == {"unreadable"}


def test_deep_nesting_ends_in_contents_or_a_gap(read: Read) -> None:
    for tags in ("w:tbl", "w:p", "w:txbxContent", "w:x"):
        deep = f"<{tags}>" * 5000 + run("deep") + f"</{tags}>" * 5000
        reading = read(package(deep))
        assert reading.gaps or "deep" in reading.everything()


def test_a_span_of_a_million_columns_costs_nothing(read: Read) -> None:
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="1000000"/></w:tcPr><w:p>{run("x")}</w:p></w:tc>'
    [table] = read(package(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>")).tables
    assert len(table.rows[0]) < 100


def test_more_cells_than_allowed_are_a_gap(read: Read) -> None:
    row = "<w:tr>" + f"<w:tc><w:p>{run('x')}</w:p></w:tc>" * 5 + "</w:tr>"
    reading = read(package(f"<w:tbl>{row * 4}</w:tbl>"), limits=ReadLimits(cells=12))
    assert reading.reasons == {"limit"} and reading.tables[0].total_rows == 4


def test_what_the_zip_says_beside_its_entries(read: Read) -> None:
    out = io.BytesIO(package(f"<w:p>{run('x')}</w:p>"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"words in the comment"
    assert "words in the comment" in read(out.getvalue()).hidden
