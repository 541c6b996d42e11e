"""What a show does not show is read as well: hidden slides, notes, comments, data of charts."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any, Callable

import pptx
import pytest
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from gateway.model.content import Properties

Read = Callable[..., Any]
DRAWING = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'


def saved(show: Any) -> bytes:
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def with_entries(content: bytes, entries: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name not in entries:
                new.writestr(name, old.read(name))
        for name, data in entries.items():
            new.writestr(name, data)
    return out.getvalue()


@pytest.fixture
def show() -> Any:
    return pptx.Presentation()


def add_slide(show: Any, title: str) -> Any:
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = title
    return slide


def places(reading: Any, words: str) -> list[str]:
    return [c.location.where for c in reading.contents if words in getattr(c, "text", "")]


def test_slides_come_in_the_order_of_the_show(read: Read, show: Any) -> None:
    for title in ("first title", "second title"):
        add_slide(show, title)
    order = show.slides._sldIdLst
    order.insert(0, order[1])
    reading = read(saved(show))
    assert places(reading, "second title") == ["slide 1"]
    assert places(reading, "first title") == ["slide 2"]
    assert not reading.gaps


def test_runs_are_joined(read: Read, show: Any) -> None:
    paragraph = add_slide(show, "x").shapes.title.text_frame.paragraphs[0]
    paragraph.text = ""
    for run in ("EMBAR", "GOED"):
        paragraph.add_run().text = run
    assert "EMBARGOED" in read(saved(show)).text


def test_tables_notes_and_names(read: Read, show: Any) -> None:
    slide = add_slide(show, "x")
    table = slide.shapes.add_table(2, 2, 0, 0, Inches(2), Inches(1)).table
    for index, text in enumerate(("id", "age", "7", "41")):
        table.cell(index // 2, index % 2).text = text
    slide.notes_slide.notes_text_frame.text = "words in the notes"
    slide.shapes.title.name = "name of a shape"
    reading = read(saved(show))
    assert [t.rows for t in reading.tables] == [[["id", "age"], ["7", "41"]]]
    assert "words in the notes" in reading.hidden and "name of a shape" in reading.hidden


def test_hidden_slides_hidden_shapes_and_text_beside_the_slide(read: Read, show: Any) -> None:
    hidden = add_slide(show, "title unseen")
    hidden._element.set("show", "0")
    hidden.shapes.add_table(1, 1, 0, 0, 9, 9).table.cell(0, 0).text = "cell unseen"
    slide = add_slide(show, "title seen")
    beside = slide.shapes.add_textbox(show.slide_width + 1, 0, Inches(1), Inches(1))
    beside.text_frame.text = "beside unseen"
    shape = slide.shapes.add_textbox(0, 0, Inches(1), Inches(1))
    shape.text_frame.text = "shape unseen"
    shape._element.nvSpPr.cNvPr.set("hidden", "1")
    reading = read(saved(show))
    for thing in ("title", "beside", "shape"):
        assert f"{thing} unseen" in reading.hidden and f"{thing} unseen" not in reading.text
    assert "title seen" in reading.text
    assert [(t.rows, t.visibility) for t in reading.tables] == [([["cell unseen"]], "hidden")]


def test_a_slide_that_no_show_has_is_hidden(read: Read, show: Any) -> None:
    slide = f'<p:sld xmlns:p="p" {DRAWING}><a:p><a:r><a:t>left over</a:t></a:r></a:p></p:sld>'
    reading = read(with_entries(saved(show), {"ppt/slides/slide9.xml": slide}))
    assert "left over" in reading.hidden


def test_charts_give_their_cached_values_and_their_workbook(read: Read, show: Any) -> None:
    slide = add_slide(show, "x")
    data = CategoryChartData()
    data.categories = ["East", "West"]
    data.add_series("Births", (1, 2.5))
    slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, 0, 0, Inches(3), Inches(3), data)
    points = XyChartData()
    series = points.add_series("Firms")
    series.add_data_point(3, 4)
    slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, 0, 0, Inches(3), Inches(3), points)
    reading = read(saved(show))
    assert [t.rows for t in reading.tables] == [
        [["", "Births"], ["East", "1"], ["West", "2.5"]],
        [["", "Firms"], ["3", "4"]],
    ]
    books = [p for p in reading.parts if (p.name or "").endswith(".xlsx")]
    assert len(books) == 2 and all(p.content.startswith(b"PK") for p in books)


@pytest.mark.parametrize(
    ("entry", "content"),
    [
        ("ppt/comments/comment1.xml", '<p:cmLst xmlns:p="p"><p:cm><p:text>PLANTED</p:text></p:cm></p:cmLst>'),
        ("ppt/comments/modernComment_1.xml", f'<p188:cmLst xmlns:p188="q" {DRAWING}><p188:cm><p188:txBody><a:p><a:r><a:t>PLANTED</a:t></a:r></a:p></p188:txBody></p188:cm></p188:cmLst>'),
        ("ppt/commentAuthors.xml", '<p:cmAuthorLst xmlns:p="p"><p:cmAuthor name="A PLANTED name"/></p:cmAuthorLst>'),
        ("ppt/tags/tag1.xml", '<p:tagLst xmlns:p="p"><p:tag name="N" val="PLANTED words"/></p:tagLst>'),
        ("ppt/slideLayouts/extra.xml", f'<p:sldLayout xmlns:p="p" {DRAWING}><a:p><a:r><a:t>PLANTED</a:t></a:r></a:p></p:sldLayout>'),
        ("ppt/handoutMasters/h.xml", f'<p:handoutMaster xmlns:p="p" {DRAWING}><a:p><a:r><a:t>PLANTED</a:t></a:r></a:p></p:handoutMaster>'),
        ("ppt/diagrams/data1.xml", f'<dgm:dataModel xmlns:dgm="d" {DRAWING}><a:p><a:r><a:t>PLANTED</a:t></a:r></a:p></dgm:dataModel>'),
        ("ppt/other.xml", "<o><p>PLANTED</p></o>"),
    ],
)  # fmt: skip
def test_words_are_found_in_every_entry(read: Read, show: Any, entry: str, content: str) -> None:
    reading = read(with_entries(saved(show), {entry: content}))
    items = [v for c in reading.contents if isinstance(c, Properties) for i in c.items for v in i]
    assert "PLANTED" in reading.everything() + "\n".join(items)


def test_names_of_sections_are_read(read: Read, show: Any) -> None:
    content = saved(show)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        main = archive.read("ppt/presentation.xml")
    section = b'<p14:section xmlns:p14="x" name="PLANTED section"/></p:presentation>'
    main = main.replace(b"</p:presentation>", section)
    assert "PLANTED section" in read(with_entries(content, {"ppt/presentation.xml": main})).hidden


def test_a_lost_slide_is_a_gap(read: Read, show: Any) -> None:
    add_slide(show, "x")
    lost = re.sub(rb"ppt/slides/slide1\.xml", b"ppt/sludes/slide1.xml", saved(show))
    assert "unreadable" in read(lost).reasons
