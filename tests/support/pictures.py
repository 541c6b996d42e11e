"""Pictures and PDFs with known words, made on the spot."""

from __future__ import annotations

import io
import os
from glob import glob
from typing import Sequence

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

BANNER = "RESTRICTED UNTIL PUBLISHED AT 9:30AM ON WEDNESDAY 28 MARCH 2018"

needs_recognition = pytest.mark.skipif(
    not glob("/usr/share/tesseract-ocr/*/tessdata/eng.traineddata")
    and not os.environ.get("GATEWAY_REQUIRE_SERVERS"),
    reason="Debian's tesseract-ocr-eng is not installed",
)


def picture(lines: Sequence[str] = (BANNER,), kind: str = "PNG", size: int = 20) -> bytes:
    image = Image.new("RGB", (60 + 13 * max(map(len, lines)), 60 + 2 * size * len(lines)), "white")
    drawn = ImageDraw.Draw(image)
    for index, line in enumerate(lines):
        drawn.text((20, 20 + 2 * size * index), line, "black", ImageFont.load_default(size))
    return saved(image, kind)


def picture_of_table(rows: Sequence[Sequence[str]]) -> bytes:
    """As a screenshot of a spreadsheet shows it."""
    image = Image.new("RGB", (60 + 180 * len(rows[0]), 60 + 34 * len(rows)), "white")
    drawn = ImageDraw.Draw(image)
    for down, row in enumerate(rows):
        for across, cell in enumerate(row):
            drawn.text(
                (20 + 180 * across, 20 + 34 * down), cell, "black", ImageFont.load_default(18)
            )
    return saved(image, "PNG")


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def as_pdf(content: bytes) -> bytes:
    """A page that is one picture."""
    with Image.open(io.BytesIO(content)) as image:
        return saved(image.convert("RGB"), "PDF")


def scanned_pdf(lines: Sequence[str] = (BANNER,)) -> bytes:
    return as_pdf(picture(lines))


def written_pdf(title: str, rows: Sequence[Sequence[str]] = ()) -> bytes:
    """Pages with a title and, below it, a table."""
    out = io.BytesIO()
    story: list[object] = [Paragraph(title, getSampleStyleSheet()["Title"])]
    if rows:
        story.append(Table([list(row) for row in rows]))
    SimpleDocTemplate(out).build(story)
    return out.getvalue()
