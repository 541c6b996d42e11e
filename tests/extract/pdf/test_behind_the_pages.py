"""Revisions, and pictures behind many shapes, are not overlooked."""

from __future__ import annotations

import io
import re
from typing import Any, Sequence

import pikepdf
from PIL import Image
from support.pictures import BANNER, saved, written_pdf

from gateway.extract.pdf import document
from gateway.extract.picture.recognition import RecognitionMissing

WORDS = ("first", "second", "third", "fourth", "fifth", "sixth")


def revised(content: bytes, words: Sequence[str]) -> bytes:
    """Saved once more for each word, the old revisions left in place."""
    [root] = re.findall(rb"/Root (\d+) 0 R", content)
    [pages] = re.findall(rb"/Pages (\d+) 0 R", content)
    for word in words:
        table = int(content[content.rindex(b"startxref") + 9 :].split()[0])
        at = len(content)
        content += b"%s 0 obj\n<</Type /Catalog /Pages %s 0 R /Remark (The %s draft)>>\nendobj\n" % (
            root, pages, word.encode(),
        )  # fmt: skip
        update = len(content)
        content += b"xref\n%s 1\n%010d 00000 n \ntrailer\n<</Size 99 /Root %s 0 R /Prev %d>>\n" % (
            root, at, root, table,
        )  # fmt: skip
        content += b"startxref\n%d\n%%%%EOF\n" % update
    return content


def test_every_earlier_revision_is_read_however_many(read_all: Any) -> None:
    content = revised(written_pdf("Cover"), WORDS)
    reading = read_all(content)
    assert all(f"The {word} draft" in reading.everything() for word in WORDS)
    assert not reading.gaps


def test_what_the_sender_calls_a_file_changes_nothing(read_all: Any) -> None:
    content = written_pdf(BANNER) + b"\n" + written_pdf("Cover")
    reading = read_all(content, name="earlier revision 1.pdf")
    assert BANNER in reading.everything().replace("\n", " ")


def test_a_scan_behind_thousands_of_shapes_is_seen(read: Any, monkeypatch: Any) -> None:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    def missing(*pixels: object) -> None:
        raise RecognitionMissing("not here")

    monkeypatch.setattr(document, "recognise_upright", missing)
    out = io.BytesIO()
    canvas = Canvas(out)
    for index in range(2_500):
        canvas.line(10, index / 4, 20, index / 4)
    for line in range(20):
        canvas.drawString(60, 700 - 20 * line, "A page of ordinary prose beside its picture")
    picture = ImageReader(io.BytesIO(saved(Image.new("RGB", (80, 40), "navy"), "PNG")))
    canvas.drawImage(picture, 0, 0, 595, 600)
    canvas.save()
    [gap] = read(out.getvalue()).gaps
    assert gap.location.where == "page 1"


def test_strings_of_bytes_that_are_files_are_files(read: Any) -> None:
    inner = saved(Image.new("RGB", (80, 40), "navy"), "PNG")
    with pikepdf.open(io.BytesIO(written_pdf("Cover"))) as pdf:
        pdf.Root.Remark = pikepdf.String(inner)
        out = io.BytesIO()
        pdf.save(out)
    assert [part.content for part in read(out.getvalue()).parts] == [inner]


def test_an_ordinary_file_has_no_streams_of_unknown_kinds(read: Any) -> None:
    reading = read(written_pdf("Cover", [["a", "b"], ["1", "2"]]))
    assert not reading.parts and not reading.gaps
