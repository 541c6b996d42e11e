"""A paragraph is found from any format in any other; what programs write into every file is not."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, partial

import pytest
from detect.material import bulletins
from detect.material.phrase_register import Registered, bits, matcher, material
from docx import Document
from odf.opendocument import OpenDocumentText
from odf.text import P
from pptx import Presentation
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate
from xlsxwriter import Workbook

from gateway.detect import Context, Detectors, DetectorSpec
from gateway.detect.material.phrases import PhraseMatcher
from gateway.extract.nested import read_nested
from gateway.model.content import Content, Table, Text
from gateway.model.limits import ParseLimits, ReadLimits
from gateway.model.message import Part
from gateway.model.trace import ORDINARY
from gateway.parse import parse_message

Made = Callable[[Sequence[str]], bytes]
CONTEXT = Context(datetime(2027, 2, 1, 10, tzinfo=UTC), None, "Europe/London")
BULLETIN = bulletins.paragraphs("in files", "bulletin", 10)
LETTER = bulletins.paragraphs("in files", "letter", 10)


def docx(paragraphs: Sequence[str]) -> bytes:
    target, made = io.BytesIO(), Document()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    made.save(target)
    return target.getvalue()


def pptx(paragraphs: Sequence[str]) -> bytes:
    target, made = io.BytesIO(), Presentation()
    for paragraph in paragraphs:
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = "Findings"
        slide.placeholders[1].text = "See the notes"
        slide.notes_slide.notes_text_frame.text = paragraph
    made.save(target)
    return target.getvalue()


def xlsx(paragraphs: Sequence[str]) -> bytes:
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as made:
        sheet, chart = made.add_worksheet("Notes"), made.add_chart({"type": "line"})
        for number, paragraph in enumerate(paragraphs):
            sheet.write_row(number, 0, [number, paragraph])
        chart.add_series({"values": "=Notes!$A$1:$A$10"})
        sheet.insert_chart("D2", chart)
    return target.getvalue()


def odt(paragraphs: Sequence[str]) -> bytes:
    target, made = io.BytesIO(), OpenDocumentText()
    for paragraph in paragraphs:
        made.text.addElement(P(text=paragraph))
    made.save(target)
    return target.getvalue()


def pdf(paragraphs: Sequence[str]) -> bytes:
    target, style = io.BytesIO(), getSampleStyleSheet()["Normal"]
    SimpleDocTemplate(target).build([Paragraph(paragraph, style) for paragraph in paragraphs])
    return target.getvalue()


def html(paragraphs: Sequence[str]) -> bytes:
    written = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"<html><head><title>Notes</title></head><body>{written}</body></html>".encode()


FORMATS: dict[str, Made] = {each.__name__: each for each in (docx, pptx, xlsx, odt, pdf, html)}


def read(made: Made, paragraphs: Sequence[str]) -> list[Content]:
    name = f"notes.{made.__name__}"
    part = Part("1", "application/octet-stream", "attachment", made(paragraphs), name)
    parse = partial(parse_message, limits=ParseLimits())
    return list(read_nested(part, ReadLimits(), parse, False))


def several_sheets(paragraphs: Sequence[str]) -> bytes:
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as made:
        for number in range(4):
            made.add_worksheet().write_column(0, 0, [*paragraphs, f"sheet {number}"])
    return target.getvalue()


@cache
def registered(kind: str) -> PhraseMatcher:
    return matcher(Registered("herons", f"pack.{kind}", tuple(read(FORMATS[kind], BULLETIN))))


def shared(found: PhraseMatcher, contents: list[Content]) -> float:
    traces = []
    for content in contents:
        if isinstance(content, Text):
            traces += found.in_text(content)
        elif isinstance(content, Table):
            traces += found.in_table(content)
    return bits(traces)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_paragraph_of_a_pack_is_found_in_a_file_of_any_format(kind: str) -> None:
    for made in FORMATS.values():
        assert shared(registered(kind), read(made, BULLETIN[4:5])) >= ORDINARY.bits


@pytest.mark.parametrize("kind", FORMATS)
def test_files_of_one_program_have_nothing_in_common_but_their_contents(kind: str) -> None:
    for made in FORMATS.values():
        assert shared(registered(kind), read(made, LETTER)) == 0


def test_strings_that_sheets_share_are_compared_once_however_many_sheets_there_are() -> None:
    part = Part(
        "1", "application/octet-stream", "attachment", several_sheets(BULLETIN[4:5]), "a.xlsx"
    )
    pack = Registered("herons", "pack.docx", tuple(read(docx, BULLETIN)))
    parse = partial(parse_message, limits=ParseLimits())
    contents = list(read_nested(part, ReadLimits(), parse, False))
    found = Detectors(DetectorSpec(()), material(pack)).inspect(contents, CONTEXT)
    assert bits(list(found.traces)) >= ORDINARY.bits
    assert {trace.location.where for trace in found.traces} == {"sheet Sheet1"}
