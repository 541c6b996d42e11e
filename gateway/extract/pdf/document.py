"""PDF documents: the text and tables of every page, and a Gap for each page that has none.

Pages are read by PDFium, as a browser shows them; everything that is not on a page (attachments,
forms, notes, metadata, earlier revisions) is `objects`' business.
"""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gateway.extract.pdf.layout import MAX_CHARACTERS, Cell, page_lines, page_tables, tables_of
from gateway.extract.pdf.objects import read_objects
from gateway.extract.picture.recognition import (
    MAX_TURNS,
    Pixels,
    RecognitionMissing,
    recognise_upright,
)
from gateway.model.content import Content, Table, Text
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, GapReason, Part

# A page with fewer characters than a heading has, most of it a picture: scanned.
FEW_CHARACTERS = 150
LARGE_PICTURE = 0.2
PICTURED = "image/x-page"
RENDER_POINTS = 2.0
MAX_SIDE = 4000
MAX_SHAPES = 2000
_PASSWORD = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)


def read_pdf(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Contents page by page, then what stands behind the pages; damage of a page costs that page."""
    try:
        document = pdfium.PdfDocument(part.content)
    except pdfium.PdfiumError as error:
        locked = getattr(error, "err_code", 0) in _PASSWORD
        reason: GapReason = "encrypted" if locked else "unreadable"
        yield Gap(part.location, reason, "needs a password" if locked else "damaged PDF")
        if not locked:
            yield from read_objects(part, limits)
        return
    try:
        yield from _Pages(part, document, limits).contents()
    finally:
        document.close()
    yield from read_objects(part, limits)


class _Pages:
    """The pages of one document; `unseen` gathers those that only a person could read."""

    def __init__(self, part: Part, document: pdfium.PdfDocument, limits: ReadLimits) -> None:
        self._part, self._document, self._limits = part, document, limits
        self._chars, self._cells = limits.text_chars, limits.cells
        self._turns = [MAX_TURNS]
        self._unseen: dict[tuple[GapReason, str, str], list[int]] = {}

    def contents(self) -> Iterator[Content]:
        count = len(self._document)
        if not count:
            self._miss("unreadable", "no page", 0)
        for number in range(1, min(count, self._limits.entries) + 1):
            try:
                yield from self._page(number)
            except pdfium.PdfiumError:
                self._miss("unreadable", "damaged", number)
            if self._chars <= 0:
                detail = f"more than {self._limits.text_chars} characters of text"
                yield Gap(self._part.location.at(f"page {number}"), "limit", detail)
                break
        if count > self._limits.entries:
            yield Gap(self._part.location, "limit", f"more than {self._limits.entries} pages")
        for (reason, detail, kind), pages in self._unseen.items():
            where = f"page {spans(pages)}"
            yield Gap(self._part.location.at(where), reason, detail, kind)

    def _miss(self, reason: GapReason, detail: str, number: int, kind: str = "") -> None:
        self._unseen.setdefault((reason, detail, kind), []).append(number)

    def _page(self, number: int) -> Iterator[Content]:
        page = self._document[number - 1]
        try:
            words = page.get_textpage()
            try:
                text = words.get_text_range().replace("\r\n", "\n").replace("\ufffe", "")
                lines = page_lines(words)
                yield from self._text(text, lines, number)
                tables = page_tables(lines, self._cells)
                if words.count_chars() > MAX_CHARACTERS:
                    self._miss("limit", f"more than {MAX_CHARACTERS} letters in places", number)
            finally:
                words.close()
            place = self._part.location.at(f"page {number}")
            for index, rows in enumerate(tables, 1):
                self._cells -= sum(map(len, rows))
                yield Table(place.at(f"page {number}, table {index}"), rows, total_rows=len(rows))
            yield from self._shown(page, text, number)
        finally:
            page.close()

    def _text(self, text: str, lines: list[list[Cell]], number: int) -> Iterator[Content]:
        place = self._part.location.at(f"page {number}")
        if text.strip():
            yield Text(place, text[: max(0, self._chars)])
        self._chars -= len(text)
        seen = "\n".join(_otherwise(text, lines))
        if seen:
            yield Text(place.at(f"page {number}, as it stands"), seen[: max(0, self._chars)])
            self._chars -= len(seen)
        if _meaningless(text):
            self._miss("unreadable", "characters that stand for no letters", number)

    def _shown(self, page: pdfium.PdfPage, text: str, number: int) -> Iterator[Content]:
        """What the page shows that is not text."""
        pictures, drawings = _surfaces(page)
        short = len(text.strip()) < FEW_CHARACTERS
        if not (pictures >= LARGE_PICTURE or (short and (pictures or drawings))):
            return
        try:
            found = recognise_upright(partial(_rendered, page), self._turns)
        except RecognitionMissing:
            only = "image only" if short else "a picture beside the text, and no text recognition"
            self._miss("unreadable" if short else "no-reader", only, number, PICTURED)
            return
        if found.text.strip():
            place = self._part.location.at(f"page {number}, as pictured")
            yield Text(place, found.text)
            for index, rows in enumerate(tables_of(found.lines, self._cells), 1):
                self._cells -= sum(map(len, rows))
                here = place.at(f"page {number}, as pictured, table {index}")
                yield Table(here, rows, total_rows=len(rows))
        elif short:
            only = "image only, and no words were recognised"
            self._miss("unreadable", only, number, PICTURED)


def spans(numbers: list[int]) -> str:
    """`1, 3–5`: page numbers for a person, at most eight entries."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    texts = [str(a) if a == b else f"{a}–{b}" for a, b in found[:8]]
    return ", ".join(texts) + (" …" if len(found) > 8 else "")


def _otherwise(text: str, lines: list[list[Cell]]) -> Iterator[str]:
    """Lines that read otherwise by their places than in the order they were drawn: letters drawn
    singly, a notice whose words were drawn last to first."""
    drawn = " ".join(text.split())
    for line in lines:
        seen = " ".join(cell.text for cell in line)
        if seen not in drawn:
            yield seen


def _meaningless(text: str) -> bool:
    """Glyphs without a mapping to letters come out as replacement or private characters."""
    odd = sum(1 for c in text if c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c < "\t")
    return odd > 20 and odd * 3 > len(text)


def _surfaces(page: pdfium.PdfPage) -> tuple[float, int]:
    """(share of the page that its largest picture covers, number of drawn shapes)."""
    width, height = page.get_size()
    area = max(width * height, 1.0)
    largest = 0.0
    for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        left, bottom, right, top = item.get_bounds()
        largest = max(largest, abs((right - left) * (top - bottom)) / area)
    drawn = page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING), max_depth=3)
    shapes = sum(1 for _ in islice(drawn, MAX_SHAPES))
    # A frame or a rule is not writing; outlined letters are hundreds of shapes.
    return largest, shapes if shapes > 40 else 0


def _rendered(page: pdfium.PdfPage, angle: int) -> Pixels:
    scale = min(RENDER_POINTS, MAX_SIDE / max(*page.get_size(), 1.0))
    # PDFium turns with the clock, pictures are turned against it.
    bitmap = page.render(scale=scale, grayscale=True, rotation=(360 - angle) % 360)
    try:
        return bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride
    finally:
        bitmap.close()
