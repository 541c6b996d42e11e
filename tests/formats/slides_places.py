"""Where a presentation can hold something: PPTX and PPT."""

from __future__ import annotations

from typing import Callable

from formats.planting import INNOCENT, INNOCENT_ROWS, Holds, Rows, pasted, place, said
from formats.workbook_places import remarks, xml_rows
from support.old_office import (
    macro_project,
    package_stream,
    presentation,
    slide,
    slide_record,
    stored_object,
)
from support.open_packages import (
    DRAWING,
    LINKS,
    SLIDE_NAMES,
    cells,
    chart,
    document,
    drawn,
    paragraphs,
    quoted,
    shape,
    show,
    slide_part,
    slide_table,
    workbook,
    worksheet,
)
from support.pictures import picture, picture_of_table

from gateway.extract.office.storage_file import write_compound

# A place a line.
# fmt: off

PLAIN = slide_part("sld", shape(drawn(INNOCENT)))


def tree(text: str, rows: Rows) -> str:
    return shape(drawn(text or INNOCENT)) + slide_table(rows)


def on_slide(where: str, make: Callable[[str, Rows], str], holds: Holds = "both") -> None:
    """`make` gives the whole slide."""
    place("PPTX", where, "talk.pptx", holds=holds)(lambda t, r: show([PLAIN, make(t, r)]))


def entry(
    where: str, key: str, make: Callable[[str, Rows], str | bytes], holds: Holds = "both",
    reason: str = "",
) -> None:  # fmt: skip
    place("PPTX", where, "talk.pptx", holds=holds, reason=reason)(lambda t, r: show([PLAIN], {key: make(t, r)}))


def beside(x: int) -> str:
    return f'<a:xfrm><a:off x="{x}" y="0"/><a:ext cx="900" cy="900"/></a:xfrm>'


on_slide("slide", lambda t, r: slide_part("sld", tree(t, r)))
on_slide("one run a letter", lambda t, r: slide_part("sld", shape("<a:p>" + "".join(f"<a:r><a:t>{c}</a:t></a:r>" for c in t) + "</a:p>")), "words")
on_slide("hidden slide", lambda t, r: slide_part("sld", tree(t, r), 'show="0"'))
on_slide("hidden shape", lambda t, r: slide_part("sld", shape(drawn(pasted(t, r)), "", 'hidden="1"')))
on_slide("beside the slide", lambda t, r: slide_part("sld", shape(drawn(pasted(t, r)), beside(9_999_999))))
on_slide("name of a shape", lambda t, r: slide_part("sld", shape("", "", f"title={said(t, r)}")), "words")
on_slide("description of a picture", lambda t, r: slide_part("sld", f"<p:pic><p:nvPicPr><p:cNvPr id='1' name='p' descr={said(t, r)}/></p:nvPicPr></p:pic>"), "words")
on_slide("tooltip of a link", lambda t, r: slide_part("sld", shape("", "", "").replace("/></p:nvSpPr>", f"><a:hlinkClick tooltip={said(t, r)}/></p:cNvPr></p:nvSpPr>")), "words")
on_slide("white text", lambda t, r: slide_part("sld", shape(drawn(pasted(t, r)).replace("<a:r>", '<a:r><a:rPr><a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill></a:rPr>'))))
on_slide("comment in the XML", lambda t, r: slide_part("sld", f"<!-- {pasted(t, r)} -->"))
on_slide("field", lambda t, r: slide_part("sld", shape(f"<a:p><a:fld type='datetime'><a:t>{t}</a:t></a:fld></a:p>")), "words")
on_slide("extension list", lambda t, r: slide_part("sld", "", after=f"<p:extLst><p:ext uri='x'><n>{pasted(t, r)}</n></p:ext></p:extLst>"))

entry("slide in no show", "ppt/slides/slide9.xml", lambda t, r: slide_part("sld", tree(t, r)))
entry("notes", "ppt/notesSlides/notesSlide1.xml", lambda t, r: slide_part("notes", tree(t, r)))
entry("layout", "ppt/slideLayouts/slideLayout1.xml", lambda t, r: slide_part("sldLayout", tree(t, r)))
entry("master", "ppt/slideMasters/slideMaster1.xml", lambda t, r: slide_part("sldMaster", tree(t, r)))
entry("master of notes", "ppt/notesMasters/notesMaster1.xml", lambda t, r: slide_part("notesMaster", tree(t, r)))
entry("master of handouts", "ppt/handoutMasters/handoutMaster1.xml", lambda t, r: slide_part("handoutMaster", tree(t, r)))
entry("comment", "ppt/comments/comment1.xml", lambda t, r: f"<p:cmLst {SLIDE_NAMES}><p:cm><p:text>{pasted(t, r)}</p:text></p:cm></p:cmLst>")
entry("comment of a conversation", "ppt/comments/modernComment_1.xml", lambda t, r: f'<q:cmLst xmlns:q="q" xmlns:a="{DRAWING}"><q:cm><q:txBody>{drawn(pasted(t, r))}</q:txBody></q:cm></q:cmLst>')
entry("author of comments", "ppt/commentAuthors.xml", lambda t, r: f"<p:cmAuthorLst {SLIDE_NAMES}><p:cmAuthor name={said(t, r)}/></p:cmAuthorLst>", "words")
entry("tag", "ppt/tags/tag1.xml", lambda t, r: f"<p:tagLst {SLIDE_NAMES}><p:tag name='N' val={said(t, r)}/></p:tagLst>")
entry("values behind a chart", "ppt/charts/chart1.xml", lambda t, r: chart((r or INNOCENT_ROWS)[0], (r or INNOCENT_ROWS)[1:], t))
entry("workbook behind a chart", "ppt/embeddings/book.xlsx", lambda t, r: workbook({"S": worksheet(cells(([[t]] if t else []) + list(r)))}))
entry("diagram", "ppt/diagrams/data1.xml", lambda t, r: f'<dgm:dataModel xmlns:dgm="d" xmlns:a="{DRAWING}">{drawn(pasted(t, r))}</dgm:dataModel>')
entry("embedded document", "ppt/embeddings/word.docx", lambda t, r: document(paragraphs(pasted(t, r))))
entry("embedded package", "ppt/embeddings/oleObject1.bin", lambda t, r: write_compound({("\1Ole10Native",): package_stream("rows.csv", pasted(t, r).encode())}))
entry("picture", "ppt/media/image1.png", lambda t, r: picture_of_table(r) if r else picture((t or INNOCENT,)), "words", "records as in any picture")
entry("file with the name of a film", "ppt/media/film.mp4", lambda t, r: pasted(t, r).encode())
entry("file with the name of a font", "ppt/fonts/font1.fntdata", lambda t, r: pasted(t, r).encode())
entry("title", "docProps/core.xml", lambda t, r: f"<coreProperties><title>{pasted(t, r)}</title></coreProperties>")
entry("custom property", "docProps/custom.xml", lambda t, r: f"<Properties><property name='p'><lpwstr>{pasted(t, r)}</lpwstr></property></Properties>")
entry("custom XML", "customXml/item1.xml", lambda t, r: f"<data><note>{t}</note>{xml_rows(r)}</data>")
entry("target of a link", "ppt/slides/_rels/slide1.xml.rels", lambda t, r: f"<Relationships xmlns='{LINKS}'><Relationship Id='r' TargetMode='External' Target={quoted('mailto:a@stat.example?body=' + t)}/></Relationships>", "words")
entry("remark in a macro", "ppt/vbaProject.bin", lambda t, r: write_compound(macro_project(remarks(t, r))))
entry("any other entry", "kept/else.xml", lambda t, r: f"<o><p>{pasted(t, r)}</p></o>")


@place("PPTX", "name of a section", "talk.pptx", holds="words")
def _section(text: str, rows: Rows) -> bytes:
    return show([PLAIN], main=f'<q:section xmlns:q="q" name={quoted(text)}/>')


def atom(text: str, kind: int = 4000) -> bytes:
    return slide_record(kind, text.replace("\n", "\r").encode("utf-16-le"))


def box(top: int, left: int, text: str) -> bytes:
    frame = slide_record(0xF00F, b"".join(n.to_bytes(4, "little") for n in (left, top, left + 90, top + 9)))
    return slide_record(0xF004, frame + slide_record(0xF00D, atom(text), container=True), container=True)


def table(rows: Rows) -> bytes:
    boxes = [box(10 * y, 100 * x, cell) for y, row in enumerate(rows) for x, cell in enumerate(row)]
    return slide_record(0xF003, b"".join(boxes), container=True)


def old(where: str, make: Callable[[str, Rows], bytes], holds: Holds = "both") -> None:
    """`make` gives what follows a slide in the stream."""
    place("PPT", where, "talk.ppt", holds=holds)(lambda t, r: presentation(slide([INNOCENT]) + make(t, r)))


def container(kind: int, inner: bytes) -> bytes:
    return slide_record(kind, inner, container=True)


def blob(text: str, rows: Rows) -> bytes:
    remark = container(12000, atom("Author", 4026) + atom(pasted(text, rows), 4026))
    inner = container(0x138A, atom("___PPT10", 4026) + slide_record(0x138B, remark))
    return slide([], after=slide_record(5000, inner, container=True))


old("slide", lambda t, r: slide([t], after=table(r)))
old("hidden slide", lambda t, r: slide([t], hidden=True, after=table(r)))
old("text of several lines", lambda t, r: slide([pasted(t, r).replace("\n", "\r")]))
old("narrow text", lambda t, r: slide([], after=slide_record(4008, pasted(t, r).replace("\n", "\r").encode())))
old("notes", lambda t, r: container(1008, atom(pasted(t, r))))
old("master", lambda t, r: container(1016, atom(pasted(t, r))))
old("handout", lambda t, r: container(4041, atom(pasted(t, r))))
old("outline", lambda t, r: container(1000, container(4080, atom(pasted(t, r)))))
old("footer", lambda t, r: container(1000, container(4057, atom(pasted(t, r), 4026))))
old("comment", blob)
old("description of a shape", lambda t, r: slide([], after=slide_record(0xF00B, b"\x81\xc3\x20\0\0\0" + t.encode("utf-16-le"))), "words")
old("embedded workbook", lambda t, r: stored_object(workbook({"S": worksheet(cells(([[t]] if t else []) + list(r)))})))
old("embedded package", lambda t, r: stored_object(write_compound({("\1Ole10Native",): package_stream("rows.csv", pasted(t, r).encode())})))
old("macros", lambda t, r: stored_object(write_compound(macro_project(remarks(t, r)))))
old("unknown record", lambda t, r: slide_record(0x7777, pasted(t, r).encode("utf-16-le")))


def stored_picture(content: bytes) -> bytes:
    """A PNG as presentations keep it ([MS-ODRAW] 2.2.28)."""
    body = bytes(17) + content
    return slide_record(0xF01E, body, instance=0x6E0)


@place("PPT", "picture", "talk.ppt", holds="words", reason="records as in any picture")
def _picture(text: str, rows: Rows) -> bytes:
    image = picture_of_table(rows) if rows else picture((text or INNOCENT,))
    return presentation(slide([INNOCENT]), streams={("Pictures",): stored_picture(image)})


@place("PPT", "any other stream", "talk.ppt")
def _stream(text: str, rows: Rows) -> bytes:
    streams = {("kept",): pasted(text, rows).encode() * 1}
    return presentation(slide([INNOCENT]), streams=streams)
