"""What stands anywhere in a PDF is read, and a page that shows only a picture is a gap."""

from __future__ import annotations

import io
from typing import Any, Callable

import pikepdf
import pytest
from PIL import Image
from support.pictures import BANNER, needs_recognition, saved, scanned_pdf, written_pdf

from gateway.extract.pdf import document
from gateway.extract.picture.recognition import RecognitionMissing
from gateway.model.limits import ReadLimits

FIRMS = [
    ["reference", "name", "postcode", "turnover", "employees"],
    *([f"49{i:03d}", f"Firm {i}", f"AB{i % 30 + 1} 4XY", str(i * 7919), str(i)] for i in range(90)),
]
Change = Callable[[pikepdf.Pdf], None]


def changed(content: bytes, change: Change, **saving: Any) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        out = io.BytesIO()
        pdf.save(out, **saving)
    return out.getvalue()


def _note(pdf: pikepdf.Pdf) -> None:
    note = {"/Type": pikepdf.Name.Annot, "/Subtype": pikepdf.Name.Text, "/Rect": [0, 0, 9, 9]}
    pdf.pages[0].Annots = pikepdf.Array([pdf.make_indirect({**note, "/Contents": BANNER})])


def _field(pdf: pikepdf.Pdf) -> None:
    field = pdf.make_indirect({"/FT": pikepdf.Name.Tx, "/T": "remark", "/V": BANNER})
    pdf.Root.AcroForm = {"/Fields": [field]}


def _outline(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(BANNER, 0))


def _information(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Handling"] = BANNER


def _metadata(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as metadata:
        metadata["dc:description"] = BANNER


def _script(pdf: pikepdf.Pdf) -> None:
    code = pdf.make_stream(f"app.alert('{BANNER}')".encode())
    pdf.Root.OpenAction = {"/S": pikepdf.Name.JavaScript, "/JS": code}


def _form(pdf: pikepdf.Pdf) -> None:
    packet = pdf.make_stream(f'<?xml version="1.0"?><form><v>{BANNER}</v></form>'.encode())
    pdf.Root.AcroForm = {"/Fields": [], "/XFA": packet}


def _layer(pdf: pikepdf.Pdf) -> None:
    layer = pdf.make_indirect({"/Type": pikepdf.Name.OCG, "/Name": BANNER})
    pdf.Root.OCProperties = {"/OCGs": [layer], "/D": {}}


def _orphan(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.Orphan = pdf.make_indirect({"/Nothing": BANNER})


@pytest.mark.parametrize(
    "change",
    [_note, _field, _outline, _information, _metadata, _script, _form, _layer, _orphan],
)
def test_a_banner_anywhere_beside_the_pages_is_found(read_all: Any, change: Change) -> None:
    reading = read_all(changed(written_pdf("Minutes"), change))
    assert BANNER in reading.everything()


def test_unit_records_printed_on_pages_come_out_as_tables(read: Any) -> None:
    reading = read(written_pdf("List", FIRMS))
    assert sum(len(table.rows) for table in reading.tables) == len(FIRMS)
    assert all(len(row) == 5 for table in reading.tables for row in table.rows)
    assert reading.tables[0].rows[1] == FIRMS[1]
    assert not reading.gaps


def test_prose_is_no_table(read: Any) -> None:
    reading = read(
        written_pdf("In 2017 there were 12 cases and in 2018 there were 14 cases. " * 40)
    )
    assert not reading.tables and "14 cases" in reading.text


def test_an_attached_file_is_a_part_with_its_name(read: Any) -> None:
    def attach(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["rows.csv"] = b"id,age\n1,40\n"

    [part] = read(changed(written_pdf("Cover"), attach)).parts
    assert (part.name, part.content) == ("rows.csv", b"id,age\n1,40\n")


def test_a_locked_pdf_is_a_gap(read: Any) -> None:
    locked = pikepdf.Encryption(owner="one", user="two")
    reading = read(changed(written_pdf(BANNER), lambda pdf: None, encryption=locked))
    assert reading.reasons == {"encrypted"} and not reading.text


def test_a_pdf_that_only_forbids_printing_is_read(read: Any) -> None:
    forbidding = pikepdf.Encryption(owner="one", user="")
    assert BANNER in read(
        changed(written_pdf(BANNER), lambda pdf: None, encryption=forbidding)
    ).text.replace("\n", " ")


def test_an_earlier_revision_is_read_too(read_all: Any) -> None:
    first = written_pdf(BANNER)
    update = written_pdf("Cover")
    reading = read_all(first + b"\n" + update)
    assert BANNER in reading.everything().replace("\n", " ")


def test_what_stands_behind_the_end_is_a_file_of_its_own(read: Any) -> None:
    [part] = read(written_pdf("Cover") + b"id,age\n1,40\n2,50\n").parts
    assert part.content == b"id,age\n1,40\n2,50"


def test_a_scanned_page_without_recognition_is_a_gap(read: Any, monkeypatch: Any) -> None:
    def missing(*pixels: object) -> None:
        raise RecognitionMissing("not here")

    monkeypatch.setattr(document, "recognise_upright", missing)
    [gap] = read(scanned_pdf()).gaps
    assert (gap.reason, gap.detail, gap.location.where) == ("unreadable", "image only", "page 1")


@needs_recognition
def test_a_scanned_banner_is_recognised(read: Any) -> None:
    reading = read(scanned_pdf())
    assert BANNER in reading.text and not reading.gaps


def test_a_scanned_page_among_written_ones_is_not_overlooked(read: Any, monkeypatch: Any) -> None:
    def missing(*pixels: object) -> None:
        raise RecognitionMissing("not here")

    monkeypatch.setattr(document, "recognise_upright", missing)
    with pikepdf.open(io.BytesIO(written_pdf("Cover"))) as whole:
        with pikepdf.open(io.BytesIO(scanned_pdf())) as second:
            whole.pages.extend(second.pages)
        out = io.BytesIO()
        whole.save(out)
    [gap] = read(out.getvalue()).gaps
    assert gap.location.where == "page 2"


def test_a_small_logo_is_no_gap(read: Any) -> None:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawImage(
        ImageReader(io.BytesIO(saved(Image.new("RGB", (80, 40), "navy"), "PNG"))), 40, 780
    )
    for line in range(20):
        canvas.drawString(60, 700 - 20 * line, "A page of ordinary prose below its letterhead")
    canvas.save()
    assert not read(out.getvalue()).gaps


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_pdf_is_a_gap_or_mended(read: Any, share: float) -> None:
    content = written_pdf("Cover", FIRMS)
    reading = read(content[: int(len(content) * share)])
    assert reading.gaps or len(reading.tables) == 3


def test_pages_that_refer_to_themselves_end(read: Any) -> None:
    def loop(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Pages.Kids.append(pdf.Root.Pages)
        form = pdf.make_stream(
            b"/X Do", {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form}
        )
        form.Resources = {"/XObject": {"/X": form}}
        pdf.pages[0].Resources.XObject = {"/X": form}
        pdf.pages[0].Contents = pdf.make_stream(b"/X Do")

    content = written_pdf("Cover")
    reading = read(changed(content, loop))
    assert reading.contents


def test_pages_beyond_the_limit_are_a_gap(read: Any) -> None:
    reading = read(written_pdf("List", FIRMS), limits=ReadLimits(entries=1))
    assert "limit" in reading.reasons and len(reading.tables) == 1


def _drawn(draw: Callable[[Any], None], turn: int = 0) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    draw(canvas)
    if turn:
        canvas.setPageRotation(turn)
    canvas.save()
    return out.getvalue()


def _cells(canvas: Any, order: Callable[[tuple[int, int]], Any]) -> None:
    places = [(row, column) for row in range(20) for column in range(5)]
    for row, column in sorted(places, key=order):
        canvas.drawString(40 + 100 * column, 740 - 18 * row, FIRMS[row][column])


def _by_columns(canvas: Any) -> None:
    _cells(canvas, lambda place: (place[1], place[0]))


def _upside(canvas: Any) -> None:
    _cells(canvas, lambda place: (-place[0], place[1]))


def _by_letters(canvas: Any) -> None:
    for row in range(20):
        for column in range(5):
            for index, letter in enumerate(FIRMS[row][column]):
                canvas.drawString(30 + 110 * column + 7 * index, 740 - 18 * row, letter)


def _turned(degrees: int) -> Callable[[Any], None]:
    def draw(canvas: Any) -> None:
        canvas.translate(300, 400)
        canvas.rotate(degrees)
        canvas.translate(-300, -560)
        _by_columns(canvas)

    return draw


@pytest.mark.parametrize(
    "draw", [_by_columns, _upside, _by_letters, *map(_turned, (90, 270, 180, 30))]
)
def test_a_table_is_read_as_it_is_seen_however_it_was_drawn(read: Any, draw: Any) -> None:
    [table] = read(_drawn(draw)).tables
    assert [list(row) for row in table.rows] == FIRMS[:20]


def test_a_table_across_a_turned_page_is_read(read: Any) -> None:
    [table] = read(_drawn(_turned(90), turn=90)).tables
    assert [list(row) for row in table.rows] == FIRMS[:20]


def test_a_notice_of_single_letters_is_read(read: Any) -> None:
    def draw(canvas: Any) -> None:
        for index, letter in enumerate(BANNER):
            canvas.drawString(20 + 8 * index, 700, letter)

    assert BANNER in read(_drawn(draw)).text.replace("\t", " ")
